/**
 * The task queue of one source. In: what is to be done, in order. Out: each of it done in a task of
 * its own, as the standard queues them: promise jobs and `process.nextTick` run in between.
 *
 * Going through the event loop for each message costs more than the message. What makes a task of
 * its own visible is the checkpoint between two of them, so a batch runs in one turn of the loop
 * with that checkpoint after each item. Node keeps it at `process._tickCallback`; where that is
 * missing, each item takes a turn.
 */

import { setImmediate } from "node:timers";

/** @type {(() => void) | undefined} */
const checkpoint = typeof process._tickCallback === "function" ? process._tickCallback : undefined;

/** @template Item */
export class Tasks {
  #perform;
  #finished;
  /** @type {Item[]} */
  #items = [];
  #next = 0;
  #held = false;
  #running = false;
  #scheduled = false;

  /**
   * @param {(item: Item) => void} perform Must not throw.
   * @param {() => void} finished After the last item.
   */
  constructor(perform, finished) {
    this.#perform = perform;
    this.#finished = finished;
  }

  /**
   * Performs these in the task that runs now, which does nothing else.
   *
   * @param {Item[]} items
   */
  run(items) {
    this.#items = items;
    this.#next = 0;
    this.#run();
  }

  /**
   * Performs these in tasks to come.
   *
   * @param {Item[]} items
   */
  schedule(items) {
    this.#items = items;
    this.#next = 0;
    this.#schedule();
  }

  /** Nothing more is performed until `release`. */
  hold() {
    this.#held = true;
  }

  release() {
    this.#held = false;
    if (!this.#running && this.#next < this.#items.length) {
      this.#schedule();
    }
  }

  /** Forgets what has not been performed. */
  clear() {
    this.#items = [];
    this.#next = 0;
  }

  #schedule() {
    if (!this.#scheduled) {
      this.#scheduled = true;
      setImmediate(() => {
        this.#scheduled = false;
        this.#run();
      });
    }
  }

  #run() {
    this.#running = true;
    try {
      while (this.#next < this.#items.length && !this.#held) {
        this.#perform(this.#items[this.#next++]);
        if (checkpoint === undefined) {
          break;
        }
        checkpoint();
      }
    } finally {
      // A callback of `process.nextTick` that throws comes out here, and the rest is still to do.
      this.#running = false;
      if (this.#next < this.#items.length) {
        if (!this.#held) {
          this.#schedule();
        }
      } else {
        this.clear();
        this.#finished();
      }
    }
  }
}
