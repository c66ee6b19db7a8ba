/** Programs in processes of their own. In: the name of one in `programs/`. Out: its exit code, and what it printed. */

import { fork } from "node:child_process";
import { once } from "node:events";

export const program = (name) => new URL(`./programs/${name}.js`, import.meta.url);

/** Runs a program to its end, or for so many milliseconds, with these variables besides ours. */
export async function run(name, parameters, timeout = 30_000, variables = {}) {
  const env = { ...process.env, ...variables };
  for (const [name, value] of Object.entries(env)) if (value === undefined) delete env[name];
  const child = fork(program(name), parameters.map(String), { execArgv: ["--expose-gc"], stdio: "pipe", env });
  let output = "";
  child.stdout.on("data", (chunk) => (output += chunk));
  child.stderr.on("data", (chunk) => (output += chunk));
  child.channel.unref();
  const timer = setTimeout(() => child.kill("SIGKILL"), timeout);
  const [code, signal] = await once(child, "close");
  clearTimeout(timer);
  return { code, signal, output };
}
