// @ts-check
/** The mode of the call, and how far a recording is: words, a bar, and the button that helps when it is stuck. Only shows. */

import { part, setText } from "../lib/dom.js";
import { progressKey, progressShare } from "./progress.js";

/** @typedef {import("./call.js").Call} Call */
/** @typedef {import("../lib/text.js").Text} Text */

const LIMIT_S = 60;

export class ProgressView {
  #root;
  #text;
  /** What was read out last: each step once. */
  #announced = "";
  /** @type {(words: string) => void} */
  onAnnounce = () => {};
  onSendAgain = () => {};

  /** @param {HTMLElement} root @param {Text} text @param {import("../lib/owner.js").Owner} owner */
  constructor(root, text, owner) {
    this.#root = root;
    this.#text = text;
    owner.listen(part(root, "send-again"), "click", () => this.onSendAgain());
  }

  /** @param {Call} call */
  show(call) {
    this.#showMode(call);
    const recording = isShown(call) ? call.recording : null;
    this.#root.classList.toggle("is-working", recording !== null);
    part(this.#root, "progress").hidden = !recording;
    if (recording) this.#showRecording(recording);
    else this.#announced = "";
  }

  /** The sentence stands while nothing else is going on. @param {Call} call */
  #showMode(call) {
    const isBatch = call.mode === "batch" && call.link !== "ended";
    part(this.#root, "mode-box").hidden = !isBatch;
    const isQuiet = !call.recording && (call.modeText !== "" || call.captions.finals().length === 0);
    setText(part(this.#root, "mode-words"), isQuiet ? call.modeText || this.#text("order.mode_batch_long") : "");
  }

  /** @param {import("./progress.js").RecordingState} recording */
  #showRecording(recording) {
    const { phase, seconds } = recording;
    const words = this.#text(progressKey(recording));
    part(this.#root, "progress").dataset.phase = phase;
    part(this.#root, "progress-bar").hidden = phase === "failed" || phase === "waiting";
    setText(part(this.#root, "progress-words"), words);
    setText(part(this.#root, "progress-count"), phase === "recording" ? this.#text("order.progress_seconds", { seconds: Math.floor(seconds), limit: LIMIT_S }) : "");
    /** @type {HTMLProgressElement} */ (part(this.#root, "progress-bar")).value = progressShare(recording);
    const button = part(this.#root, "send-again");
    button.hidden = !(phase === "waiting" || (phase === "failed" && recording.canSendAgain));
    setText(part(button, "send-again-name"), this.#text(phase === "waiting" ? "order.send_now" : "order.send_again"));
    this.#announce(phase, words);
  }

  /** A screen reader hears of what takes time and of what went wrong, not of every step. @param {string} phase @param {string} words */
  #announce(phase, words) {
    if (phase === this.#announced) return;
    this.#announced = phase;
    if (["working", "waiting", "failed"].includes(phase)) this.onAnnounce(words);
  }
}

/** While nobody knows the mode yet a recording runs that may not be needed. @param {Call} call */
function isShown({ recording, mode }) {
  return recording !== null && (recording.phase !== "recording" || mode === "batch");
}
