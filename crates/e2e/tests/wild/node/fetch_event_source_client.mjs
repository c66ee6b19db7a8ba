// fetch-event-source with its own retries. Argument: the URL. Prints each event as a line of JSON.
// The library is for pages: the two names of a page that it asks for are given to it.
globalThis.window = globalThis;
globalThis.document = { hidden: false, addEventListener() {}, removeEventListener() {} };
const { fetchEventSource } = await import('@microsoft/fetch-event-source');

await fetchEventSource(process.argv[2], {
  openWhenHidden: true,
  onmessage({ event, data, id }) {
    console.log(JSON.stringify({ type: event, data, id }));
  },
});
