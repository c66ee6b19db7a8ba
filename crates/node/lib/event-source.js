/**
 * The standard's `EventSource` (HTML Standard 9.2). In: a URL, or a stream of bytes. Out: events,
 * each in a task of its own.
 *
 * What the standard does not have is not enumerable. Next: `batch.js`, where messages come from, and
 * `registry.js`, who is kept alive.
 */

import { Reader } from "./batch.js";
import { environment, parseUrl } from "./environment.js";
import { ServerSentMessage, trustedEvent } from "./events.js";
import { Handlers } from "./handlers.js";
import { MessageIterator } from "./iterator.js";
import { hearOfListeners } from "./listeners.js";
import { NativeSource } from "./native.js";
import { readOptions } from "./options.js";
import { Entry } from "./registry.js";
import { report } from "./report.js";
import { explain, publicSignal, errorOf } from "./signals.js";
import { StreamConnection, claim } from "./stream.js";
import { Tasks } from "./tasks.js";

const CONNECTING = 0;
const OPEN = 1;
const CLOSED = 2;
const { dispatchEvent } = EventTarget.prototype;
/** In place of a URL: the source reads a stream. */
const STREAM = Symbol("stream");

export class EventSource extends EventTarget {
  #url = "about:event-stream";
  #withCredentials = false;
  #readyState = CONNECTING;
  #handlers = new Handlers(this);
  #lastEventId = "";
  #reconnectionTime = 3000;
  /** @type {Tasks<import("./batch.js").Item>} */
  #tasks = new Tasks((item) => this.#perform(item), () => this.#refill());
  /** @type {Set<MessageIterator>} */
  #iterators = new Set();
  /** @type {Reader | undefined} */
  #reader;
  /** @type {Entry | undefined} The connection, of a source that has a URL. */
  #entry;
  /** @type {StreamConnection | undefined} The connection, of one that has a stream. */
  #stream;
  /** @type {import("./options.js").Wishes["onSignal"]} */
  #onSignal;
  /** @type {import("./hooks.js").Hooks | undefined} */
  #hooks;
  /** @type {(() => void) | undefined} */
  #forgetSignal;

  constructor(url, init = {}) {
    super();
    if (arguments.length === 0) {
      throw new TypeError("Failed to construct 'EventSource': 1 argument required, but only 0 present.");
    }
    if (url === STREAM) {
      this.#openStream(init);
    } else {
      this.#openUrl(`${url}`.toWellFormed(), init);
    }
  }

  static fromReadableStream(stream) {
    return new EventSource(STREAM, claim(stream));
  }

  get url() {
    return this.#url;
  }

  get withCredentials() {
    return this.#withCredentials;
  }

  get readyState() {
    return this.#readyState;
  }

  get onopen() {
    return this.#handlers.get("open");
  }

  set onopen(value) {
    this.#handlers.set("open", value);
  }

  get onmessage() {
    return this.#handlers.get("message");
  }

  set onmessage(value) {
    this.#handlers.set("message", value);
  }

  get onerror() {
    return this.#handlers.get("error");
  }

  set onerror(value) {
    this.#handlers.set("error", value);
  }

  close() {
    if (this.#shut()) {
      this.#end();
    }
  }

  get lastEventId() {
    return this.#stream === undefined ? this.#lastEventId : this.#stream.lastEventId;
  }

  get reconnectionTime() {
    return this.#stream?.reconnectionTime ?? this.#reconnectionTime;
  }

  reset() {
    // Of a source with a URL the client resets the buffers with each connection.
    this.#stream?.reset();
  }

  ref() {
    this.#entry?.ref();
    return this;
  }

  unref() {
    this.#entry?.unref();
    return this;
  }

  [Symbol.asyncIterator]() {
    const iterator = new MessageIterator({
      hold: () => this.#tasks.hold(),
      release: () => this.#tasks.release(),
      pin: () => this.#entry?.pin(),
      unpin: () => this.#entry?.unpin(),
      leave: (each) => this.#leave(each),
    });
    if (this.#readyState === CLOSED) {
      iterator.end();
    } else {
      this.#iterators.add(iterator);
    }
    return iterator;
  }

  [Symbol.asyncDispose]() {
    this.close();
    return Promise.resolve();
  }

  #openUrl(url, init) {
    const wishes = readOptions(init);
    const where = environment();
    const record = parseUrl(url, where);
    this.#url = record.href;
    this.#withCredentials = wishes.withCredentials;
    this.#lastEventId = wishes.lastEventId;
    this.#reconnectionTime = wishes.reconnectionTime;
    this.#onSignal = wishes.onSignal;
    this.#hooks = wishes.hooks;
    if (wishes.signal?.aborted) {
      this.#readyState = CLOSED;
      return;
    }
    this.#reader = new Reader(wishes.lastEventId, record.origin);
    const options = { ...wishes.native, url: record.href, origin: where.origin };
    const open = (bridge, number) => openNative(bridge, number, options, wishes.body);
    this.#entry = new Entry(this, open, (source) => source.#tasks.wake());
    if (!HEARS_OF_LISTENERS || this.#onSignal !== undefined) {
      this.#entry.pin();
    }
    if (wishes.signal !== undefined) {
      this.#forgetSignal = closeOnAbort(wishes.signal, new WeakRef(this));
    }
  }

  #openStream(reader) {
    this.#stream = new StreamConnection(reader, this.#tasks);
  }

  /** What is next to be dispatched; whatever came before has been. */
  #refill() {
    if (this.#stream !== undefined) {
      return this.#stream.take();
    }
    const native = this.#entry?.native;
    return native === undefined ? null : this.#reader.read(native);
  }

  /** A task. */
  #perform(item) {
    if (this.#readyState === CLOSED) {
      return;
    }
    if (this.#hooks !== undefined) {
      this.#performAsking(item, this.#hooks);
    } else if (item instanceof ServerSentMessage) {
      this.#performMessage(item);
    } else {
      this.#performOther(item);
    }
  }

  /** @param {import("./hooks.js").Hooks} hooks */
  #performAsking(item, hooks) {
    const { native } = this.#entry;
    if (item instanceof ServerSentMessage) {
      if (hooks.isComplete) return;
      const isTerminal = hooks.isTerminal(item);
      this.#performMessage(item);
      if (isTerminal && this.#readyState !== CLOSED) hooks.complete(native);
    } else if (item.type === "question") {
      hooks.answer(native);
    } else if (!hooks.isComplete) {
      this.#performOther(item);
    }
  }

  #performMessage(message) {
    this.#lastEventId = message.lastEventId;
    dispatchEvent.call(this, message);
    if (this.#iterators.size > 0) {
      for (const iterator of this.#iterators) iterator.push(message);
    }
  }

  #performOther(item) {
    if (item.type === "position") {
      this.#lastEventId = item.lastEventId;
    } else if (item.type === "reconnection-time") {
      this.#reconnectionTime = item.reconnectionTime;
    } else {
      this.#performSignal(item);
    }
  }

  /** @param {import("./signals.js").NativeSignal} signal */
  #performSignal(signal) {
    const { type } = signal;
    const isEnd = type === "failed" || type === "ended";
    if (type === "open") {
      this.#readyState = OPEN;
    } else if (type === "reconnecting") {
      this.#readyState = CONNECTING;
    } else if (isEnd) {
      this.#shut();
    }
    this.#tell(signal);
    // A callback may have closed the source.
    if (type === "open" && this.#readyState === OPEN) {
      dispatchEvent.call(this, trustedEvent("open"));
    } else if (isEnd || (type === "reconnecting" && this.#readyState === CONNECTING)) {
      const error = type === "ended" ? undefined : errorOf(signal, this.#hooks?.takeThrown());
      dispatchEvent.call(this, explain(trustedEvent("error"), signal, error));
      if (isEnd) this.#end(error);
    }
  }

  #tell(signal) {
    try {
      this.#onSignal?.(publicSignal(signal));
    } catch (error) {
      report(error);
    }
  }

  /** Lets go of the connection and of what is queued. Whether it was not closed before. */
  #shut() {
    if (this.#readyState === CLOSED) {
      return false;
    }
    this.#readyState = CLOSED;
    this.#tasks.clear();
    this.#entry?.release();
    this.#stream?.close();
    this.#forgetSignal?.();
    return true;
  }

  #end(error) {
    for (const iterator of this.#iterators) {
      iterator.end(error);
    }
    this.#iterators.clear();
  }

  #leave(iterator) {
    this.#iterators.delete(iterator);
    iterator.end();
    this.#tasks.release();
    this.close();
  }

  /** @returns {boolean} Whether Node tells when listeners come and go. */
  static hearOfListeners() {
    return hearOfListeners(EventSource.prototype, (target, change) => {
      if (!(#entry in target)) return;
      if (change > 0) target.#entry?.pin();
      else target.#entry?.unpin();
    });
  }
}

const HEARS_OF_LISTENERS = EventSource.hearOfListeners();
Reflect.deleteProperty(EventSource, "hearOfListeners");

for (const [name, value] of Object.entries({ CONNECTING, OPEN, CLOSED })) {
  Object.defineProperty(EventSource, name, { value, enumerable: true });
  Object.defineProperty(EventSource.prototype, name, { value, enumerable: true });
}
const LETTER = ["url", "withCredentials", "readyState", "onopen", "onmessage", "onerror", "close"];
for (const name of LETTER) {
  Object.defineProperty(EventSource.prototype, name, { enumerable: true });
}
Object.defineProperty(EventSource.prototype, Symbol.toStringTag, {
  value: "EventSource",
  configurable: true,
});

function openNative(...parameters) {
  try {
    return new NativeSource(...parameters);
  } catch (error) {
    if (error.code === "url") throw new DOMException(error.message, "SyntaxError");
    if (error.code === "wish") throw new TypeError(error.message);
    throw error;
  }
}

/**
 * @param {AbortSignal} signal
 * @param {WeakRef<EventSource>} source
 */
function closeOnAbort(signal, source) {
  const close = () => source.deref()?.close();
  signal.addEventListener("abort", close, { once: true });
  return () => signal.removeEventListener("abort", close);
}
