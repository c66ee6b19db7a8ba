/**
 * Batches as they come out of the binding. In: a text and words, in memory that all sources of this
 * environment share. Out: what is to be done, in order: messages ready to be dispatched, and signals.
 *
 * The shape is that of `src/crossing.rs`. Strings are copied out of the text, so that keeping one
 * does not keep the batch.
 */

import { ServerSentMessage } from "./events.js";

const KIND = 0b1111;
const MESSAGE = 0;
const POSITION = 1;
const SIGNAL = 2;
const QUESTION = 4;
const ASCII = 1 << 4;
const NEW_ID = 1 << 5;
const ID_ASCII = 1 << 6;
const TYPE_FOLLOWS = 1 << 7;
const TYPE_SHIFT = 8;

/** Room for a batch of the usual size; `FULL_TEXT` and `FULL_WORDS` of the binding and some. */
const TEXT_SIZE = 128 * 1024;
const WORDS_SIZE = 4 * (4096 + 64);

/**
 * @typedef {object} Position The last event ID without a message.
 * @property {"position"} type
 * @property {string} lastEventId
 *
 * @typedef {object} ReconnectionTime
 * @property {"reconnection-time"} type
 * @property {number} reconnectionTime In milliseconds.
 *
 * @typedef {object} Asked The binding waits for an answer of the program.
 * @property {"question"} type
 *
 * @typedef {ServerSentMessage | Position | ReconnectionTime | Asked | import("./signals.js").NativeSignal} Item
 */

/** What earlier batches have told. */
export class Reader {
  /** @type {string[]} */
  #types = ["message"];
  #lastEventId;
  #origin;

  /**
   * @param {string} lastEventId
   * @param {string} origin Of messages before the first `open`.
   */
  constructor(lastEventId, origin) {
    this.#lastEventId = lastEventId;
    this.#origin = origin;
  }

  /**
   * @param {import("./native.js").Native} native
   * @returns {Item[] | null} Nothing if there is nothing.
   */
  read(native) {
    let memory = shared;
    let taken = native.take(memory.text, memory.bytes);
    if (taken !== null && taken.words === 0) {
      memory = new Memory(taken.textSize, taken.wordsSize);
      taken = native.take(memory.text, memory.bytes);
    }
    return taken === null ? null : this.#decode(memory, taken);
  }

  /**
   * @param {Memory} memory
   * @param {import("./native.js").Taken} taken
   */
  #decode({ text, words }, taken) {
    const types = this.#types;
    types.push(...taken.types);
    const strings = new Strings(text, taken.textSize);
    const items = [];
    const now = performance.now();
    let signal = 0;
    for (let at = 0; at < taken.words; ) {
      const flags = words[at++];
      const kind = flags & KIND;
      if (kind === MESSAGE) {
        const data = strings.next(words[at++], flags & ASCII);
        if (flags & NEW_ID) {
          this.#lastEventId = strings.next(words[at++], flags & ID_ASCII);
        }
        const type = flags & TYPE_FOLLOWS ? strings.next(words[at++], 0) : types[flags >>> TYPE_SHIFT];
        items.push(new ServerSentMessage(type, data, this.#origin, this.#lastEventId, now));
      } else if (kind === SIGNAL) {
        const next = taken.signals[signal++];
        this.#origin = next.origin ?? this.#origin;
        items.push(next);
      } else if (kind === POSITION) {
        this.#lastEventId = strings.next(words[at++], flags & ASCII);
        items.push({ type: "position", lastEventId: this.#lastEventId });
      } else if (kind === QUESTION) {
        items.push({ type: "question" });
      } else {
        items.push({ type: "reconnection-time", reconnectionTime: words[at++] });
      }
    }
    return items;
  }
}

/** So many bytes of short ASCII texts are made a string at once: a call for each costs more than the text. */
const WINDOW = 1024;
/** A text of this size has a string of its own. */
const LONG = 256;

/** The strings of a batch, one after the other. A string that is kept keeps at most a `WINDOW`. */
class Strings {
  #text;
  #size;
  #start = 0;
  #window = "";
  #windowStart = 0;
  #windowEnd = 0;

  /**
   * @param {Buffer} text
   * @param {number} size Of the batch.
   */
  constructor(text, size) {
    this.#text = text;
    this.#size = size;
  }

  /**
   * @param {number} end Where the next one ends.
   * @param {number} ascii Whether it is.
   * @returns {string}
   */
  next(end, ascii) {
    const start = this.#start;
    this.#start = end;
    if (ascii === 0) return this.#text.utf8Slice(start, end);
    if (end - start >= LONG) return this.#text.latin1Slice(start, end);
    if (end > this.#windowEnd) this.#move(start);
    return this.#window.slice(start - this.#windowStart, end - this.#windowStart);
  }

  /** @param {number} start */
  #move(start) {
    this.#windowStart = start;
    this.#windowEnd = Math.min(start + WINDOW, this.#size);
    this.#window = this.#text.latin1Slice(start, this.#windowEnd);
  }
}

class Memory {
  /**
   * @param {number} textSize
   * @param {number} wordsSize
   */
  constructor(textSize, wordsSize) {
    this.text = Buffer.allocUnsafeSlow(textSize);
    this.words = new Uint32Array(wordsSize / 4);
    this.bytes = Buffer.from(this.words.buffer);
  }
}

const shared = new Memory(TEXT_SIZE, WORDS_SIZE);
