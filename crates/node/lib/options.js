/**
 * The second argument of the constructor. In: the standard's dictionary and what we add to it. Out:
 * options as the binding takes them; a `TypeError` for what cannot be meant.
 *
 * Next: `policy.js`, the half of it that has presets; `hooks.js`; `proxies.js`.
 */

import { bytes, callback, dictionary, instance, wellFormed } from "./convert.js";
import { Hooks } from "./hooks.js";
import { readPolicy } from "./policy.js";
import { readProxies } from "./proxies.js";
import { bytesOf, headerList } from "./request.js";

/**
 * @typedef {object} Wishes
 * @property {boolean} withCredentials
 * @property {string} lastEventId
 * @property {AbortSignal | undefined} signal
 * @property {((signal: import("../index.d.cts").Signal) => void) | undefined} onSignal
 * @property {Hooks | undefined} hooks
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
  const hooks = new Hooks(options);
  const native = {
    headers: headerList(options.headers),
    method: options.method === undefined ? undefined : `${options.method}`,
    lastEventId: options.lastEventId === undefined ? "" : wellFormed(options.lastEventId),
    comments: Boolean(options.comments),
    policy: readPolicy(options),
    ...readLimits(dictionary(options.limits, "limits")),
    withCredentials: Boolean(options.withCredentials),
    allowWithoutPreflight: Boolean(options.allowWithoutPreflight),
    proxies: readProxies(options),
    ...hooks.native,
  };
  return {
    native,
    body: bytesOf(options.body),
    withCredentials: native.withCredentials,
    lastEventId: native.lastEventId,
    signal: instance(options, "signal", AbortSignal),
    onSignal: callback(options, "onSignal"),
    hooks: Object.values(hooks.native).includes(true) ? hooks : undefined,
    reconnectionTime: Math.max(native.policy.reconnectionTime ?? RECONNECTION_TIME, floor(native.policy)),
  };
}

/** What a reconnection time is at least, in milliseconds; the client has the same. */
function floor({ minReconnectionTime }) {
  return minReconnectionTime ?? 100;
}

function readLimits(limits) {
  return {
    lineLimit: bytes(limits, "line", "limits.line"),
    eventLimit: bytes(limits, "event", "limits.event"),
    idLimit: bytes(limits, "id", "limits.id"),
    commentLimit: bytes(limits, "comment", "limits.comment"),
  };
}
