// An event stream from Node's own `http`: a number each tick, resumed after the last one received.
//
//     node examples/node/server.mjs [PORT [MILLISECONDS]]
//     wellspring tail http://127.0.0.1:8089/events
//
// The number is the id, so an event source that comes back is told what it missed.

import { createServer } from "node:http";

const port = Number(process.argv[2] ?? 8089);
const tick = Number(process.argv[3] ?? 1000);
const started = Date.now();

/** The last number so far. */
const last = () => Math.floor((Date.now() - started) / tick) + 1;

/** Every third event is named, so that a listener for it has something to do. */
const block = (number) => {
  const event = number % 3 === 0 ? "event: notice\n" : "";
  return `${event}id: ${number}\ndata: number ${number}\ndata: of ${tick} ms\n\n`;
};

const server = createServer((request, response) => {
  if (request.url !== "/events") {
    response.writeHead(404).end();
    return;
  }
  response.writeHead(200, {
    "Content-Type": "text/event-stream",
    "Cache-Control": "no-cache, no-transform",
    "X-Accel-Buffering": "no",
  });
  // The head and these lines leave at once, before the first event. A blank line behind them would be
  // an empty event to some clients.
  response.write(": hello\nretry: 500\n");

  // Without an id the stream begins now; an id that makes no sense counts as none.
  const received = request.headers["last-event-id"];
  let next = /^\d{1,15}$/.test(received ?? "") ? Number(received) + 1 : last();
  const send = () => {
    for (; next <= last(); next += 1) {
      response.write(block(next));
    }
  };
  send();
  const timer = setInterval(send, Math.min(tick, 1000));
  response.on("close", () => clearInterval(timer));
});

server.listen(port, "127.0.0.1", () => {
  console.log(`listening on http://127.0.0.1:${server.address().port}/events`);
});
