/**
 * What happens besides messages. In: the binding's signals. Out: what `onSignal` is given, and the
 * error behind an `error` event.
 */

/**
 * @typedef {object} NativeSignal
 * @property {import("../index.d.cts").Signal["type"]} type
 * @property {string} [url]
 * @property {string} [origin]
 * @property {number} [status]
 * @property {string} [version]
 * @property {string[]} [headers] Name and value in turn.
 * @property {string} [body]
 * @property {string} [message]
 * @property {string} [cause]
 * @property {number} [delay]
 * @property {number} [attempt]
 * @property {number} [place]
 * @property {string} [unknownCoding]
 */

/**
 * @param {NativeSignal} signal
 * @returns {import("../index.d.cts").Signal}
 */
export function publicSignal({ headers, ...signal }) {
  return headers === undefined ? signal : { ...signal, headers: headersOf(headers) };
}

/**
 * The error that a signal of a lost or failed connection stands for.
 *
 * @param {NativeSignal} signal
 * @param {unknown} [cause] What the program itself has thrown.
 * @returns {Error}
 */
export function errorOf(signal, cause) {
  const error = new Error(signal.message, cause === undefined ? undefined : { cause });
  error.name = "EventSourceError";
  const { url, status, headers, body, cause: code } = publicSignal(signal);
  return Object.assign(error, { url, status, headers, body, code });
}

/**
 * Adds to an `error` event what the standard's has not, where nobody who does not ask for it sees it.
 *
 * @param {Event} event
 * @param {NativeSignal} signal
 * @param {Error | undefined} cause
 * @returns {Event}
 */
export function explain(event, signal, cause) {
  const { status, message } = signal;
  for (const [name, value] of Object.entries({ status, message, cause })) {
    Object.defineProperty(event, name, { value, configurable: true, writable: true });
  }
  return event;
}

/** @param {string[]} list Name and value in turn. */
export function headersOf(list) {
  const headers = new Headers();
  for (let at = 0; at < list.length; at += 2) {
    headers.append(list[at], latin1(list[at + 1]));
  }
  return headers;
}

/**
 * `Headers` holds bytes.
 *
 * @param {string} value
 */
function latin1(value) {
  return /[^\0-\xff]/.test(value) ? Buffer.from(value).latin1Slice() : value;
}
