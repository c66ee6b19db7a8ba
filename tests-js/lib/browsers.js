// Real browsers. In: a name. Out: a puppeteer browser, headless, on a new empty profile.
// Where a program is comes from CHROMIUM and FIREFOX, which `cargo xtask test` sets; without them
// the usual Debian paths are tried, so that `npm test` works by hand too.
//
// Next: server.js, the other end for tests that need no program of ours.

import { existsSync } from "node:fs";
import puppeteer from "puppeteer-core";

const PROGRAMS = {
  chrome: [process.env.CHROMIUM, "/usr/bin/chromium"],
  firefox: [process.env.FIREFOX, "/usr/bin/firefox-esr", "/usr/bin/firefox"],
};

// A browser of its own looks for updates and accounts; none of that belongs in a test.
const CHROMIUM_FLAGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--ignore-certificate-errors",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

const FIREFOX_PREFERENCES = {
  "app.normandy.enabled": false,
  "app.update.enabled": false,
  "browser.safebrowsing.downloads.remote.enabled": false,
  "network.captive-portal-service.enabled": false,
  "network.connectivity-service.enabled": false,
  "services.settings.server": "data:,",
};

const CHROMIUM_SCHEME = {
  light: "--blink-settings=preferredColorScheme=1",
  dark: "--blink-settings=preferredColorScheme=0",
};

const FIREFOX_SCHEME = {
  light: { "layout.css.prefers-color-scheme.content-override": 1 },
  dark: { "layout.css.prefers-color-scheme.content-override": 0 },
};

export const BROWSERS = Object.keys(PROGRAMS);

/**
 * Starts `chrome` or `firefox`, for someone who likes `light` or `dark`; the caller closes it. It takes
 * any certificate: the programs under test make their own. A `profile` is a directory that the caller
 * has made, and removes; `flags` are for Chromium.
 */
export function launch(browser, { scheme = "light", profile, flags = [] } = {}) {
  const executablePath = PROGRAMS[browser].find((path) => path && existsSync(path));
  if (!executablePath) {
    throw new Error(`${browser} is not on this machine; \`cargo xtask tools\` says how to get it`);
  }
  return puppeteer.launch({
    browser,
    executablePath,
    headless: true,
    userDataDir: profile,
    acceptInsecureCerts: true,
    args: browser === "chrome" ? [...CHROMIUM_FLAGS, CHROMIUM_SCHEME[scheme], ...flags] : [],
    extraPrefsFirefox: { ...FIREFOX_PREFERENCES, ...FIREFOX_SCHEME[scheme] },
  });
}
