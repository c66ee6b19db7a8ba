#!/usr/bin/env bash
# Software: extended-eventsource 2.1.0 (npm); fetch-event-source 2.0.1 beside it; Node 20
# A good guess: how a stream is cut into pieces on its way makes no difference to the events.
# What happens: where lines end with CR LF and a piece ends between the two, the next piece begins with what it takes for
#   an empty line, which ends the event. The event of type `price` becomes an empty one of that type, and its data arrives
#   as a `message`: the listener for `price` gets nothing to read, the one for `message` gets what is not meant for it.
# Why it matters: sse-starlette, litestar, aiohttp-sse and the Python SDK of MCP end lines with CR LF, and a proxy or a
#   packet may end anywhere. It happens once in a long while, and never on a developer's machine. Where the server can be
#   set (`sep="\n"`), set it.
# Seen 2026-11-30: whole pieces give `price: 42`; with pieces that end after CR, `price: ` and `message: 42`, and more
#   empty messages. fetch-event-source gives `price: 42` for both.
set -eu
. "$(dirname "$0")/lib.sh"

node_packages extended-eventsource@2.1.0 @microsoft/fetch-event-source@2.0.1

cat >both.mjs <<'JS'
import http from 'node:http';

globalThis.window = globalThis;
globalThis.document = { hidden: false, addEventListener() {}, removeEventListener() {} };
const { EventSource } = await import('extended-eventsource');
const { fetchEventSource } = await import('@microsoft/fetch-event-source');

const EVENT = 'event: price\r\nid: 1\r\ndata: 42\r\n\r\n';
const pause = () => new Promise((done) => setTimeout(done, 30));
const server = http.createServer(async (request, response) => {
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  const pieces = request.url === '/whole' ? [EVENT] : EVENT.split(/(?<=\r)/);
  for (const piece of pieces) {
    response.write(piece);
    await pause();
  }
});
server.listen(0, '127.0.0.1', () => {
  const base = `http://127.0.0.1:${server.address().port}`;
  const seen = [];
  for (const way of ['/whole', '/split']) {
    const source = new EventSource(base + way);
    for (const type of ['price', 'message']) {
      source.addEventListener(type, (event) => event.data && seen.push(`extended ${way} ${type}: ${event.data}`));
    }
    fetchEventSource(base + way, {
      openWhenHidden: true,
      onmessage: ({ event, data }) => data && seen.push(`fetch ${way} ${event || 'message'}: ${data}`),
    });
  }
  setTimeout(() => {
    console.log(seen.sort().join('\n'));
    process.exit();
  }, 3000);
});
JS
node both.mjs | tee seen.txt
cat >expected.txt <<'TEXT'
extended /split message: 42
extended /whole price: 42
fetch /split price: 42
fetch /whole price: 42
TEXT
diff expected.txt seen.txt || changed "the events are others"
recorded "a piece that ends between CR and LF makes a message of an event of another type"
