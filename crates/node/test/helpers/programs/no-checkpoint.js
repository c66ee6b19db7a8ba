/** In: a URL. Out: the order of things where Node has no `process._tickCallback`. */

process._tickCallback = undefined;
const { EventSource } = await import("../../../index.js");

const seen = [];
const source = new EventSource(process.argv[2]);
source.onmessage = async ({ data }) => {
  seen.push(data);
  process.nextTick(() => seen.push(`tick ${data}`));
  await null;
  seen.push(`job ${data}`);
  if (data === "3") {
    source.close();
    setTimeout(() => console.log(seen.join()), 50);
  }
};
