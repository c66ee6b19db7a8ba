/**
 * A scripted server. In: for each request in turn, a function of the response, or the text of an
 * event stream. Out: its URL, and the requests it saw; it stops after the test.
 */

import { once } from "node:events";
import http from "node:http";

/**
 * @typedef {(response: http.ServerResponse, request: http.IncomingMessage) => void} Answer
 *
 * @param {import("node:test").TestContext} t
 * @param {...(Answer | string)} answers The last one answers all further requests.
 */
export async function serve(t, ...answers) {
  const requests = [];
  const server = http.createServer((request, response) => {
    const answer = answers[Math.min(requests.length, answers.length - 1)];
    requests.push(request);
    if (typeof answer === "string") stream(answer)(response, request);
    else answer(response, request);
  });
  // Room for all the sources of a soak: whoever finds none comes again after a second.
  server.listen({ port: 0, host: "127.0.0.1", backlog: 4096 });
  await once(server, "listening");
  const origin = `http://127.0.0.1:${server.address().port}`;
  t.after(() => stop(server));
  return {
    requests,
    origin,
    url: `${origin}/stream`,
    connections: () => new Promise((resolve) => server.getConnections((_, count) => resolve(count))),
    stop: () => stop(server),
  };
}

function stop(server) {
  const closed = new Promise((resolve) => server.close(() => resolve()));
  server.closeAllConnections();
  return closed;
}

/** An event stream that stays open after the text. */
export function stream(text, headers = {}) {
  return (response) => {
    response.writeHead(200, { "content-type": "text/event-stream", ...headers });
    response.write(text === "" ? ":\n" : text);
  };
}

/** An event stream that ends after the text. */
export function ending(text) {
  return (response) => {
    response.writeHead(200, { "content-type": "text/event-stream" });
    response.end(text);
  };
}

/** A response without an event stream. */
export function refusing(status, headers = {}, body = "") {
  return (response) => {
    response.writeHead(status, headers);
    response.end(body);
  };
}
