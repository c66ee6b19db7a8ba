/**
 * What the examples need a server for: the page, its scripts, and the two event streams.
 *
 *     node server.js          then look at http://127.0.0.1:8080/page/index.html
 */

import { once } from "node:events";
import { readFile } from "node:fs/promises";
import http from "node:http";
import { fileURLToPath } from "node:url";

const STREAMS = {
  "/page/sse.php": "data: hello\n\nevent: ping\ndata: not for onmessage\n\ndata: two\ndata: lines\n\n",
  "/api/v1/sse": "event: notice\ndata: a notice\nid: 1\n\nevent: update\ndata: an update\n\ndata: a message\n\n",
};
const FILES = { "index.html": "text/html", "message.js": "text/javascript", "named-events.js": "text/javascript" };

async function answer(request, response) {
  const stream = STREAMS[request.url];
  if (stream !== undefined) {
    response.writeHead(200, { "content-type": "text/event-stream", "cache-control": "no-cache" });
    response.write(stream);
    return;
  }
  const name = request.url.replace("/page/", "");
  const type = FILES[name];
  response.writeHead(type === undefined ? 404 : 200, { "content-type": type ?? "text/plain" });
  response.end(type === undefined ? "not found\n" : await readFile(new URL(name, import.meta.url)));
}

export async function listen(port = 0) {
  const server = http.createServer(answer).listen(port, "127.0.0.1");
  await once(server, "listening");
  return { server, origin: `http://127.0.0.1:${server.address().port}` };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { origin } = await listen(8080);
  console.log(`${origin}/page/index.html`);
}
