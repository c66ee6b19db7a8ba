/**
 * Parts of a request, as the program gives them. In: what `fetch` takes for headers, and bodies that can be
 * sent again. Out: the same as the binding takes them, or a `TypeError`.
 */

import { isAnyArrayBuffer } from "node:util/types";

/** A body that can be sent again: what has no end is not one. */
export function bytesOf(body) {
  if (body === undefined || body === null) return undefined;
  if (typeof body === "string" || body instanceof URLSearchParams) return Buffer.from(String(body));
  if (ArrayBuffer.isView(body)) return new Uint8Array(body.buffer, body.byteOffset, body.byteLength).slice();
  if (isAnyArrayBuffer(body)) return new Uint8Array(body).slice();
  throw new TypeError("body must be a string, URLSearchParams or bytes");
}

/** Name and value in turn. */
export function headerList(value) {
  return value === undefined || value === null ? [] : [...new Headers(value)].flat();
}
