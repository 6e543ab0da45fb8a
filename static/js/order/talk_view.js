// @ts-check
/** The talking part of the page: button, word, captions, chips, notices, the state of the connection. Only shows; decides nothing. */

import { element, icon, part, setText } from "../lib/dom.js";

/** @typedef {import("./call.js").Call} Call */
/** @typedef {import("../lib/text.js").Text} Text */

const LARGE_UTTERANCES = 2;
const LONG_CHARS = 110;

export class TalkView {
  #root;
  #text;
  #micIcon;
  /** A tapped chip says its words. @type {(say: string) => void} */
  onChip = () => {};
  /** The button in the banner: "retry", "again" or "reload". @type {(action: string) => void} */
  onRecover = () => {};

  /** @param {HTMLElement} root @param {Text} text */
  constructor(root, text) {
    this.#root = root;
    this.#text = text;
    this.#micIcon = part(root, "mic");
  }

  /** @param {Call} call @param {Set<string>} changed */
  show(call, changed) {
    const has = (/** @type {string[]} */ ...names) => names.some((name) => changed.has(name));
    if (has("link", "mic", "state", "session", "order", "recording")) this.#showWord(call);
    if (has("link", "session")) this.#showLink(call);
    if (has("captions")) this.#showCaptions(call);
    if (has("chips", "order")) this.#showChips(call);
    if (has("notice", "mic", "session")) this.#showNotice(call);
  }

  /** @param {number} level 0 to 1 */
  showLevel(level) {
    part(this.#root, "level").style.setProperty("--level", level.toFixed(2));
  }

  /** @param {Call} call */
  #showWord(call) {
    const isOn = call.mic === "on" || call.mic === "asking" || call.isPlayingSample;
    this.#root.dataset.word = call.word;
    setText(part(this.#root, "word-text"), this.#text(`order.word_${call.word}`));
    const isRecording = call.word === "recording";
    this.#root.classList.toggle("is-recording", isRecording);
    setText(part(this.#root, "mic-name"), this.#text(isRecording ? "order.mic_send" : isOn ? "order.mic_stop" : "order.mic_start"));
    setText(part(this.#root, "mic-hint"), this.#text(hintKey(call)));
    this.#micIcon.setAttribute("aria-pressed", String(isOn));
    /** @type {HTMLButtonElement} */ (this.#micIcon).disabled = !call.canHear && !isOn;
    part(this.#root, "stop-speaking").hidden = !call.isSpeaking;
    if (!isOn) this.showLevel(0);
  }

  /** @param {Call} call */
  #showLink(call) {
    const banner = part(this.#root, "link-banner");
    const shown = linkMessage(call);
    banner.hidden = !shown;
    if (!shown) {
      banner.replaceChildren();
      return;
    }
    const button = element("button", { type: "button", class: "button" }, this.#text(`order.link_${LINK_BUTTONS[shown.action]}`));
    button.addEventListener("click", () => this.onRecover(shown.action), { once: true });
    banner.replaceChildren(icon("link-off"), element("p", {}, this.#text(shown.key)), button);
  }

  /** @param {Call} call */
  #showCaptions(call) {
    const latest = call.captions.latest(LARGE_UTTERANCES);
    const large = latest.map(({ speaker, text, isFinal }) => {
      const kind = `utterance is-${speaker}${isFinal ? "" : " is-interim"}${text.length > LONG_CHARS ? " is-long" : ""}`;
      return element("p", { class: kind, dir: "auto" }, text);
    });
    if (!large.length) large.push(element("p", { class: "utterance is-hint" }, this.#text("order.invite")));
    this.#root.classList.toggle("has-words", latest.length > 0);
    part(this.#root, "captions").replaceChildren(...large);
    this.#appendToLog(call);
  }

  /** Only adds, so that a reader hears each utterance once. @param {Call} call */
  #appendToLog(call) {
    const log = part(this.#root, "log");
    const finals = call.captions.finals();
    const known = new Map([...log.children].map((line) => [/** @type {HTMLElement} */ (line).dataset.key, line]));
    const wanted = new Set(finals.map(({ key }) => key));
    for (const [key, line] of known) if (!wanted.has(key ?? "")) line.remove();
    for (const { key, speaker, text } of finals) {
      const words = [element("strong", {}, `${this.#text(`order.speaker_${speaker}`)}: `), element("span", { dir: "auto" }, text)];
      const line = known.get(key);
      if (!line) log.append(element("p", { "data-key": key }, ...words));
      else if (line.lastElementChild?.textContent !== text) line.replaceChildren(...words);
    }
    log.scrollTop = log.scrollHeight;
  }

  /** @param {Call} call */
  #showChips(call) {
    const box = part(this.#root, "chips");
    const { question, chips } = call.chips;
    box.hidden = !chips.length;
    box.setAttribute("aria-label", question);
    box.replaceChildren(
      ...chips.map(({ label, say }) => {
        const chip = element("button", { type: "button", class: "button" }, label);
        chip.addEventListener("click", () => this.onChip(say));
        return chip;
      }),
    );
  }

  /** @param {Call} call */
  #showNotice(call) {
    const place = part(this.#root, "notice");
    const key = noticeKey(call);
    place.classList.toggle("is-bad", Boolean(call.notice?.isError));
    setText(place, call.notice?.text || (key ? this.#text(key) : ""));
  }
}

/** @type {Record<string, string>} */
const LINK_BUTTONS = { retry: "retry", again: "start_again", reload: "reload" };

/** @param {Call} call @returns {{ key: string, action: "retry" | "again" | "reload" } | null} */
function linkMessage(call) {
  if (call.link === "reconnecting") return { key: call.linkReason === "busy" ? "order.link_busy" : "order.link_reconnecting", action: "retry" };
  if (call.link !== "ended" || call.order) return null;
  const reason = ["idle", "too_long", "taken_over", "expired", "failed"].includes(call.linkReason) ? call.linkReason : "other";
  return { key: `order.link_ended_${reason}`, action: reason === "expired" || reason === "failed" ? "reload" : "again" };
}

/** @param {Call} call */
function noticeKey(call) {
  if (call.notice?.isError) return call.notice.code === "sample" ? "order.sample_failed" : "order.not_taken";
  if (call.micProblem) return `order.mic_${call.micProblem}`;
  if (!call.canHear) return "order.cannot_hear";
  return call.hasExpired ? "order.session_expired" : "";
}

/** @param {Call} call */
function hintKey(call) {
  if (call.isPlayingSample) return "order.mic_hint_sample";
  if (!call.canHear || call.micProblem) return "order.mic_hint_typed";
  if (call.mic === "asking") return "order.mic_hint_asking";
  if (call.word === "recording") return "order.mic_hint_recording";
  if (call.mic === "on") return "order.mic_hint_listening";
  if (call.recording?.phase === "failed") return "order.mic_hint_failed";
  if (call.mode === "batch") return call.recording ? "order.mic_hint_working" : "order.mic_hint_record";
  return call.mic === "muted" ? "order.mic_hint_muted" : "order.mic_hint";
}
