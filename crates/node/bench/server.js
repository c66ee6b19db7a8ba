/**
 * One raw server for all clients. In: the wish for a stream. Out: the same bytes for everybody, as
 * fast as the socket takes them, in a process of its own.
 */

import net from "node:net";

const EVENT_SIZE = 120;
/** Events in one write. */
const WRITE = 512;

/** @param {number} number */
function event(number, withIds) {
  const id = withIds ? `id: ${1_000_000 + number}\n` : "";
  const head = `${id}data: {"n":${number % 10},"text":"`;
  const tail = '"}\n\n';
  return head + "x".repeat(EVENT_SIZE - head.length - tail.length) + tail;
}

const HEAD = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\n\r\n";

function serve(socket, withIds) {
  let number = 0;
  const block = () => {
    const events = Array.from({ length: WRITE }, () => event(number++, withIds));
    return Buffer.from(events.join(""));
  };
  // With ids the text differs from write to write, and is made once for all.
  const blocks = Array.from({ length: withIds ? 64 : 1 }, block);
  let next = 0;
  const pump = () => {
    while (socket.write(blocks[next++ % blocks.length]));
  };
  socket.write(HEAD);
  socket.on("drain", pump);
  pump();
}

const server = net.createServer((socket) => {
  socket.on("error", () => {});
  socket.once("data", (request) => serve(socket, String(request).startsWith("GET /ids")));
});
server.listen(0, "127.0.0.1", () => process.send(server.address().port));
process.on("disconnect", () => process.exit());
