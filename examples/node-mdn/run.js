/**
 * The two examples of MDN's `EventSource` page in Node: the scripts are those of the browser page,
 * byte for byte.
 *
 *     node run.js
 */

import "../../crates/node/polyfill.js";
import { open } from "./page.js";
import { listen } from "./server.js";

const { origin, server } = await listen();
open(`${origin}/page/index.html`);
await import("./message.js");
await import("./named-events.js");

setTimeout(() => {
  server.closeAllConnections();
  process.exit();
}, 1000);
