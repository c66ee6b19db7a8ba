/**
 * Where a source lives. In: `globalThis.location`, where there is one. Out: the base URL and the
 * origin, read anew for each source.
 */

/**
 * @typedef {object} Environment
 * @property {string | undefined} base What relative URLs are relative to.
 * @property {string | undefined} origin The origin to act for, `null` in words if it is opaque; a program has none.
 */

/** Those of a page that has one; any other is opaque to the client too. */
const WITH_ORIGIN = /^(https?|wss?|ftp):$/;

/** @returns {Environment} */
export function environment() {
  const location = globalThis.location;
  const href = location?.href;
  if (typeof href !== "string" || !URL.canParse(href)) {
    return { base: undefined, origin: undefined };
  }
  const { origin, protocol } = new URL(href);
  return { base: href, origin: WITH_ORIGIN.test(protocol) ? origin : "null" };
}

/**
 * The URL record of the standard's step 3.
 *
 * @param {string} url
 * @param {Environment} where
 * @returns {URL}
 */
export function parseUrl(url, { base }) {
  try {
    return new URL(url, base);
  } catch {
    const hint = base === undefined ? "; there is no location here, so it has to be absolute" : "";
    throw new DOMException(`'${url}' is not a valid URL${hint}`, "SyntaxError");
  }
}
