// The demo as a process. In: a port and the milliseconds between items. Out: its URL, and a way to
// kill it without warning. WELLSPRING says where the program is, as `cargo xtask test` does.
//
// Next: ../page.test.js.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";

const PROGRAM = process.env.WELLSPRING ?? "../target/debug/wellspring";

/** Starts the demo; port 0 is any port. */
export async function startDemo({ port = 0, interval = 100 } = {}) {
  const words = ["demo", "--port", String(port), "--interval", String(interval)];
  const child = spawn(PROGRAM, words, { stdio: ["ignore", "pipe", "inherit"] });
  const lines = createInterface({ input: child.stdout });
  const [first] = await once(lines, "line");
  const url = first.replace(/^The page +/, "");
  const kill = async () => {
    if (child.exitCode === null && child.signalCode === null) {
      child.kill("SIGKILL");
      await once(child, "exit");
    }
  };
  return { url, port: Number(new URL(url).port), kill };
}
