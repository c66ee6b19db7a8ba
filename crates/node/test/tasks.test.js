/** Tasks where Node lacks what makes them cheap. */

import { it } from "node:test";

import { run } from "./helpers/process.js";
import { serve } from "./helpers/server.js";
import { assert } from "./helpers/sources.js";

it("each message is a task of its own, also by setImmediate", async (t) => {
  const server = await serve(t, "data: 1\n\ndata: 2\n\ndata: 3\n\ndata: 4\n\n");
  const { code, output } = await run("no-checkpoint", [server.url]);
  assert.equal(code, 0, output);
  assert.equal(output, "1,tick 1,job 1,2,tick 2,job 2,3,tick 3,job 3\n");
});
