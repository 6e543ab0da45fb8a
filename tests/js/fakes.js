// What a browser would bring: a socket whose other end is the test.

export class FakeSocket extends EventTarget {
  /** Every socket made since the last `FakeSocket.made = []`. @type {FakeSocket[]} */
  static made = [];

  constructor(url) {
    super();
    this.url = url;
    this.readyState = 0;
    this.bufferedAmount = 0;
    this.sent = [];
    this.listeners = 0;
    FakeSocket.made.push(this);
  }

  addEventListener(...args) {
    this.listeners += 1;
    super.addEventListener(...args);
  }

  removeEventListener(...args) {
    this.listeners -= 1;
    super.removeEventListener(...args);
  }

  send(data) {
    this.sent.push(data);
  }

  close(code) {
    this.readyState = 3;
    this.closedWith = code;
  }

  /** Messages only, decoded. */
  get messages() {
    return this.sent.filter((data) => typeof data === "string").map((data) => JSON.parse(data));
  }

  /** [seq, flags] of each audio frame. */
  get frames() {
    return this.sent
      .filter((data) => typeof data !== "string")
      .map((data) => {
        const view = new DataView(data);
        return [view.getUint32(4, true), view.getUint8(1)];
      });
  }

  // The other end:
  accept() {
    this.readyState = 1;
    this.dispatchEvent(new Event("open"));
  }

  say(message) {
    this.dispatchEvent(Object.assign(new Event("message"), { data: message instanceof ArrayBuffer ? message : JSON.stringify(message) }));
  }

  drop(code = 1006) {
    this.readyState = 3;
    this.dispatchEvent(Object.assign(new Event("close"), { code }));
  }
}

export function ready(extra = {}) {
  return { type: "session.ready", session: "s1", next_seq: 0, resumed: false, can_hear: true, ...extra };
}

export const pcm = (...samples) => Int16Array.from(samples);

/** Lets promises that are already settled run. */
export const settle = () => new Promise((resolve) => setImmediate(resolve));

/** A MediaRecorder whose sound is given by the test; `stop` brings a last 33 bytes. */
export class FakeMediaRecorder extends EventTarget {
  /** The newest one. @type {FakeMediaRecorder | null} */
  static last = null;

  /** A class that knows these containers. */
  static knowing(types, { throws = false } = {}) {
    return class extends FakeMediaRecorder {
      static isTypeSupported(type) {
        return throws || types.includes(type);
      }

      constructor(stream, options) {
        if (throws) throw new DOMException("no encoder", "NotSupportedError");
        super(stream, options);
      }
    };
  }

  constructor(stream, { mimeType }) {
    super();
    this.stream = stream;
    this.mimeType = mimeType;
    this.state = "inactive";
    FakeMediaRecorder.last = this;
  }

  start() {
    this.state = "recording";
  }

  give(count) {
    this.dispatchEvent(Object.assign(new Event("dataavailable"), { data: new Blob([new Uint8Array(count)]) }));
  }

  stop() {
    this.state = "inactive";
    setImmediate(() => {
      this.give(33);
      this.dispatchEvent(new Event("stop"));
    });
  }
}
