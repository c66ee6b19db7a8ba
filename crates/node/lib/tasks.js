/**
 * The task queue of one source. In: what is to be done, in order. Out: each of it done in a task of
 * its own, as the standard queues them: promise jobs and `process.nextTick` run in between.
 *
 * Going through the event loop for each message costs more than the message. What makes a task of
 * its own visible is the checkpoint between two of them, so a batch runs in one turn of the loop
 * with that checkpoint after each item, just as Node runs callbacks of `setImmediate`. Node keeps it
 * at `process._tickCallback`; where that is missing, each item takes a turn.
 */

import { setImmediate } from "node:timers";

/** @type {(() => void) | undefined} */
const checkpoint = typeof process._tickCallback === "function" ? process._tickCallback : undefined;

/** @template Item */
export class Tasks {
  #perform;
  #refill;
  /** @type {Item[]} */
  #items = [];
  #next = 0;
  #held = false;
  #running = false;
  #scheduled = false;

  /**
   * @param {(item: Item) => void} perform Must not throw.
   * @param {() => Item[] | null} refill What is to be done next, when all is done.
   */
  constructor(perform, refill) {
    this.#perform = perform;
    this.#refill = refill;
  }

  /** There is something to be done. */
  wake() {
    if (!this.#running && !this.#scheduled && !this.#held) {
      this.#scheduled = true;
      setImmediate(() => {
        this.#scheduled = false;
        this.#run();
      });
    }
  }

  /** Nothing more is performed until `release`. */
  hold() {
    this.#held = true;
  }

  release() {
    this.#held = false;
    this.wake();
  }

  /** Forgets what has not been performed. */
  clear() {
    this.#items = [];
    this.#next = 0;
  }

  #run() {
    this.#running = true;
    let completed = false;
    try {
      completed = this.#performAll();
    } finally {
      // A callback of `process.nextTick` that throws comes out here, and the rest is still to do.
      this.#running = false;
      if (!completed) {
        this.wake();
      }
    }
  }

  /** Whether there is nothing left to do. */
  #performAll() {
    if (this.#next === this.#items.length && !this.#fill()) {
      return true;
    }
    while (this.#next < this.#items.length) {
      if (this.#held) {
        return false;
      }
      this.#perform(this.#items[this.#next++]);
      if (checkpoint === undefined) {
        return false;
      }
      checkpoint();
    }
    return !this.#fill();
  }

  #fill() {
    this.#items = this.#refill() ?? [];
    this.#next = 0;
    return this.#items.length > 0;
  }
}
