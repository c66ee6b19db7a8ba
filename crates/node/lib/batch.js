/**
 * Batches as they come out of the binding. In: a text and words, in memory that all sources of this
 * environment share. Out: what is to be done, in order: messages ready to be dispatched, and signals.
 *
 * The shape is that of `src/crossing.rs`. Strings are copied out of the text, so that keeping one
 * keeps nothing else.
 */

import { ServerSentMessage } from "./events.js";

const KIND = 0b1111;
const MESSAGE = 0;
const POSITION = 1;
const SIGNAL = 2;
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
 * @typedef {ServerSentMessage | Position | ReconnectionTime | import("./signals.js").NativeSignal} Item
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
    const items = [];
    let signal = 0;
    let start = 0;
    for (let at = 0; at < taken.words; ) {
      const flags = words[at++];
      const kind = flags & KIND;
      if (kind === MESSAGE) {
        let end = words[at++];
        const data = flags & ASCII ? text.latin1Slice(start, end) : text.utf8Slice(start, end);
        start = end;
        if (flags & NEW_ID) {
          end = words[at++];
          this.#lastEventId = slice(text, start, end, flags & ID_ASCII);
          start = end;
        }
        let type = types[flags >>> TYPE_SHIFT];
        if (flags & TYPE_FOLLOWS) {
          end = words[at++];
          type = text.utf8Slice(start, end);
          start = end;
        }
        items.push(new ServerSentMessage(type, data, this.#origin, this.#lastEventId));
      } else if (kind === SIGNAL) {
        const next = taken.signals[signal++];
        this.#origin = next.origin ?? this.#origin;
        items.push(next);
      } else if (kind === POSITION) {
        const end = words[at++];
        this.#lastEventId = slice(text, start, end, flags & ASCII);
        start = end;
        items.push({ type: "position", lastEventId: this.#lastEventId });
      } else {
        items.push({ type: "reconnection-time", reconnectionTime: words[at++] });
      }
    }
    return items;
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

/**
 * @param {Buffer} text
 * @param {number} start
 * @param {number} end
 * @param {number} ascii
 */
function slice(text, start, end, ascii) {
  return ascii ? text.latin1Slice(start, end) : text.utf8Slice(start, end);
}
