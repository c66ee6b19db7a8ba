// Clients of Node, each as its documentation shows it. Arguments: a name of below, the URL. Prints each event as a line of
// JSON.
const show = (type, data, id) => console.log(JSON.stringify({ type, data, id }));

const listen = (source) => {
  source.onmessage = (event) => show(event.type, event.data, event.lastEventId);
  source.onerror = () => {};
};

const clients = {
  async eventsource2(url) {
    const { default: EventSource } = await import('eventsource2');
    listen(new EventSource(url));
  },
  async eventsource4(url) {
    const { EventSource } = await import('eventsource4');
    listen(new EventSource(url));
  },
  async eventsource5(url) {
    const { EventSource } = await import('eventsource5');
    listen(new EventSource(url));
  },
  async undici(url) {
    const { EventSource } = await import('undici');
    listen(new EventSource(url));
  },
  async 'eventsource-client'(url) {
    const { createEventSource } = await import('eventsource-client');
    createEventSource({ url, onMessage: ({ event, data, id }) => show(event ?? 'message', data, id) });
  },
  async 'launchdarkly-eventsource'(url) {
    const { EventSource } = await import('launchdarkly-eventsource');
    listen(new EventSource(url, { initialRetryDelayMillis: 100 }));
  },
  async 'fetch-event-source'(url) {
    // It is for pages: the two names of a page that it asks for are given to it.
    globalThis.window = globalThis;
    globalThis.document = { hidden: false, addEventListener() {}, removeEventListener() {} };
    const { fetchEventSource } = await import('@microsoft/fetch-event-source');
    await fetchEventSource(url, {
      openWhenHidden: true,
      onmessage: ({ event, data, id }) => show(event, data, id),
    });
  },
};

await clients[process.argv[2]](process.argv[3]);
