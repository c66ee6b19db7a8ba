// The hub's page in real browsers: subscribe, publish, see who is there, and come back after a kill. Every
// look of the page is left in screenshots/, for people to judge.

import assert from "node:assert/strict";
import { mkdir } from "node:fs/promises";
import { describe, it } from "node:test";
import { BROWSERS, launch } from "./lib/browsers.js";
import { startHub } from "./lib/program.js";
import { until } from "./lib/until.js";

const SCREENSHOTS = new URL("screenshots/", import.meta.url).pathname;
const SIZES = { desktop: { width: 1280, height: 900 }, phone: { width: 390, height: 844 } };
const BOOK = "https://example.com/books/1";

/** Runs in the page: what it shows. */
function look() {
  const text = (id) => document.getElementById(id).textContent;
  const items = (list) => [...document.querySelectorAll(`#${list} li`)];
  return {
    health: text("health"),
    state: text("state"),
    events: items("events").map((item) => item.querySelector(".data")?.textContent ?? item.textContent),
    gaps: items("events").filter((item) => item.className === "gap").map((item) => item.textContent),
    tokens: ["subscribe", "publish"].map((form) => document.getElementById(form).elements.token.value),
    types: items("events").map((item) => item.dataset.type),
    ids: items("events").map((item) => item.dataset.id),
    count: text("event-count"),
    log: items("log").map((item) => item.dataset.kind),
    published: text("publish-result"),
    failure: text("subscribe-failure"),
    presence: [...document.querySelectorAll("#presence tbody tr")].map((row) => row.cells[0].textContent),
    figures: Object.fromEntries(
      [...document.querySelectorAll("#figures > div")].map((card) => [
        card.querySelector("dt").textContent,
        card.querySelector("dd").textContent,
      ]),
    ),
    minted: text("mint-result"),
  };
}

/** A hub and a page that shows it; a page that reports an error has failed. */
async function withPage(name, run, { options } = {}) {
  const hub = { now: await startHub() };
  const browser = await launch(name, options);
  try {
    const page = await browser.newPage();
    const errors = [];
    page.on("pageerror", (error) => errors.push(String(error)));
    await page.goto(hub.now.url);
    await until(page, look, (seen) => seen.health === "ready" && seen.minted.startsWith("In both"));
    await run({ page, hub });
    assert.deepEqual(errors, []);
  } finally {
    await browser.close();
    await hub.now.kill();
  }
}

const fill = (page, form, fields) =>
  page.$eval(
    `#${form}`,
    (form, fields) => {
      for (const [name, value] of Object.entries(fields)) {
        const field = form.elements[name];
        if (typeof value === "boolean") {
          field.checked = value;
        } else {
          field.value = value;
        }
      }
      form.dispatchEvent(new Event("input", { bubbles: true }));
    },
    fields,
  );

async function select(page, selector, dialect = 0, kind = "topic") {
  await page.click(`input[name="dialect"][value="${dialect}"]`);
  await page.$eval("#selectors li", (row, selector, kind) => {
    row.querySelector("select").value = kind;
    row.querySelector("input").value = selector;
    row.dispatchEvent(new Event("input", { bubbles: true }));
  }, selector, kind);
}

async function subscribe(page) {
  await page.click("#open");
  await until(page, look, (seen) => seen.state === "subscribed");
}

async function publish(page, data, fields = {}) {
  await fill(page, "publish", { topic: BOOK, data, type: "", id: "", private: false, ...fields });
  const before = (await page.evaluate(look)).published;
  await page.click("#publish button:not([type])");
  return until(page, look, (seen) => seen.published !== before && seen.published !== "");
}

for (const name of BROWSERS) {
  describe(`the hub's page in ${name}`, { timeout: 240_000 }, () => {
    it("shows what is published, in either dialect", async () => {
      await withPage(name, async ({ page }) => {
        await select(page, "https://example.com/books/{id}");
        await subscribe(page);
        await publish(page, "one", { type: "news" });
        const first = await until(page, look, (seen) => seen.events.length === 1);
        assert.deepEqual([first.events, first.types], [["one"], ["news"]]);
        assert.ok(first.published.endsWith(first.ids[0]), first.published);

        await select(page, "https://example.com/books/:id", 1, "match_urlpattern");
        await page.click("#open");
        await until(page, look, (seen) => seen.log.filter((kind) => kind === "open").length === 2);
        await publish(page, '{"two":2}');
        const second = await until(page, look, (seen) => seen.events.length === 2);
        assert.equal(second.events[0], '{\n  "two": 2\n}');
      });
    });

    it("shows a private event only to a token that covers it", async () => {
      await withPage(name, async ({ page }) => {
        await fill(page, "subscribe", { token: "" });
        await subscribe(page);
        await publish(page, "hidden", { private: true });
        await publish(page, "open");
        const without = await until(page, look, (seen) => seen.events.length > 0);
        assert.deepEqual(without.events, ["open"]);
        await page.click("#mint button");
        await fill(page, "subscribe", { from: "earliest" });
        await page.click("#clear");
        await page.click("#open");
        const covered = await until(page, look, (seen) => seen.events.length === 2);
        assert.deepEqual(covered.events, ["open", "hidden"]);
      });
    });

    it("comes back after the hub was killed, and says what that cost", async () => {
      await withPage(name, async ({ page, hub }) => {
        await fill(page, "subscribe", { token: "" });
        await subscribe(page);
        await publish(page, "before");
        await until(page, look, (seen) => seen.events.length === 1);
        await hub.now.kill();
        await until(page, look, (seen) => seen.state === "reconnecting");
        hub.now = await startHub({ port: hub.now.port });
        // Its history was in memory: the place is in another epoch, and the hub says so.
        const gap = await until(page, look, (seen) => seen.gaps.length === 1);
        assert.match(gap.gaps[0], /Events are missing here/);
        assert.equal(gap.state, "subscribed");
        await page.click("#mint button");
        await until(page, look, (seen) => seen.tokens[0] !== "" && seen.tokens[0] !== gap.tokens[1]);
        await publish(page, "after");
        const after = await until(page, look, (seen) => seen.events.includes("after"));
        assert.deepEqual(after.log, ["open", "lost", "open"]);
      });
    });

    it("says why a subscription or an event is refused", async () => {
      await withPage(name, async ({ page }) => {
        await fill(page, "subscribe", { token: "not.a.token" });
        await page.click("#open");
        const refused = await until(page, look, (seen) => seen.state === "refused");
        assert.match(refused.failure, /status 401: .{10}/);
        const answer = await publish(page, "x", { id: "#1" });
        assert.match(answer.published, /status 400: .*#/);
      });
    });

    it("shows the figures, and who is subscribed", async () => {
      await withPage(name, async ({ page }) => {
        await select(page, BOOK);
        await subscribe(page);
        await publish(page, "counted");
        await page.click("#presence-refresh");
        // The second event kept is about the subscription. Figures come once a second.
        const isCounted = ({ figures }) => figures.Subscribers === "1" && figures["Events kept"] === "2";
        const seen = await until(page, look, (seen) => seen.presence.includes(BOOK) && isCounted(seen));
        assert.deepEqual(seen.events, ["counted"]);
        assert.deepEqual(seen.log, ["open"]);
        assert.equal(seen.figures.Lag, "0 s");
      });
    });

    it("holds still while paused, and filters", async () => {
      await withPage(name, async ({ page }) => {
        await subscribe(page);
        await page.click("#pause");
        await publish(page, "first");
        const still = await until(page, look, (seen) => seen.count === "1, 1 not shown yet");
        assert.deepEqual(still.events, []);
        await page.click("#pause");
        await publish(page, "second");
        await until(page, look, (seen) => seen.events.length === 2);
        await page.type("#filter", "fir");
        const shown = await page.$$eval("#events li:not([hidden]) .data", (all) => all.map((one) => one.textContent));
        assert.deepEqual(shown, ["first"]);
      });
    });

    it("has a name for each control, and works by keyboard alone", async () => {
      await withPage(name, async ({ page }) => {
        const nameless = await page.evaluate(() =>
          [...document.querySelectorAll("button, input, select, textarea")]
            .filter((control) => control.checkVisibility())
            .filter((control) => !(control.labels?.length || control.ariaLabel || control.textContent.trim()))
            .map((control) => control.outerHTML),
        );
        assert.deepEqual(nameless, []);
        await page.focus("#selectors input");
        await page.keyboard.press("Enter");
        await until(page, look, (seen) => seen.state === "subscribed");
        await page.focus('#publish [name="id"]');
        await page.keyboard.press("Enter");
        await until(page, look, (seen) => seen.events.length === 1);
      });
    });

    it("is worth looking at", async () => {
      await mkdir(SCREENSHOTS, { recursive: true });
      for (const scheme of ["light", "dark"]) {
        await withPage(name, (at) => photograph(name, scheme, at), { options: { scheme } });
      }
    });
  });
}

async function photograph(name, scheme, { page }) {
  await subscribe(page);
  for (const [index, type] of ["", "price", "", "stock", ""].entries()) {
    await publish(page, index % 2 ? `{"price": ${index}}` : `book ${index} is back`, { type });
  }
  await page.click("#presence-refresh");
  await until(page, look, (seen) => seen.events.length === 5 && seen.presence.length === 1);
  for (const [size, viewport] of Object.entries(SIZES)) {
    await page.setViewport(viewport);
    const overflow = await page.evaluate(
      () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
    );
    assert.ok(overflow <= 0, `${size}: ${overflow} pixels too wide`);
    await page.screenshot({ path: `${SCREENSHOTS}hub-${name}-${scheme}-${size}.png`, fullPage: true });
  }
}
