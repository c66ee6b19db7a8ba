/**
 * Messages one by one. In: messages as they are dispatched. Out: an async iterator. While one of them
 * has not been asked for, no further one is dispatched.
 */

/** @implements {AsyncIterableIterator<MessageEvent>} */
export class MessageIterator {
  /** @type {MessageEvent[]} */
  #queue = [];
  /** @type {{ resolve(result: IteratorResult<MessageEvent>): void, reject(error: unknown): void }[]} */
  #waiting = [];
  #ended = false;
  /** @type {unknown} */
  #error;
  #source;

  /**
   * @param {{ hold(): void, release(): void, pin(): void, unpin(): void, leave(iterator: MessageIterator): void }} source
   */
  constructor(source) {
    this.#source = source;
  }

  [Symbol.asyncIterator]() {
    return this;
  }

  /** @param {MessageEvent} message */
  push(message) {
    const waiting = this.#waiting.shift();
    if (waiting === undefined) {
      this.#queue.push(message);
      this.#source.hold();
    } else {
      this.#source.unpin();
      waiting.resolve({ done: false, value: message });
    }
  }

  /** @param {unknown} [error] */
  end(error) {
    this.#ended = true;
    this.#error = error;
    for (const { resolve, reject } of this.#waiting.splice(0)) {
      this.#source.unpin();
      if (error === undefined) {
        resolve({ done: true, value: undefined });
      } else {
        this.#error = undefined;
        reject(error);
      }
    }
  }

  /** @returns {Promise<IteratorResult<MessageEvent>>} */
  next() {
    const value = this.#queue.shift();
    if (value !== undefined) {
      this.#source.release();
      return Promise.resolve({ done: false, value });
    }
    if (this.#ended) {
      const error = this.#error;
      this.#error = undefined;
      return error === undefined
        ? Promise.resolve({ done: true, value: undefined })
        : Promise.reject(error);
    }
    this.#source.pin();
    return new Promise((resolve, reject) => this.#waiting.push({ resolve, reject }));
  }

  /** Leaving the loop closes the source. */
  return() {
    this.#queue = [];
    this.#source.leave(this);
    return Promise.resolve({ done: true, value: undefined });
  }
}
