// Waiting for a page. In: a page, a function that runs in it and tells what it shows, and what is wanted
// of that. Out: what it showed when that was so.

import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";

/** Looks until the page is as it should be. */
export async function until(page, look, wanted, patience = 20_000) {
  const deadline = Date.now() + patience;
  for (;;) {
    const seen = await page.evaluate(look);
    if (wanted(seen)) {
      return seen;
    }
    if (Date.now() > deadline) {
      assert.fail(`not seen within ${patience} ms: ${wanted}\n${JSON.stringify(seen, null, 1)}`);
    }
    await sleep(50);
  }
}
