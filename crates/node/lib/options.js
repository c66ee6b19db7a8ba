/**
 * The second argument of the constructor. In: the standard's dictionary and what we add to it. Out:
 * options as the binding takes them; a `TypeError` for what cannot be meant.
 */

/**
 * @typedef {object} Wishes
 * @property {boolean} withCredentials
 * @property {string} lastEventId
 * @property {AbortSignal | undefined} signal
 * @property {((signal: import("../index.d.ts").Signal) => void) | undefined} onSignal
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
    idleTimeout: time(options, "idleTimeout"),
    reconnectionTime: time(options, "reconnectionTime"),
    minReconnectionTime: time(options, "minReconnectionTime"),
    maxReconnectionTime: time(options, "maxReconnectionTime"),
    ...backoff(options.backoff),
    ...limits(options.limits),
    withCredentials: Boolean(options.withCredentials),
    allowWithoutPreflight: Boolean(options.allowWithoutPreflight),
  };
  refuseUnsupported(options);
  return {
    native,
    body: bytesOf(options.body),
    withCredentials: native.withCredentials,
    lastEventId: native.lastEventId,
    signal: abortSignal(options.signal),
    onSignal: callback(options.onSignal),
    reconnectionTime: native.reconnectionTime ?? RECONNECTION_TIME,
  };
}

/** Another policy must not be followed as if it were this one. */
function refuseUnsupported({ preset = "standard" }) {
  if (preset !== "standard") {
    throw new TypeError(`preset '${preset}' is not supported; 'standard' is`);
  }
}

/** A body that can be sent again: what has no end is not one. */
function bytesOf(body) {
  if (body === undefined || body === null) return undefined;
  if (typeof body === "string" || body instanceof URLSearchParams) return Buffer.from(String(body));
  if (ArrayBuffer.isView(body)) return new Uint8Array(body.buffer, body.byteOffset, body.byteLength).slice();
  if (body instanceof ArrayBuffer) return new Uint8Array(body).slice();
  throw new TypeError("body must be a string, URLSearchParams or bytes");
}

function backoff(value) {
  const options = dictionary(value, "backoff");
  const { factor, jitter } = options;
  if (factor !== undefined && !(Number.isInteger(factor) && factor >= 1)) {
    throw new TypeError("backoff.factor must be an integer of at least 1");
  }
  return {
    backoffFactor: factor === undefined ? undefined : Math.min(factor, 0xffff_ffff),
    backoffCap: time(options, "cap"),
    backoffResetAfter: time(options, "resetAfter"),
    jitter: jitter === undefined ? undefined : Boolean(jitter),
  };
}

function limits(value) {
  const options = dictionary(value, "limits");
  return { lineLimit: bytes(options, "line"), eventLimit: bytes(options, "event") };
}

function dictionary(value, name) {
  if (value === undefined || value === null) return {};
  if (typeof value !== "object" && typeof value !== "function") {
    throw new TypeError(`${name} must be an object`);
  }
  return value;
}

function headerList(value) {
  return value === undefined || value === null ? [] : [...new Headers(value)].flat();
}

function time(options, name) {
  const value = options[name];
  if (value === undefined || value === null) return undefined;
  if (typeof value !== "number" || !(value >= 0)) {
    throw new TypeError(`${name} must be a number of milliseconds`);
  }
  return value;
}

function bytes(options, name) {
  const value = options[name];
  if (value === undefined) return undefined;
  if (!(Number.isInteger(value) && value > 0 && value <= 0x7fff_ffff)) {
    throw new TypeError(`limits.${name} must be a number of bytes`);
  }
  return value;
}

function abortSignal(value) {
  if (value === undefined || value === null) return undefined;
  if (!(value instanceof AbortSignal)) {
    throw new TypeError("signal must be an AbortSignal");
  }
  return value;
}

function callback(value) {
  if (value === undefined || value === null) return undefined;
  if (typeof value !== "function") {
    throw new TypeError("onSignal must be a function");
  }
  return value;
}

function wellFormed(value) {
  return `${value}`.toWellFormed();
}
