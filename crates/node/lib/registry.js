/**
 * The sources of this environment that have a connection. In: sources as they are made, listened to
 * and closed. Out: calls of the binding passed on to them; connections closed that nobody can hear;
 * a process that stays while one is open.
 */

import { clearInterval, setInterval } from "node:timers";

import { Bridge } from "./native.js";

/** @type {Map<number, Entry>} */
const entries = new Map();
/** @type {Bridge | undefined} */
let bridge;
let lastNumber = 0;

/** @type {FinalizationRegistry<Entry>} */
const collected = new FinalizationRegistry((entry) => entry.release());

/** Keeps the event loop going; Node has no plainer way. */
const FOREVER = 0x7fff_ffff;
let holders = 0;
/** @type {NodeJS.Timeout | undefined} */
let timer;

/** @param {1 | -1} change */
function hold(change) {
  holders += change;
  if (holders > 0) {
    timer ??= setInterval(() => {}, FOREVER);
  } else if (timer !== undefined) {
    clearInterval(timer);
    timer = undefined;
  }
}

/** A source's place here. It holds the source only while somebody listens. */
export class Entry {
  #number = ++lastNumber;
  #weak;
  /** @type {object | undefined} What keeps the source, as long as it is pinned. */
  strong;
  #pins = 0;
  #wake;
  #referenced = true;
  /** @type {import("./native.js").NativeSource | undefined} */
  native;

  /**
   * @template {object} Source
   * @param {Source} source
   * @param {(bridge: Bridge, number: number) => import("./native.js").NativeSource} open
   * @param {(source: Source) => void} wake Called when the binding has something.
   */
  constructor(source, open, wake) {
    bridge ??= new Bridge((number) => entries.get(number)?.wake());
    this.native = open(bridge, this.#number);
    this.#weak = new WeakRef(source);
    this.#wake = wake;
    entries.set(this.#number, this);
    collected.register(source, this, this);
    hold(1);
  }

  /** Somebody listens. */
  pin() {
    this.#pins++;
    this.strong = this.#weak.deref();
  }

  unpin() {
    this.#pins--;
    if (this.#pins === 0) {
      this.strong = undefined;
    }
  }

  ref() {
    this.#reference(true);
  }

  unref() {
    this.#reference(false);
  }

  /** Closes the connection and forgets the source. */
  release() {
    if (this.native === undefined) return;
    this.#reference(false);
    this.native.close();
    this.native = undefined;
    this.strong = undefined;
    entries.delete(this.#number);
    collected.unregister(this);
  }

  wake() {
    const source = this.#weak.deref();
    if (source !== undefined) {
      this.#wake(source);
    }
  }

  /** @param {boolean} wanted */
  #reference(wanted) {
    if (this.native !== undefined && this.#referenced !== wanted) {
      this.#referenced = wanted;
      hold(wanted ? 1 : -1);
    }
  }
}
