#!/usr/bin/env bash
# Software: http-proxy-middleware 4.2.1 on Express 5.3.0, Node 20
# A good guess: when the upstream server dies in the middle of a stream, the proxy breaks the
#   response off, so that the reader sees an error; by FIN or by RST makes no difference.
# What happens: a FIN without the last chunk reaches the reader as an error. A reset does not: the
#   error handler, on by default, writes "Error occurred while trying to proxy: HOST/PATH" into the
#   running stream and ends it properly. A reader of event streams ignores that line (a field name
#   nobody knows), so what is left is a clean end.
# Why it matters: a finite stream (an answer of a model, an export) that was cut looks complete,
#   depending on how the kernel of the server closed the socket. A server that is killed with
#   unread input, and most load balancers that time out, send resets.
# Seen 2026-11-30: FIN: error after 4 events; RST: clean end after 4 events and the line above.
set -eu
. "$(dirname "$0")/lib.sh"

node_packages http-proxy-middleware@4.2.1 express@5.3.0
upstream=$(free_port)
front=$(free_port)

cat >upstream.mjs <<'JS'
import http from 'node:http';
http.createServer((request, response) => {
  response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-cache' });
  let number = 0;
  const timer = setInterval(() => {
    response.write(`data: ${++number}\n\n`);
    if (number < 4) return;
    clearInterval(timer);
    setTimeout(() => {
      if (request.url.endsWith('rst')) request.socket.resetAndDestroy();
      else request.socket.destroy();
    }, 200);
  }, 100);
}).listen(Number(process.argv[2]), '127.0.0.1');
JS
cat >proxy.mjs <<'JS'
import express from 'express';
import { createProxyMiddleware } from 'http-proxy-middleware';
const app = express();
app.use(createProxyMiddleware({ target: `http://127.0.0.1:${process.argv[2]}`, changeOrigin: true }));
app.listen(Number(process.argv[3]), '127.0.0.1');
JS
start upstream node upstream.mjs "$upstream"
start proxy node proxy.mjs "$upstream" "$front"
wait_for_port "$upstream"
wait_for_port "$front"

# The exit code of curl: 0 is a proper end, 18 a body that broke off, 56 a reset.
read_stream() {
    code=0
    curl -sN -m 10 "http://127.0.0.1:$front/$1" >"$1.txt" || code=$?
    echo "$1: curl exits with $code after $(grep -c '^data: ' "$1.txt") events; last line: $(tail -n 1 "$1.txt")"
}

read_stream fin
fin=$code
read_stream rst
rst=$code

[ "$fin" != 0 ] || changed "a stream cut by FIN now ends cleanly, too"
{ [ "$rst" = 0 ] && grep -q '^Error occurred' rst.txt; } || changed "a stream cut by a reset is no longer ended cleanly"
recorded "a reset of the upstream server is a clean end with a line of text; a FIN is an error"
