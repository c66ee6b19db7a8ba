// The demo's page in real browsers: what it shows, and that nothing is lost when the server is
// killed. Every look of the page is left in screenshots/, for people to judge.

import assert from "node:assert/strict";
import { mkdir } from "node:fs/promises";
import { describe, it } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { BROWSERS, launch } from "./lib/browsers.js";
import { startDemo } from "./lib/program.js";
import { until } from "./lib/until.js";

const SCREENSHOTS = new URL("screenshots/", import.meta.url).pathname;
const SIZES = { desktop: { width: 1200, height: 900 }, phone: { width: 390, height: 844 } };
const SCHEMES = ["light", "dark"];

/** Runs in the page: what it shows. */
function look() {
  const text = (id) => document.getElementById(id).textContent;
  const items = (list) => [...document.querySelectorAll(`#${list} li`)];
  const ids = (list) => items(list).map((item) => Number(item.dataset.id));
  return {
    state: text("state"),
    readyState: document.getElementById("state").dataset.readyState,
    lastEventId: text("last-event-id"),
    count: Number(text("count")),
    missed: Number(text("missed")),
    repeated: Number(text("repeated")),
    messages: ids("messages"),
    notices: ids("notices"),
    updates: ids("updates"),
    texts: Object.fromEntries(
      ["messages", "notices", "updates"].map((list) => [
        list,
        items(list).map((item) => item.textContent),
      ]),
    ),
    log: items("log").map((item) => item.dataset.kind),
    logged: items("log").map((item) => item.firstChild.textContent),
  };
}

/** Every number from the first to the last, in whichever list, exactly once. */
function assertNothingLost({ messages, notices, updates, missed, repeated }) {
  const all = [...messages, ...notices, ...updates].sort((a, b) => a - b);
  all.forEach((number, index) => assert.equal(number, all[0] + index));
  assert.deepEqual([missed, repeated], [0, 0]);
  return all;
}

/** A demo and a page that shows it; a page that reports an error has failed. */
async function withPage(name, run, { options, interval } = {}) {
  const demo = { now: await startDemo({ interval }) };
  const browser = await launch(name, options);
  try {
    const page = await browser.newPage();
    const errors = [];
    page.on("pageerror", (error) => errors.push(String(error)));
    await page.goto(demo.now.url);
    await run({ page, demo, browser });
    assert.deepEqual(errors, []);
  } finally {
    await browser.close();
    await demo.now.kill();
  }
}

for (const name of BROWSERS) {
  describe(`the page in ${name}`, { timeout: 120_000 }, () => {
    it("gets an item for each event, each in its list", async () => {
      await withPage(name, async ({ page }) => {
        const seen = await until(page, look, (seen) => seen.notices.length > 1 && seen.count > 25);
        assert.equal(seen.state, "OPEN");
        assert.equal(seen.readyState, "1");
        const all = assertNothingLost(seen);
        assert.equal(all.length, seen.count);
        assert.equal(Number(seen.lastEventId), all.at(-1));
        for (const [list, kind] of [["messages", "message"], ["notices", "notice"], ["updates", "update"]]) {
          assert.ok(seen.texts[list].every((text) => text.startsWith(`${kind}: `)), kind);
        }
        assert.ok(seen.notices.every((number) => number % 10 === 5));
        assert.ok(seen.updates.every((number) => [2, 7].includes(number % 10)));
      });
    });

    it("resumes without loss or duplicate when the server was killed", async () => {
      await withPage(name, async ({ page, demo }) => {
        for (const round of [1, 2]) {
          const before = await until(page, look, (seen) => seen.state === "OPEN" && seen.count > 15);
          await demo.now.kill();
          const lost = await until(page, look, (seen) => seen.state === "CONNECTING");
          assert.equal(lost.log[0], "lost");
          await sleep(500);
          demo.now = await startDemo({ port: demo.now.port });
          const after = await until(page, look, (seen) => seen.count > before.count + 20);
          assert.equal(after.state, "OPEN");
          assertNothingLost(after);
          const resumed = after.logged.filter((_, index) => after.log[index] === "resumed");
          assert.equal(resumed.length, round);
          assert.match(resumed[0], /nothing missed, nothing twice/);
        }
      });
    });

    it("stops at close, and a reopened source goes on from there", async () => {
      await withPage(name, async ({ page }) => {
        await until(page, look, (seen) => seen.count > 12);
        await page.click("#close");
        const closed = await until(page, look, (seen) => seen.state === "CLOSED");
        await sleep(600);
        assert.equal((await page.evaluate(look)).count, closed.count);
        await page.click("#reopen");
        const again = await until(page, look, (seen) => seen.count > closed.count + 10);
        assert.equal(again.state, "OPEN");
        assertNothingLost(again);
        assert.deepEqual(again.log, ["resumed", "open", "reopened", "closed", "open"]);
      });
    });

    it("is worth looking at", async () => {
      await mkdir(SCREENSHOTS, { recursive: true });
      for (const scheme of SCHEMES) {
        await withPage(name, (at) => photograph(name, scheme, at), {
          options: { scheme },
          interval: 150,
        });
      }
    });
  });
}

/** The page after a reconnection, as a whole and as a window shows it. */
async function photograph(name, scheme, { page, demo }) {
  await until(page, look, (seen) => seen.count > 20);
  await demo.now.kill();
  await until(page, look, (seen) => seen.state === "CONNECTING");
  for (const [size, viewport] of Object.entries(SIZES)) {
    await page.setViewport(viewport);
    await page.screenshot({ path: `${SCREENSHOTS}${name}-${scheme}-${size}-lost.png` });
  }
  demo.now = await startDemo({ port: demo.now.port, interval: 150 });
  await until(page, look, (seen) => seen.log[0] === "resumed");
  for (const [size, viewport] of Object.entries(SIZES)) {
    await page.setViewport(viewport);
    const overflow = await page.evaluate(
      () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
    );
    assert.ok(overflow <= 0, `${size}: ${overflow} pixels too wide`);
    const path = `${SCREENSHOTS}${name}-${scheme}-${size}.png`;
    await page.screenshot({ path, fullPage: true });
  }
}
