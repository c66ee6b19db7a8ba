/**
 * The events that a source dispatches. In: what happened. Out: an `Event` or a `MessageEvent`,
 * trusted.
 */

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

/**
 * A `MessageEvent` to whoever looks at it, and several times cheaper than Node's constructor, which
 * converts a dictionary of seven members for each.
 */
export class ServerSentMessage extends Event {
  #data;
  #origin;
  #lastEventId;

  /**
   * @param {string} type
   * @param {string} data
   * @param {string} origin
   * @param {string} lastEventId
   */
  constructor(type, data, origin, lastEventId) {
    super(type);
    this.#data = data;
    this.#origin = origin;
    this.#lastEventId = lastEventId;
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
    return true;
  }
}

for (const name of ["data", "origin", "lastEventId", "source", "ports", "isTrusted"]) {
  Object.defineProperty(ServerSentMessage.prototype, name, { enumerable: true });
}
Reflect.deleteProperty(ServerSentMessage.prototype, "constructor");
Object.setPrototypeOf(ServerSentMessage.prototype, MessageEvent.prototype);
