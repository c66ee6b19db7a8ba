/**
 * What the end of a connection means. In: the options that say so. Out: the same as the binding takes
 * them: what was not given is the preset's.
 */

import { choice, count, dictionary, flag, integer, time, timeout } from "./convert.js";

const REPEAT = ["always", "idempotent", "idempotentBeforeFirstEvent", "never"];

/** @param {object} options Of the constructor. */
export function readPolicy(options) {
  return {
    preset: choice(options, "preset", ["standard", "browser", "resilient", "finite"]),
    retriedStatuses: statuses(options.retriedStatuses),
    endOfBody: choice(options, "endOfBody", ["reconnect", "end"]),
    reconnectionUrl: choice(options, "reconnectionUrl", ["last", "original"]),
    repeat: choice(options, "repeat", REPEAT),
    incompleteEvent: choice(options, "incompleteEvent", ["discard", "fail", "dispatch"]),
    onLimit: choice(options, "onLimit", ["fail", "skip"]),
    idleTimeout: timeout(options, "idleTimeout"),
    connectTimeout: timeout(options, "connectTimeout"),
    http1Connections: count(options, "http1Connections"),
    reconnectionTime: time(options, "reconnectionTime"),
    minReconnectionTime: time(options, "minReconnectionTime"),
    maxReconnectionTime: time(options, "maxReconnectionTime"),
    ...readBackoff(dictionary(options.backoff, "backoff")),
  };
}

function readBackoff(backoff) {
  return {
    backoffFactor: integer(backoff, "factor", "backoff.factor"),
    backoffCap: time(backoff, "cap", "backoff.cap"),
    backoffResetAfter: time(backoff, "resetAfter", "backoff.resetAfter"),
    backoffSpread: time(backoff, "spread", "backoff.spread"),
    backoffAfterEmpty: flag(backoff, "afterEmpty"),
    jitter: flag(backoff, "jitter"),
    maxAttempts: count(backoff, "maxAttempts", "backoff.maxAttempts"),
    maxElapsed: timeout(backoff, "maxElapsed", "backoff.maxElapsed"),
  };
}

function statuses(value) {
  if (value === undefined || value === null) return undefined;
  const list = typeof value[Symbol.iterator] === "function" ? [...value] : [undefined];
  const isStatus = (status) => Number.isInteger(status) && status >= 100 && status <= 999;
  if (!list.every(isStatus)) {
    throw new TypeError("retriedStatuses must be a list of statuses");
  }
  return list;
}
