// The two examples of MDN's `EventSource` page in real browsers, with the scripts that Node runs.

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { listen } from "../examples/node-mdn/server.js";
import { BROWSERS, launch } from "./lib/browsers.js";
import { until } from "./lib/until.js";

/** Runs in the page: what its list shows. */
function items() {
  return [...document.querySelectorAll("li")].map((item) => item.textContent);
}

describe("the examples of MDN's page", () => {
  for (const name of BROWSERS) {
    it(`do in ${name} what they do in Node`, async () => {
      const { server, origin } = await listen();
      const browser = await launch(name);
      try {
        const page = await browser.newPage();
        const errors = [];
        const logged = [];
        page.on("pageerror", (error) => errors.push(String(error)));
        page.on("console", (message) => logged.push(message.text()));
        await page.goto(`${origin}/page/index.html`);
        const shown = await until(page, items, ({ length }) => length === 2 && logged.length >= 3);
        assert.deepEqual(shown, ["message: hello", "message: two\nlines"]);
        for (const text of ["a notice", "an update", "a message"]) {
          assert.ok(logged.includes(text), logged.join());
        }
        assert.deepEqual(errors, []);
      } finally {
        await browser.close();
        server.closeAllConnections();
        server.close();
      }
    });
  }
});
