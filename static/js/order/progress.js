// @ts-check
/** How far a recording is, as one number and one sentence. No DOM. */

/** As in `voice.models.Stage`, in the order in which they are reached. */
export const STAGES = ["receiving", "received", "transcribing", "transcript", "understanding", "basket", "speaking", "done"];
const SENDING_SHARE = 0.3; // of the bar
const LONGEST_S = 60;

/** recording: still being spoken · sending · waiting: the connection is away, it goes on by itself · working: the server has it all
 * · failed · done
 * @typedef {"recording" | "sending" | "waiting" | "working" | "failed" | "done"} Phase */
/** `share` of the bytes that have arrived, `seconds` of speech so far, `failure` a code.
 * @typedef {{ phase: Phase, stage: string, share: number, seconds: number, failure: string, canSendAgain: boolean }} RecordingState */

/** What the server calls it, and the page's words for it; whatever is not here went wrong on our side.
 * @type {Record<string, string>} */
const FAILURES = {
  recording_empty: "nothing",
  recording_without_audio: "nothing",
  recording_undecodable: "undecodable",
  recording_too_long: "too_long",
  recording_too_large: "too_long",
  content_type_unknown: "unsupported",
  bad_sample_rate: "unsupported",
  too_many_recordings: "too_many",
  token_missing: "session",
  token_invalid: "session",
  token_expired: "session",
  call_unknown: "session",
  call_over: "session",
  "401": "session",
};

/** The bar, 0 to 1. @param {RecordingState} recording */
export function progressShare({ phase, stage, share, seconds }) {
  if (phase === "recording") return Math.min(1, seconds / LONGEST_S);
  if (phase === "sending" || phase === "waiting") return SENDING_SHARE * share;
  if (phase === "done") return 1;
  const reached = Math.max(1, STAGES.indexOf(stage));
  return SENDING_SHARE + ((1 - SENDING_SHARE) * (reached - 1)) / (STAGES.length - 2);
}

/** The key of the sentence. @param {RecordingState} recording */
export function progressKey({ phase, stage, failure }) {
  if (phase === "failed") return `order.failed_${failureName(failure)}`;
  if (phase === "working") return `order.stage_${STAGES.includes(stage) && stage !== "receiving" ? stage : "received"}`;
  return `order.stage_${phase}`;
}

/** @param {string} failure */
function failureName(failure) {
  return FAILURES[failure] ?? "other";
}

/** Whether the same recording may get through if it is sent once more. @param {string} failure */
export function isWorthSending(failure) {
  return failureName(failure) === "other";
}

/** Stages come over two ways and may overtake each other: only forward counts. @param {string} before @param {string} after */
export function laterStage(before, after) {
  if (after === "failed") return after;
  return STAGES.indexOf(after) > STAGES.indexOf(before) ? after : before;
}
