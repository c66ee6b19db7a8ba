/**
 * Loads the binding. In: the platform. Out: its classes, or an error that says what to do.
 */

import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";

/**
 * @typedef {object} Taken What came with a batch, beside what was copied.
 * @property {number} words 0 if a buffer is too small.
 * @property {number} textSize In bytes.
 * @property {number} wordsSize In bytes.
 * @property {string[]} types
 * @property {import("./signals.js").NativeSignal[]} signals
 *
 * @typedef {object} Native What batches are taken from.
 * @property {(text: Buffer, words: Buffer) => Taken | null} take
 *
 * @typedef {object} Asking Answers bear the number of their question.
 * @property {() => import("./hooks.js").Question | null} question
 * @property {() => Uint8Array | null} body Of the attempt in question.
 * @property {(number: number, decision: string, delay?: number) => void} decide
 * @property {(number: number, request: object, body?: Uint8Array) => void} change Throws for what is not legal.
 * @property {(number: number, why: string) => boolean} refuse Whether anybody still waits for the answer.
 * @property {() => void} complete
 *
 * @typedef {Native & Asking & { close(): void }} NativeSource
 * @typedef {Native & { decode(chunk: Uint8Array): void, reset(): void }} NativeDecoder
 */

const require = createRequire(import.meta.url);
const name = `${process.platform}-${process.arch}.node`;

function load() {
  const file = fileURLToPath(new URL(`../native/${name}`, import.meta.url));
  try {
    return require(file);
  } catch (cause) {
    throw new Error(
      `wellspring-eventsource has no binary that runs here (${name}); with Rust installed, ` +
        "build it with: npm explore wellspring-eventsource -- npm run build",
      { cause },
    );
  }
}

export const { Bridge, NativeSource, NativeDecoder } = load();
