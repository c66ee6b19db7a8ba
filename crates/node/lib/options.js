/**
 * The second argument of the constructor. In: the standard's dictionary and what we add to it. Out:
 * options as the binding takes them; a `TypeError` for what cannot be meant.
 *
 * Next: `policy.js`, the half of it that has presets.
 */

import { isAnyArrayBuffer } from "node:util/types";

import { bytes, callback, dictionary, instance, wellFormed } from "./convert.js";
import { readPolicy } from "./policy.js";

/**
 * @typedef {object} Wishes
 * @property {boolean} withCredentials
 * @property {string} lastEventId
 * @property {AbortSignal | undefined} signal
 * @property {((signal: import("../index.d.cts").Signal) => void) | undefined} onSignal
 * @property {number} reconnectionTime
 * @property {Uint8Array | undefined} body
 * @property {object} native What the binding is given besides.
 */

const RECONNECTION_TIME = 3000;

/**
 * @param {unknown} init
 * @returns {Wishes}
 */
export function readOptions(init) {
  const options = dictionary(init, "options");
  const native = {
    headers: headerList(options.headers),
    method: options.method === undefined ? undefined : `${options.method}`,
    lastEventId: options.lastEventId === undefined ? "" : wellFormed(options.lastEventId),
    comments: Boolean(options.comments),
    policy: readPolicy(options),
    ...readLimits(dictionary(options.limits, "limits")),
    withCredentials: Boolean(options.withCredentials),
    allowWithoutPreflight: Boolean(options.allowWithoutPreflight),
  };
  return {
    native,
    body: bytesOf(options.body),
    withCredentials: native.withCredentials,
    lastEventId: native.lastEventId,
    signal: instance(options, "signal", AbortSignal),
    onSignal: callback(options, "onSignal"),
    reconnectionTime: native.policy.reconnectionTime ?? RECONNECTION_TIME,
  };
}

/** A body that can be sent again: what has no end is not one. */
function bytesOf(body) {
  if (body === undefined || body === null) return undefined;
  if (typeof body === "string" || body instanceof URLSearchParams) return Buffer.from(String(body));
  if (ArrayBuffer.isView(body)) return new Uint8Array(body.buffer, body.byteOffset, body.byteLength).slice();
  if (isAnyArrayBuffer(body)) return new Uint8Array(body).slice();
  throw new TypeError("body must be a string, URLSearchParams or bytes");
}

function readLimits(limits) {
  return {
    lineLimit: bytes(limits, "line", "limits.line"),
    eventLimit: bytes(limits, "event", "limits.event"),
    commentLimit: bytes(limits, "comment", "limits.comment"),
  };
}

function headerList(value) {
  return value === undefined || value === null ? [] : [...new Headers(value)].flat();
}
