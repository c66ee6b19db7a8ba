/**
 * Where a source lives. In: `globalThis.location`, where there is one. Out: the base URL and the
 * origin, read anew for each source.
 */

/**
 * @typedef {object} Environment
 * @property {string | undefined} base What relative URLs are relative to.
 * @property {string | undefined} origin The origin to act for; a program has none.
 */

/** @returns {Environment} */
export function environment() {
  const location = globalThis.location;
  const href = location?.href;
  if (typeof href !== "string" || !URL.canParse(href)) {
    return { base: undefined, origin: undefined };
  }
  return { base: href, origin: new URL(href).origin };
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
