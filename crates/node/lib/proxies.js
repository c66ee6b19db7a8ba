/**
 * Which way requests leave. In: the option `proxy`; and the environment, where Node's own `fetch` looks for
 * proxies too. Out: proxies by scheme.
 *
 * `fetch` goes directly unless Node is told to use the proxies of the environment, by `NODE_USE_ENV_PROXY=1`
 * or `--use-env-proxy`. A source goes the same way. Versions that do not know either are told all the same.
 */

/** What only this machine can reach: a proxy elsewhere would look on its own loopback. */
const LOOPBACK = "localhost, 127.0.0.0/8, ::1";
const SWITCH = /^--(no-)?use-env-proxy$/;

/**
 * @typedef {object} Proxies
 * @property {string} [http] The URL of the one for `http`.
 * @property {string} [https]
 * @property {string} except In the form of `no_proxy`.
 *
 * @param {{ proxy?: unknown }} options Of the constructor.
 * @returns {Proxies}
 */
export function readProxies({ proxy }) {
  if (proxy === null) return { except: "" };
  if (proxy === undefined) return ofEnvironment();
  if (typeof proxy !== "string" && !(proxy instanceof URL)) {
    throw new TypeError("proxy must be a URL, or null for none");
  }
  return { http: `${proxy}`, https: `${proxy}`, except: "" };
}

/** @returns {Proxies} */
function ofEnvironment() {
  const { env } = process;
  if (!isAsked(env)) return { except: "" };
  // Not an upper-case name alone: it may be there and empty.
  const value = (name) => env[name] || env[name.toUpperCase()] || undefined;
  const except = [LOOPBACK, value("no_proxy")].filter(Boolean).join(", ");
  return { http: value("http_proxy"), https: value("https_proxy"), except };
}

function isAsked({ NODE_USE_ENV_PROXY, NODE_OPTIONS = "" }) {
  const words = [...NODE_OPTIONS.split(/\s+/), ...process.execArgv];
  const last = words.filter((word) => SWITCH.test(word)).at(-1);
  return last === undefined ? NODE_USE_ENV_PROXY === "1" : last === "--use-env-proxy";
}
