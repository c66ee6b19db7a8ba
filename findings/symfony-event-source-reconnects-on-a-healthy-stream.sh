#!/usr/bin/env bash
# Software: Symfony HttpClient 5.4.53 (Debian's php-symfony-http-client), PHP 8.2, with sse-starlette 3.7.0 under uvicorn
# A good guess: in the documented loop, `stream($source, 2)` with `if ($chunk->isTimeout()) continue;`, a timeout means that
#   nothing came for 2 s; the connection stays. The client reconnects when it is lost, after 10 s, its "reconnection time".
# What happens: the reconnection time is also the longest silence: once nothing came for 2 s and then 10 s more, it cancels the
#   healthy connection and asks again. A server whose comments come each 15 s, as those of sse-starlette, FastAPI and
#   aiohttp-sse by default, gets a new request from each quiet reader about every 12 s, for ever.
# Why it matters: it looks like a reader whose network is bad, and a server that does not resume loses what it publishes in
#   between. Comments more often than each 10 s, or `new EventSourceHttpClient($client, 60)`, help; so does a time
#   for `stream()` that is longer than the server's silences.
# Seen 2026-11-30: 4 requests in 45 s for one reader of a stream that was not cut, with a ping each 15 s; 1 with a ping each 5 s.
set -eu
. "$(dirname "$0")/lib.sh"

debian php-cli php
[ -e /usr/share/php/Symfony/Component/HttpClient/autoload.php ] || debian php-symfony-http-client symfony-http-client
echo "php-symfony-http-client $(dpkg-query -W -f '${Version}' php-symfony-http-client)"
python_packages sse-starlette==3.7.0 uvicorn==0.54.0

cat >server.py <<'PYTHON'
import asyncio
import sys

import uvicorn
from sse_starlette.sse import EventSourceResponse
from starlette.applications import Starlette
from starlette.routing import Route

ping = {} if sys.argv[2] == "default" else {"ping": int(sys.argv[2])}


async def events(request):
    print("request, Last-Event-ID", request.headers.get("last-event-id"), flush=True)

    async def generate():
        yield {"id": "1", "data": "one"}
        await asyncio.sleep(3600)
    return EventSourceResponse(generate(), **ping)


uvicorn.run(Starlette(routes=[Route("/", events)]), host="127.0.0.1", port=int(sys.argv[1]), log_level="warning")
PYTHON
cat >reader.php <<'PHP'
<?php
require_once 'Symfony/Component/HttpClient/autoload.php';

use Symfony\Component\HttpClient\EventSourceHttpClient;
use Symfony\Component\HttpClient\HttpClient;

// The loop of the documentation, for 45 s.
$client = new EventSourceHttpClient(HttpClient::create());
$source = $client->connect($argv[1]);
$end = microtime(true) + 45;
while (microtime(true) < $end) {
    foreach ($client->stream($source, 2) as $response => $chunk) {
        if ($chunk->isTimeout()) {
            if (microtime(true) > $end) {
                break 2;
            }
            continue;
        }
        if ($chunk->isLast()) {
            exit(1);
        }
    }
}
$source->cancel();
PHP
requests() {
    port=$(free_port)
    start "server-$1" "$python" server.py "$port" "$1"
    wait_for_port "$port"
    php reader.php "http://127.0.0.1:$port/" >"reader-$1.log" 2>&1 || { cat "reader-$1.log" >&2; changed "the reader ended by itself"; }
    count=$(grep -c '^request' "server-$1.log")
    echo "ping $1: $count requests in 45 s"
}
requests default
[ "$count" -ge 3 ] || changed "the quiet stream was left alone: $count requests"
requests 5
[ "$count" -eq 1 ] || changed "a ping each 5 s is not enough: $count requests"
recorded "a quiet and healthy stream is asked for again about every 12 s"
