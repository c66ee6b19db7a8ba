// The page that opens ten event sources, in real browsers: six over HTTP/1.1, all over HTTP/2, and it
// says why. Its looks are left in screenshots/, for people to judge.

import assert from "node:assert/strict";
import { mkdir } from "node:fs/promises";
import { describe, it } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { BROWSERS, launch } from "./lib/browsers.js";
import { startDemo } from "./lib/program.js";
import { until } from "./lib/until.js";

const SCREENSHOTS = new URL("screenshots/", import.meta.url).pathname;
const DESKTOP = { width: 1200, height: 900 };
const PHONE = { width: 390, height: 844 };

/** Runs in the page: what it shows. */
function look() {
  const text = (selector) => document.querySelector(selector).textContent;
  return {
    verdict: document.body.dataset.verdict,
    title: text("#verdict"),
    why: text("#why"),
    protocol: performance.getEntriesByType("navigation")[0].nextHopProtocol,
    states: [...document.querySelectorAll("#sources li")].map((item) => Number(item.dataset.readyState)),
  };
}

const count = ({ states }, state) => states.filter((one) => one === state).length;

async function photograph(page, name) {
  await mkdir(SCREENSHOTS, { recursive: true });
  for (const [size, viewport] of Object.entries({ desktop: DESKTOP, phone: PHONE })) {
    await page.setViewport(viewport);
    const overflow = await page.evaluate(
      () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
    );
    assert.ok(overflow <= 0, `${size}: ${overflow} pixels too wide`);
    await page.screenshot({ path: `${SCREENSHOTS}${name}-${size}.png`, fullPage: true });
  }
}

async function withTen(name, options, run) {
  const demo = await startDemo(options.demo);
  const browser = await launch(name, options.browser);
  try {
    const page = await browser.newPage();
    const errors = [];
    page.on("pageerror", (error) => errors.push(String(error)));
    await page.goto(`${demo.url}ten`);
    await run(page);
    assert.deepEqual(errors, []);
  } finally {
    await browser.close();
    await demo.kill();
  }
}

for (const name of BROWSERS) {
  describe(`ten sources in ${name}`, { timeout: 90_000 }, () => {
    it("are six and four that wait over HTTP/1.1, and the page says why", async () => {
      await withTen(name, {}, async (page) => {
        const seen = await until(page, look, (seen) => seen.verdict !== "looking");
        assert.equal(seen.protocol, "http/1.1");
        assert.deepEqual([count(seen, 1), count(seen, 0)], [6, 4]);
        assert.equal(seen.verdict, "some");
        assert.equal(seen.title, "6 of 10 are open, 4 wait.");
        assert.match(seen.why, /HTTP\/1\.1 .* no more than six connections to one server/);
        await sleep(1000);
        assert.equal(count(await page.evaluate(look), 1), 6);
        await photograph(page, `${name}-ten-http1`);

        const open = seen.states.indexOf(1) + 1;
        await page.click(`#sources li:nth-child(${open}) button`);
        const after = await until(page, look, (seen) => count(seen, 1) === 6 && count(seen, 2) === 1);
        assert.equal(after.title, "6 of 9 are open, 3 wait.");
      });
    });

    it("are all open over HTTP/2", async () => {
      const options = { demo: { tls: true }, browser: { scheme: "dark" } };
      await withTen(name, options, async (page) => {
        const seen = await until(page, look, (seen) => seen.verdict !== "looking");
        assert.equal(seen.protocol, "h2");
        assert.equal(count(seen, 1), 10);
        assert.equal(seen.verdict, "all");
        assert.equal(seen.title, "All 10 are open.");
        assert.match(seen.why, /HTTP\/2 .* share one connection/);
        await photograph(page, `${name}-ten-http2`);
      });
    });
  });
}
