// A Node http server on loopback. In: a request handler. Out: its URL, and a way to end it together
// with every connection it has.

import { createServer } from "node:http";
import { once } from "node:events";

/** Listens on a free port; `close` leaves no socket behind. */
export async function serve(handler) {
  const server = createServer(handler);
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const close = async () => {
    server.close();
    server.closeAllConnections();
    await once(server, "close");
  };
  return { url: `http://127.0.0.1:${server.address().port}`, close };
}

/** A port that nothing listens on now. */
export async function freePort() {
  const server = await serve(() => {});
  await server.close();
  return Number(new URL(server.url).port);
}
