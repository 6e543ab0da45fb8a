// @ts-check
/** What the socket's close codes mean for the page (docs/protocol.md). */

/** Close codes after which a new connection would end the same way */
export const FINAL_CODES = new Map([
  [4400, "failed"],
  [4403, "failed"],
  [4404, "failed"],
  [4409, "taken_over"],
  [4440, "idle"],
  [4441, "too_long"],
]);
export const TOKEN_CODES = [4401, 4402];
export const BUSY_CODE = 4503;
