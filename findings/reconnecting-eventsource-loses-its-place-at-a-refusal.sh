#!/usr/bin/env bash
# Software: reconnecting-eventsource 1.6.5 around eventsource 5.1.5, Node 20
# A good guess: the wrapper only adds reconnections where EventSource gives up (a 503, say); the server gets
#   Last-Event-ID as before and sends what was missed. Its README names nothing to do on the server.
# What happens: after a refusal the wrapper makes a new EventSource, which starts without a position: no
#   Last-Event-ID. If the program set `onmessage`, the last id is gone; if it used addEventListener,
#   it is in the URL, `?lastEventId=5`, which no server reads unless told. Either way the server
#   starts from now, and what came in between is lost without a sign. After ordinary ends the header
#   is sent, so that a test of resumption passes.
# Why it matters: events are lost just when the server had trouble. A server that may meet this wrapper (or
#   event-source-polyfill, which says that it uses the query) should read both places, and a program
#   should use addEventListener.
# Seen 2026-11-30: after a clean end header 3; after the 503 no header, query none (onmessage) or 5
#   (addEventListener); of 8 events the one published during the refusal is lost, both times.
set -eu
. "$(dirname "$0")/lib.sh"

node_packages reconnecting-eventsource@1.6.5 eventsource@5.1.5

cat >both.mjs <<'JS'
import http from 'node:http';
import { EventSource } from 'eventsource';
import wrapper from 'reconnecting-eventsource';
const ReconnectingEventSource = wrapper.default ?? wrapper;

let newest = 0;
let requests = 0;
const server = http.createServer((request, response) => {
  const header = request.headers['last-event-id'];
  const query = new URL(request.url, 'http://localhost').searchParams.get('lastEventId');
  requests += 1;
  console.log(`request ${requests}: header ${header ?? 'none'}, query ${query ?? 'none'}`);
  if (requests === 3) {
    newest += 1;
    response.writeHead(503).end();
    return;
  }
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  response.write('retry: 200\n\n');
  const send = (id) => response.write(`id: ${id}\ndata: ${id}\n\n`);
  for (let id = Number(header ?? newest) + 1; id <= newest; id += 1) send(id);
  const counts = { 1: 3, 2: 2, 4: 2 };
  for (let count = counts[requests] ?? 0; count > 0; count -= 1) send(newest += 1);
  if (requests < 4) setTimeout(() => response.end(), 200);
});
server.listen(0, '127.0.0.1', () => {
  const url = `http://127.0.0.1:${server.address().port}/events`;
  const source = new ReconnectingEventSource(url, { eventSourceClass: EventSource, max_retry_time: 500 });
  const seen = [];
  if (process.argv[2] === 'onmessage') source.onmessage = (event) => seen.push(event.data);
  else source.addEventListener('message', (event) => seen.push(event.data));
  setTimeout(() => {
    console.log(`published ${newest}, seen: ${seen.join(' ')}`);
    process.exit();
  }, 6000);
});
JS
for way in onmessage addEventListener; do
    echo "with $way"
    node both.mjs "$way" | tee "$way.txt"
    grep -q '^request 3: header 5, query none' "$way.txt" || changed "after a clean end the header is not sent, or not alone"
    grep -q '^request 4: header none' "$way.txt" || changed "after a refusal the header is sent"
    grep -q '^published 8, seen: 1 2 3 4 5 7 8$' "$way.txt" || changed "the event published during the refusal is not lost"
done
grep -q '^request 4: header none, query none' onmessage.txt || changed "with onmessage the position is in the query"
recorded "after a refusal no Last-Event-ID is sent, and the event in between is lost"
