/**
 * The events that a source dispatches. In: what happened. Out: an `Event` or a `MessageEvent`,
 * trusted.
 */

import { inspect } from "node:util";

/**
 * Node marks an event as trusted by an option under a symbol of its own, which it looks for in any
 * options that it is given.
 *
 * @returns {EventInit}
 */
function trust() {
  const symbols = [];
  const options = new Proxy(
    {},
    {
      get(_target, key) {
        if (typeof key === "symbol") symbols.push(key);
        return undefined;
      },
    },
  );
  new Event("probe", options);
  const symbol = symbols.find((each) => each.description === "kTrustEvent");
  return symbol === undefined ? {} : { [symbol]: true };
}

const TRUSTED = Object.freeze(trust());
const NO_PORTS = Object.freeze([]);

/**
 * @param {string} type
 * @returns {Event}
 */
export function trustedEvent(type) {
  return new Event(type, TRUSTED);
}

/** What Node's constructor makes of an event, under symbols of its own. */
const symbols = Object.getOwnPropertySymbols(new Event("probe"));
const named = (/** @type {string} */ name) => symbols.find((symbol) => symbol.description === name);
const kType = named("type");
const kTarget = named("kTarget");
const kIsBeingDispatched = named("kIsBeingDispatched");
/** Not on Node 20. */
const kInPassiveListener = named("kInPassiveListener");
/** Of an event that has been stopped at once. */
const kStop = (() => {
  const probe = new Event("probe");
  probe.stopImmediatePropagation();
  return Object.getOwnPropertySymbols(probe).find((symbol) => symbol.description === "kStop");
})();

/**
 * The same, several times cheaper: Node's asks for the time, and for options, each time. What it keeps
 * besides is private to it, so whatever looks there is done anew below.
 */
class BareEvent {
  /** @param {string} type */
  constructor(type) {
    this[kType] = type;
    this[kIsBeingDispatched] = false;
    if (kInPassiveListener !== undefined) this[kInPassiveListener] = false;
  }
}

/** Whether Node takes one for an event, and finds in it all that it looks for: that may change. */
function isDispatched() {
  const known = [kType, kTarget, kIsBeingDispatched, kInPassiveListener];
  if (known.slice(0, 3).includes(undefined) || symbols.some((symbol) => !known.includes(symbol))) return false;
  const prototype = Object.create(Event.prototype, { defaultPrevented: { value: false } });
  const bare = Object.setPrototypeOf(new BareEvent("probe"), prototype);
  const target = new EventTarget();
  let heard = false;
  target.addEventListener("probe", (event) => {
    heard = event === bare && event.type === "probe" && event.currentTarget === target;
  });
  try {
    return target.dispatchEvent(bare) && heard;
  } catch {
    return false;
  }
}

const BUBBLES = 1;
const CANCELABLE = 2;
const CANCELED = 4;
const STOPPED = 8;
const UNTRUSTED = 16;
const DISPATCHED = 32;

const isBare = isDispatched();

/**
 * A `MessageEvent` to whoever looks at it, and several times cheaper than Node's constructor, which
 * converts a dictionary of seven members for each.
 */
export class ServerSentMessage extends (isBare ? BareEvent : Event) {
  #data;
  #origin;
  #lastEventId;
  #timeStamp;
  #target = null;
  #flags = 0;

  /**
   * @param {string} type
   * @param {string} data
   * @param {string} origin
   * @param {string} lastEventId
   * @param {number} timeStamp When it came, as `performance.now` has it.
   */
  constructor(type, data, origin, lastEventId, timeStamp) {
    super(type);
    this.#data = data;
    this.#origin = origin;
    this.#lastEventId = lastEventId;
    this.#timeStamp = timeStamp;
  }

  get data() {
    return this.#data;
  }

  get origin() {
    return this.#origin;
  }

  get lastEventId() {
    return this.#lastEventId;
  }

  get source() {
    return null;
  }

  get ports() {
    return NO_PORTS;
  }

  get isTrusted() {
    return (this.#flags & UNTRUSTED) === 0;
  }

  get timeStamp() {
    return this.#timeStamp;
  }

  get bubbles() {
    return (this.#flags & BUBBLES) !== 0;
  }

  get cancelable() {
    return (this.#flags & CANCELABLE) !== 0;
  }

  get composed() {
    return false;
  }

  get defaultPrevented() {
    return (this.#flags & CANCELED) !== 0;
  }

  get returnValue() {
    return !this.defaultPrevented;
  }

  set returnValue(value) {
    if (!value) this.preventDefault();
  }

  get cancelBubble() {
    return (this.#flags & STOPPED) !== 0;
  }

  set cancelBubble(value) {
    if (value) this.stopPropagation();
  }

  preventDefault() {
    if (this.cancelable && !this[kInPassiveListener]) this.#flags |= CANCELED;
  }

  stopPropagation() {
    this.#flags |= STOPPED;
  }

  /** The one way to make it anything else than it was dispatched as. */
  initEvent(type, bubbles = false, cancelable = false) {
    if (arguments.length === 0) {
      throw new TypeError("Failed to execute 'initEvent': 1 argument required, but only 0 present.");
    }
    if (this.currentTarget !== null) return;
    this[kType] = `${type}`;
    this.#flags = UNTRUSTED | (this.#flags & DISPATCHED) | (bubbles ? BUBBLES : 0) | (cancelable ? CANCELABLE : 0);
  }

  static {
    if (isBare) {
      Object.defineProperty(this.prototype, kTarget, {
        get() {
          return this.#target;
        },
        set(target) {
          this.#target = target;
          this.#begin();
        },
      });
    }
  }

  /** A dispatch (DOM Standard): the first one is ours, any other by hand. Node does not say where one ends. */
  #begin() {
    if (this.#flags & DISPATCHED) {
      this.#flags = (this.#flags | UNTRUSTED) & ~STOPPED;
      if (kStop !== undefined && this[kStop]) this[kStop] = false;
    }
    this.#flags |= DISPATCHED;
  }

  /** As the console shows it. */
  [inspect.custom](depth, options) {
    const { type, data, origin, lastEventId, timeStamp } = this;
    if (depth < 0) return "MessageEvent";
    return `MessageEvent ${inspect({ type, data, origin, lastEventId, timeStamp }, options)}`;
  }
}

const members = Object.getOwnPropertyNames(ServerSentMessage.prototype);
for (const name of members.filter((each) => each !== "constructor")) {
  Object.defineProperty(ServerSentMessage.prototype, name, { enumerable: true });
}
Reflect.deleteProperty(ServerSentMessage.prototype, "constructor");
Object.setPrototypeOf(ServerSentMessage.prototype, MessageEvent.prototype);
