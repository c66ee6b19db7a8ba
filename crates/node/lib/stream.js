/**
 * A source that reads a stream of bytes which somebody else has opened (whatwg/html#12272). In: a
 * `ReadableStream`. Out: items for the source's task queue; no reconnection.
 */

import { setImmediate } from "node:timers";
import { isAnyArrayBuffer } from "node:util/types";

import { Reader } from "./batch.js";
import { NativeDecoder } from "./native.js";

const RECONNECTION_TIME = 3000;

/** So many chunks without an event are read before timers and sockets have their turn. */
const CHUNKS = 64;

/**
 * @param {unknown} stream
 * @returns {ReadableStreamDefaultReader}
 */
export function claim(stream) {
  if (!(stream instanceof ReadableStream)) {
    throw new TypeError("Failed to execute 'fromReadableStream': the argument is not a ReadableStream");
  }
  return stream.getReader();
}

export class StreamConnection {
  #decoder = new NativeDecoder();
  #reader = new Reader("", "null");
  #stream;
  #tasks;
  #closed = false;
  /** @type {import("./batch.js").Item[] | null} */
  #waiting = null;
  /** @type {(() => void) | undefined} */
  #resume;
  lastEventId = "";
  reconnectionTime = RECONNECTION_TIME;

  /**
   * @param {ReadableStreamDefaultReader} stream
   * @param {import("./tasks.js").Tasks<import("./batch.js").Item>} tasks
   */
  constructor(stream, tasks) {
    this.#stream = stream;
    this.#tasks = tasks;
    this.#run();
  }

  /** What was read last; whatever was taken before has been dispatched. */
  take() {
    const items = this.#waiting;
    this.#waiting = null;
    if (items === null) {
      this.#resume?.();
    }
    return items;
  }

  reset() {
    this.#decoder.reset();
  }

  close() {
    this.#closed = true;
    this.#stream.cancel().catch(() => {});
  }

  async #run() {
    await this.#perform([{ type: "open", url: "about:event-stream", origin: "null" }]);
    const end = await this.#readAll();
    if (!this.#closed) {
      await this.#perform([end]);
    }
  }

  /** @returns {Promise<import("./signals.js").NativeSignal>} How it ended. */
  async #readAll() {
    try {
      let empty = 0;
      while (!this.#closed) {
        const { done, value } = await this.#stream.read();
        if (done) break;
        const items = this.#decode(value);
        empty = items.length === 0 ? empty + 1 : 0;
        // Promises alone keep the event loop waiting for as long as the stream has something at hand.
        if (empty % CHUNKS === CHUNKS - 1) await new Promise((resolve) => setImmediate(resolve));
        await this.#perform(items);
      }
      return { type: "ended", message: "the stream has ended" };
    } catch (error) {
      return { type: "failed", message: `the stream is broken: ${error?.message ?? error}` };
    }
  }

  /** Before anybody else runs: whoever waits for a pipe finds the last event ID as it is then. */
  #decode(chunk) {
    this.#decoder.decode(bytesOf(chunk));
    const items = this.#reader.read(this.#decoder) ?? [];
    for (const item of items) {
      this.lastEventId = item.lastEventId ?? this.lastEventId;
      this.reconnectionTime = item.reconnectionTime ?? this.reconnectionTime;
    }
    return items;
  }

  /** @param {import("./batch.js").Item[]} items */
  #perform(items) {
    if (items.length === 0) return undefined;
    return new Promise((resolve) => {
      this.#resume = resolve;
      this.#waiting = items;
      this.#tasks.wake();
    });
  }
}

function bytesOf(chunk) {
  if (chunk instanceof Uint8Array) return chunk;
  if (ArrayBuffer.isView(chunk)) return new Uint8Array(chunk.buffer, chunk.byteOffset, chunk.byteLength);
  if (isAnyArrayBuffer(chunk)) return new Uint8Array(chunk);
  throw new TypeError("a chunk is not bytes");
}
