// The program's servers as processes. In: options, and for `serve` its input. Out: a URL, and a way to
// kill it without warning. WELLSPRING says where the program is, as `cargo xtask test` does.
//
// Next: ../page.test.js.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";

const BUILT = new URL("../../target/debug/wellspring", import.meta.url).pathname;
const PROGRAM = process.env.WELLSPRING ?? BUILT;

/** Starts the demo; port 0 is any port. */
export function startDemo({ port = 0, interval = 100, tls = false, base = [] } = {}) {
  const words = ["demo", "--port", String(port), "--interval", String(interval), ...base];
  return start(tls ? [...words, "--tls"] : words);
}

/** Starts `serve` with these options on any port; `write` is its standard input. */
export async function startServe(...options) {
  const server = await start(["serve", "--port", "0", ...options]);
  const write = (text) => server.stdin.write(text);
  return { ...server, write, end: () => server.stdin.end() };
}

/** Starts a hub to try out; `url` is its page. */
export async function startHub({ port = 0, words = [] } = {}) {
  return start(["hub", "--dev", "--port", String(port), ...words], /^The page +/);
}

/** Starts a hub with keys of its own; `url` is where clients subscribe and publish, and what tokens are for. */
export async function startKeyedHub(port, words) {
  const url = `http://127.0.0.1:${port}/.well-known/mercure`;
  return start(["hub", "--port", String(port), "--public-url", url, ...words], /^The hub +/);
}

async function start(words, introduction = /^(?:The page +)?/) {
  const child = spawn(PROGRAM, words, { stdio: ["pipe", "pipe", "inherit"] });
  const lines = createInterface({ input: child.stdout });
  const url = await new Promise((resolve, reject) => {
    lines.on("line", (line) => introduction.test(line) && resolve(line.replace(introduction, "")));
    lines.on("close", () => reject(new Error(`${words.join(" ")}: ended before it said where it is`)));
  });
  const kill = async () => {
    if (child.exitCode === null && child.signalCode === null) {
      child.kill("SIGKILL");
      await once(child, "exit");
    }
  };
  return { url, port: Number(new URL(url).port), stdin: child.stdin, kill };
}
