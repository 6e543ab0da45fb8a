// @ts-check
/** Starts the customer's page: builds the parts, wires what is tapped to the session and what happens to the views. */

import { Clip } from "../audio/clip.js";
import { Audio } from "../audio/context.js";
import { Microphone } from "../audio/microphone.js";
import { Player } from "../audio/player.js";
import { Recorder } from "../audio/recorder.js";
import { WakeLock } from "../audio/wake_lock.js";
import { pageData, part, setText } from "../lib/dom.js";
import { Owner } from "../lib/owner.js";
import { textOf } from "../lib/text.js";
import { BasketView } from "./basket_view.js";
import { Call } from "./call.js";
import { ConfirmSheet } from "./confirm_sheet.js";
import { ItemSheet } from "./item_sheet.js";
import { KeptRecordings } from "./kept_recordings.js";
import { Line } from "./line.js";
import { readMenu } from "./menu.js";
import { MenuView } from "./menu_view.js";
import { PollLink } from "./poll_link.js";
import { ProgressView } from "./progress_view.js";
import { Rating } from "./rating.js";
import { RatingView } from "./rating_view.js";
import { Recordings } from "./recordings.js";
import { Sample } from "./sample.js";
import { OrderSession } from "./session.js";
import { VoiceSocket } from "./socket.js";
import { TalkView } from "./talk_view.js";

const REPLY_RATE_HZ = 24_000;
const REACHED_MS = 5_000;

/** @param {HTMLElement} page */
function start(page) {
  const owner = new Owner();
  const { menuUrl = "", orderUrl = "", language = "en" } = page.dataset;
  const text = textOf(pageData("page-words"), language);
  const call = new Call();
  call.acceptsVoice = page.dataset.acceptsVoice !== "no";
  const { session, socket, sample } = makeSession(page, owner, call, text);
  const rating = new Rating(owner, { url: `${orderUrl}calls/rating`, session: () => call.session?.session ?? null });
  const views = makeViews(page, text, owner, rating);
  wireViews({ views, call, session, socket, text, rating });
  wireTools({ page, owner, session, sample, call, text });
  call.onChange = (changed) => show(call, changed, views, page, text);
  owner.listen(document, "visibilitychange", () => document.visibilityState === "visible" && socket.wake());
  owner.listen(window, "online", () => {
    socket.retry();
    session.connectionIsBack();
  });
  owner.listen(window, "pagehide", (event) => !event.persisted && owner.close());
  void loadMenu(menuUrl, views, session, text, call);
  show(call, new Set(["session", "state", "notice"]), views, page, text);
  session.takeUp();
}

/**
 * What the page talks with: everything that is no view.
 * @param {HTMLElement} page @param {Owner} owner @param {Call} call @param {import("../lib/text.js").Text} text
 */
function makeSession(page, owner, call, text) {
  const { slug = "", orderUrl = "", language = "en", chunkMs = "20" } = page.dataset;
  const frameMs = Math.min(40, Math.max(20, Number(chunkMs) || 20));
  const memory = sessionMemory(slug);
  const audio = new Audio(owner);
  const player = new Player(owner, audio, { rateHz: REPLY_RATE_HZ });
  const socket = makeLine(page, owner, memory.read(), text("order.mode_no_socket"));
  const store = new KeptRecordings(slug);
  const recorder = new Recorder(owner);
  const recordings = new Recordings(owner, {
    call,
    recorder,
    url: `${orderUrl}recordings`,
    session: () => socket.session,
    isToldLive: () => socket.isToldLive,
    store,
  });
  const microphone = new Microphone(owner, audio, { frameMs });
  const wakeLock = new WakeLock(owner);
  const clip = new Clip(owner, audio);
  const parts = { call, socket, audio, clip, microphone, player, recordings, store, wakeLock, language, frameMs };
  const session = new OrderSession({ ...parts, remember: memory.write });
  return { session, socket, sample: new Sample(owner, { call, session, socket, recordings, audio, player, frameMs }) };
}

/** @param {HTMLElement} page @param {Owner} owner @param {string | null} resume @param {string} sentence */
function makeLine(page, owner, resume, sentence) {
  const { socket: socketPath = "", token = "", tokenUrl = "", orderUrl = "" } = page.dataset;
  const url = `${location.protocol === "https:" ? "wss" : "ws"}://${location.host}${socketPath}`;
  const parts = { token, freshToken: () => freshToken(tokenUrl) };
  const socket = new VoiceSocket(owner, { ...parts, url, resume });
  const poll = new PollLink(owner, { ...parts, url: `${orderUrl}calls` });
  return new Line({ socket, poll, isReachable, sentence });
}

/** Whether plain requests get through. @returns {Promise<boolean>} */
async function isReachable() {
  try {
    return (await fetch("/healthz", { cache: "no-store", credentials: "omit", signal: AbortSignal.timeout(REACHED_MS) })).ok;
  } catch {
    return false;
  }
}

/** @param {HTMLElement} page @param {import("../lib/text.js").Text} text @param {Owner} owner @param {Rating} rating */
function makeViews(page, text, owner, rating) {
  const dialog = (/** @type {string} */ name) => /** @type {HTMLDialogElement} */ (part(document, name));
  return {
    talk: new TalkView(part(page, "talk"), text),
    progress: new ProgressView(part(page, "talk"), text, owner),
    basket: new BasketView(part(page, "basket"), text, owner),
    menu: new MenuView(part(page, "menu"), text),
    item: new ItemSheet(dialog("item-sheet"), text, owner),
    confirm: new ConfirmSheet({ sheet: dialog("confirm-sheet"), placed: dialog("placed-sheet") }, text, owner),
    ratings: ["placed", "ended"].map((place) => new RatingView(part(document, "rating", place), rating, text, owner)),
  };
}

/**
 * @param {{ views: ReturnType<typeof makeViews>, call: Call, session: OrderSession, socket: Line, text: import("../lib/text.js").Text,
 *   rating: Rating }} parts
 */
function wireViews({ views, call, session, socket, text, rating }) {
  rating.onChange = () => views.ratings.forEach((view) => view.show());
  const startOver = () => {
    session.startOver();
    rating.startOver();
  };
  session.onLevel = (level) => views.talk.showLevel(level);
  session.onTrouble = (key) => call.take({ type: "notice", code: key, text: text(key) }); // seen, and read out
  views.talk.onChip = (say) => session.say(say);
  views.talk.onRecover = (action) => {
    if (action === "retry") socket.retry();
    else if (action === "reload") location.reload();
    else startOver();
  };
  views.progress.onAnnounce = announce;
  views.progress.onSendAgain = () => session.sendAgain();
  views.basket.onEdits = (edits) => session.edit(edits);
  views.item.onAdd = (choice) => session.add(choice);
  views.item.onChange = (_line, edits) => session.edit(edits);
  views.confirm.onConfirm = (details) => session.confirm(details);
  views.confirm.onStartOver = startOver;
}

/**
 * @param {{ page: HTMLElement, owner: Owner, session: OrderSession, sample: Sample, call: Call,
 *   text: import("../lib/text.js").Text }} parts
 */
function wireTools({ page, owner, session, sample, call, text }) {
  const tap = (/** @type {string} */ name, /** @type {() => void} */ run) => owner.listen(part(page, name), "click", run);
  tap("mic", () => {
    if (sample.isPlaying) sample.stop();
    else void session.toggleMicrophone();
  });
  owner.listen(part(document, "sheet-mic"), "click", () => void session.toggleMicrophone());
  tap("stop-speaking", () => session.stopSpeaking());
  tap("undo", () => session.undo());
  tap("review", () => session.review());
  tap("person", () => {
    session.askPerson();
    announce(text("order.person_asked"));
  });
  owner.listen(part(page, "captions-only"), "change", ({ target }) => session.wantSound(target.checked));
  const log = part(page, "log");
  const logSwitch = part(page, "log-switch");
  tap("log-switch", () => {
    const isShown = !log.classList.toggle("visually-hidden");
    logSwitch.setAttribute("aria-expanded", String(isShown));
    setText(logSwitch, text(isShown ? "order.log_hide" : "order.log_show"));
  });
  wireTyping(part(page, "typed"), owner, session);
  const sampleButton = page.querySelector("[data-sample]");
  if (sampleButton instanceof HTMLElement) wireSample(sampleButton, { owner, sample, call });
}

/** @param {HTMLElement} form @param {Owner} owner @param {OrderSession} session */
function wireTyping(form, owner, session) {
  const field = /** @type {HTMLInputElement} */ (form.querySelector("input"));
  owner.listen(form, "submit", (event) => {
    event.preventDefault();
    session.say(field.value);
    field.value = "";
    field.focus();
  });
}

/** @param {HTMLElement} button @param {{ owner: Owner, sample: Sample, call: Call }} parts */
function wireSample(button, { owner, sample, call }) {
  const urls = (button.dataset.recordings ?? "").split(" ").map((name) => new URL(`../../audio/${name}`, import.meta.url).href);
  owner.listen(button, "click", () => {
    if (sample.isPlaying) sample.stop();
    else sample.play(urls).catch(() => call.take({ type: "error", code: "sample", ref: "sample" }));
  });
}

/**
 * @param {Call} call @param {Set<string>} changed @param {ReturnType<typeof makeViews>} views @param {HTMLElement} page
 * @param {import("../lib/text.js").Text} text
 */
function show(call, changed, views, page, text) {
  views.talk.show(call, changed);
  if (["recording", "session", "link", "captions"].some((name) => changed.has(name))) views.progress.show(call);
  if (changed.has("link")) part(page, "ended-rating").hidden = call.link !== "ended" || call.order !== null || !call.captions.finals().length;
  if (changed.has("cart")) views.basket.show(call);
  if (changed.has("cart") && call.announcement) announce(call.announcement);
  if (changed.has("readback") || changed.has("order") || (changed.has("cart") && call.readback)) views.confirm.show(call);
  if (changed.has("mic") || changed.has("session") || changed.has("recording")) views.confirm.showListening(call);
  if (changed.has("notice") && call.notice) views.confirm.fail(call.notice.text || text("order.not_taken"));
  if (changed.has("link") && call.link === "reconnecting") views.confirm.fail(text("order.link_reconnecting"));
  const name = page.querySelector("[data-sample-name]");
  if (name instanceof HTMLElement) setText(name, text(call.isPlayingSample ? "order.sample_stop" : "order.sample"));
}

/** @param {string} words */
function announce(words) {
  setText(part(document, "announcer"), words);
}

/**
 * @param {string} url @param {ReturnType<typeof makeViews>} views @param {OrderSession} session
 * @param {import("../lib/text.js").Text} text @param {Call} call
 */
async function loadMenu(url, views, session, text, call) {
  const again = () => void loadMenu(url, views, session, text, call);
  try {
    const response = await fetch(url, { headers: { Accept: "application/json" } });
    if (!response.ok) throw new Error(`menu: ${response.status}`);
    const menu = readMenu(await response.json());
    views.menu.show(menu);
    views.menu.onItem = (item) => views.item.open(item);
    views.basket.onChangeLine = (line) => {
      const item = menu.byId.get(line.item);
      if (item) views.item.open(item, line);
    };
  } catch {
    views.menu.showFailure(text("menu.failed"), text("menu.retry"), again);
  }
}

/** @param {string} url @returns {Promise<string>} */
async function freshToken(url) {
  const csrf = /** @type {HTMLInputElement} */ (document.querySelector("input[name=csrfmiddlewaretoken]")).value;
  const response = await fetch(url, { method: "POST", headers: { "X-CSRFToken": csrf }, credentials: "same-origin" });
  if (!response.ok) throw new Error(`token: ${response.status}`);
  return (await response.json()).token;
}

/** The session's id outlives a reload of this tab, nothing more. @param {string} slug */
function sessionMemory(slug) {
  const key = `comanda.session.${slug}`;
  return {
    read: () => {
      try {
        return sessionStorage.getItem(key);
      } catch {
        return null; // storage is blocked: a reload begins anew
      }
    },
    write: (/** @type {string | null} */ session) => {
      try {
        if (session) sessionStorage.setItem(key, session);
        else sessionStorage.removeItem(key);
      } catch {
        // Not kept, then.
      }
    },
  };
}

for (const page of document.querySelectorAll("[data-order-page]")) if (page instanceof HTMLElement) start(page);
