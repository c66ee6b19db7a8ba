// A proxy that gives a server a path of its own. In: the server's URL, the path. Out: the URL of the same
// page through the proxy, which strips the path or passes it on.
//
// Next: ../prefix.test.js.

import { request as ask } from "node:http";
import { serve } from "./server.js";

export async function proxy(target, prefix, { strips }) {
  const { url, close } = await serve((request, response) => {
    if (!request.url.startsWith(`${prefix}/`)) {
      response.writeHead(404).end();
      return;
    }
    const path = strips ? request.url.slice(prefix.length) : request.url;
    const { method, headers } = request;
    const asked = ask(new URL(path, target), { method, headers }, (answer) => {
      response.writeHead(answer.statusCode, answer.headers);
      answer.pipe(response);
    });
    asked.on("error", () => response.destroy());
    response.on("close", () => asked.destroy());
    request.pipe(asked);
  });
  return { url: `${url}${prefix}/`, close };
}
