/** In: a URL. Out: what events are where Node hides what it keeps in them. */

const { getOwnPropertySymbols } = Object;
Object.getOwnPropertySymbols = () => [];
const { EventSource } = await import("../../../index.js");
Object.getOwnPropertySymbols = getOwnPropertySymbols;

const source = new EventSource(process.argv[2]);
source.addEventListener("tick", (event) => {
  const { type, data, isTrusted, bubbles, target } = event;
  console.log([type, data, isTrusted, bubbles, target === source, event instanceof MessageEvent].join());
  source.close();
});
