// Microphone, loudspeaker and screen as a browser would hand them out, each counting what is not given back.

export class FakeDevices {
  constructor() {
    this.live = { tracks: 0, nodes: 0, contexts: 0, locks: 0 };
    this.worklets = [];
    this.refusal = null;
    const live = this.live;
    const worklets = this.worklets;
    const self = this;

    this.Context = class extends EventTarget {
      constructor() {
        super();
        live.contexts += 1;
        this.state = "suspended";
        this.sampleRate = 48000;
        this.outputLatency = 0.02;
        this.baseLatency = 0.01;
        this.destination = {};
        this.modules = [];
        this.audioWorklet = { addModule: async (url) => void this.modules.push(url) };
      }

      async resume() {
        this.state = "running";
        this.dispatchEvent(new Event("statechange"));
      }

      async close() {
        live.contexts -= 1;
      }

      createMediaStreamSource() {
        return node();
      }

      createBufferSource() {
        return { ...node(), start: () => {}, stop: () => {} };
      }

      async decodeAudioData() {
        return {};
      }
    };
    Object.defineProperty(this.Context.prototype, "audioWorklet", { value: null, writable: true, configurable: true });

    function node() {
      live.nodes += 1;
      return { connect: (target) => target, disconnect: () => (live.nodes -= 1) };
    }

    globalThis.AudioWorkletNode = class {
      constructor(_context, name, options) {
        Object.assign(this, node(), { name, options });
        this.port = { sent: [], onmessage: null, postMessage: (message) => this.port.sent.push(message) };
        worklets.push(this);
      }
    };

    this.getUserMedia = async () => {
      if (self.refusal) throw Object.assign(new Error("no"), { name: self.refusal });
      live.tracks += 1;
      const track = Object.assign(new EventTarget(), { stop: () => (live.tracks -= 1) });
      this.track = track;
      return { getTracks: () => [track] };
    };
    Object.defineProperty(globalThis, "navigator", {
      configurable: true,
      value: {
        mediaDevices: { getUserMedia: (...wish) => this.getUserMedia(...wish) },
        wakeLock: {
          request: async () => {
            live.locks += 1;
            return { release: async () => void (live.locks -= 1) };
          },
        },
      },
    });
    globalThis.document = Object.assign(new EventTarget(), { visibilityState: "visible" });
  }

  worklet(name) {
    return this.worklets.findLast((one) => one.name === name);
  }
}
