// @ts-check
/** Times of a card and of the link, as numbers and words. No DOM; all times in milliseconds. */

export const STALE_MS = 6_000;
export const LOST_MS = 15_000;

/** @param {number} ms @returns {string} "4:07", "1:02:00" */
export function elapsedText(ms) {
  const total = Math.max(0, Math.floor(ms / 1000));
  const [hours, minutes, seconds] = [Math.floor(total / 3600), Math.floor(total / 60) % 60, total % 60];
  const tail = String(seconds).padStart(2, "0");
  return hours ? `${hours}:${String(minutes).padStart(2, "0")}:${tail}` : `${minutes}:${tail}`;
}

/**
 * @param {number} promisedMs @param {number} nowMs @param {number} dueSoonMs
 * @returns {{ urgency: "calm" | "soon" | "late", minutes: number }} minutes left, or late by
 */
export function urgencyOf(promisedMs, nowMs, dueSoonMs) {
  const left = promisedMs - nowMs;
  if (left < 0) return { urgency: "late", minutes: Math.max(1, Math.floor(-left / 60_000)) };
  return { urgency: left <= dueSoonMs ? "soon" : "calm", minutes: Math.ceil(left / 60_000) };
}

/** @param {number} ageMs since the last heartbeat @returns {"live" | "stale" | "lost"} */
export function linkHealth(ageMs) {
  if (ageMs < STALE_MS) return "live";
  return ageMs < LOST_MS ? "stale" : "lost";
}

/** The restaurant's own clock. @param {number} ms @param {string} timeZone @param {string} language */
export function clockText(ms, timeZone, language) {
  return new Intl.DateTimeFormat(language, { hour: "numeric", minute: "2-digit", timeZone }).format(ms);
}
