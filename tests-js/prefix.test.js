// The pages behind proxies that give them a path: everything on them works as it does without.

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { BROWSERS, launch } from "./lib/browsers.js";
import { startDemo, startServe } from "./lib/program.js";
import { proxy } from "./lib/proxy.js";
import { until } from "./lib/until.js";

const PREFIX = "/live/news";

/** Runs in a page with one source: what it shows. */
function look() {
  const text = (id) => document.getElementById(id).textContent;
  return { state: text("state"), count: Number(text("count")), url: text("url"), href: location.href };
}

/** Runs in the page of ten: how many are open. */
function open() {
  return document.querySelectorAll('#sources li[data-ready-state="1"]').length;
}

/** A page through the proxy, without an error of its own or a file that is not there. */
async function behind(browser, server, strips, run) {
  const front = await proxy(server.url, PREFIX, { strips });
  const page = await browser.newPage();
  const errors = [];
  page.on("pageerror", (error) => errors.push(String(error)));
  page.on("response", (response) => {
    if (response.status() >= 400) errors.push(`${response.status()} ${response.url()}`);
  });
  try {
    await page.goto(front.url);
    await run(page, front.url);
    assert.deepEqual(errors.filter((error) => !error.endsWith("/favicon.ico")), []);
  } finally {
    await page.close();
    await front.close();
    await server.kill();
  }
}

/** Follows the link below; it moves with each item that comes, so that a click at a place could miss. */
async function follow(page) {
  const arrived = page.waitForNavigation();
  await page.$eval("footer a", (link) => link.click());
  await arrived;
}

for (const name of BROWSERS) {
  describe(`behind a path in ${name}`, { timeout: 240_000 }, () => {
    for (const strips of [true, false]) {
      const base = strips ? [] : ["--base-path", PREFIX];
      it(`that the proxy ${strips ? "strips" : "passes on"}`, async () => {
        const browser = await launch(name);
        try {
          await behind(browser, await startDemo({ base }), strips, async (page, url) => {
            const seen = await until(page, look, ({ count }) => count > 12);
            assert.equal(seen.state, "OPEN");
            assert.equal(seen.url, `${url}api/v1/sse`);
            await follow(page);
            // Six, or five while the browser keeps the page before and its source.
            await until(page, open, (open) => open >= 5);
            await follow(page);
            const back = await until(page, look, ({ count }) => count > 0);
            assert.equal(back.href, url);
          });
          const serve = await startServe(...base);
          serve.write("a\nb\n");
          await behind(browser, serve, strips, async (page, url) => {
            await until(page, look, ({ count }) => count === 2);
            await follow(page);
            const named = await until(page, look, ({ count }) => count === 2);
            assert.equal(named.href, `${url}?event=notice`);
          });
        } finally {
          await browser.close();
        }
      });
    }
  });
}
