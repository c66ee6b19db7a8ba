#!/usr/bin/env bash
# Software: uvicorn 0.54.0 with --workers 2 --limit-max-requests, sse-starlette 3.7.0, starlette 1.10.0
# A good guess: a worker that has served its number of requests is replaced at once, or after a
#   short grace; its open streams are cut or go on in the old process; the service stays up.
# What happens: the worker stops listening, then waits for its streams to end, without a limit
#   (timeout-graceful-shutdown is unset), and the supervisor starts no other one until it has
#   exited. Once each worker has a stream open and has reached its limit, connections are refused
#   for as long as the readers stay. Readers have no reason to leave: their events go on.
#   sse-starlette ends its streams when the server gets a signal, but no signal is sent here.
# Why it matters: the setting that is meant to guard against leaks takes the service down, for hours,
#   while health checks through open streams look fine. --timeout-graceful-shutdown bounds it.
#   (gunicorn 27.0.1 with uvicorn-worker 0.4.0 and --max-requests: the same for 30 s.)
# Seen 2026-11-30: without streams all of 60 requests were answered; with 6 streams none for 8 s,
#   with the streams alive; 3 s after the readers left, answered again.
set -eu
. "$(dirname "$0")/lib.sh"

python_packages uvicorn==0.54.0 sse-starlette==3.7.0 starlette==1.10.0
cat >app.py <<'PYTHON'
import asyncio
from sse_starlette import EventSourceResponse
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Route

async def numbers():
    for number in range(1, 100000):
        yield {"id": str(number), "data": str(number)}
        await asyncio.sleep(0.5)

app = Starlette(routes=[
    Route("/events", lambda request: EventSourceResponse(numbers())),
    Route("/", lambda request: PlainTextResponse("here")),
])
PYTHON

# Asks $1 times, a second at most each, with $2 between; prints how many were answered.
ask() {
    python3 - "$port" "$1" "$2" <<'PYTHON'
import http.client, sys, time
answered = 0
for _ in range(int(sys.argv[2])):
    try:
        connection = http.client.HTTPConnection("127.0.0.1", int(sys.argv[1]), timeout=1)
        connection.request("GET", "/", headers={"Connection": "close"})
        answered += connection.getresponse().status == 200
        connection.close()
    except OSError:
        pass
    time.sleep(float(sys.argv[3]))
print(answered)
PYTHON
}

serve() {
    port=$(free_port)
    start server "$python" -m uvicorn app:app --port "$port" --workers 2 --limit-max-requests 15 --log-level warning
    server=$last
    wait_for_port "$port"
    sleep 2
}

serve
without=$(ask 60 0.1)
stop "$server"

serve
readers=""
for number in 1 2 3 4 5 6; do
    start "reader$number" curl -sN -m 60 "http://127.0.0.1:$port/events"
    readers="$readers $last"
done
sleep 1
ask 40 0.01 >/dev/null
before=$(cat reader*.log | grep -c '^data')
with=$(ask 8 1)
after=$(cat reader*.log | grep -c '^data')
for id in $readers; do stop "$id"; done
sleep 5
back=$(ask 1 0)
echo "answered: without streams $without of 60; with 6 streams, past the limit, $with of 8 within 8 s; after the readers left $back of 1"
echo "the streams themselves went on: $before, then $after events"

[ "$without" -ge 50 ] || changed "without streams the limit already stops the service"
[ "$with" -le 2 ] && [ "$after" -gt "$((before + 40))" ] && [ "$back" = 1 ] ||
    changed "open streams no longer keep uvicorn from replacing its workers"
recorded "two workers past their limit, with streams open, refuse every connection"
