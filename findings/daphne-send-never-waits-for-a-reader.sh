#!/usr/bin/env bash
# Software: daphne 4.2.3 and uvicorn 0.54.0, serving one ASGI program
# A good guess: `await send()` waits while a reader does not read, in each server of the protocol, so
#   that an async generator of events is slowed down to its reader and memory stays flat.
# What happens: so it is in uvicorn (and in hypercorn 0.18.0 and granian 2.8.9): it waits after some
#   megabytes, which the kernel holds. In daphne send() returns at once, always: all that is sent
#   waits in the memory of the server until the reader reads or leaves.
# Why it matters: one phone that sleeps costs as much memory as its stream produces. A limit on the size of
#   a queue before send() does not help, for the queue is always empty. Django's own development
#   server with Channels is daphne, so a program that behaves there may behave otherwise elsewhere.
# Seen 2026-11-30: of 100 MB for a reader that does not read, uvicorn sent 4 MB and daphne 100 MB, with
#   96 MB more of memory in use.
set -eu
. "$(dirname "$0")/lib.sh"

python_packages daphne==4.2.3 uvicorn==0.54.0
cat >app.py <<'PYTHON'
import asyncio

async def application(scope, receive, send):
    if scope["type"] != "http":
        raise NotImplementedError("this program speaks HTTP only")
    headers = [(b"content-type", b"text/event-stream")]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    for number in range(10000):
        event = b"data: %d %s\n\n" % (number, b"x" * 10000)
        await send({"type": "http.response.body", "body": event, "more_body": True})
        if number % 100 == 99:
            print(f"sent {(number + 1) // 100} MB", flush=True)
            await asyncio.sleep(0)
PYTHON
cat >idle_reader.py <<'PYTHON'
import socket, sys, time
connection = socket.create_connection(("127.0.0.1", int(sys.argv[1])))
connection.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
time.sleep(60)
PYTHON

memory() {
    awk '/^VmRSS/ { print int($2 / 1024) }' "/proc/$1/status"
}

# Sets `sent`, the megabytes handed over while nobody read, and `grown`, those that memory grew by.
serve_with() {
    port=$(free_port)
    server=$1
    shift
    start "$server" "$python" -m "$@" "$port" app:application
    id=$last
    wait_for_port "$port"
    sleep 1
    before=$(memory "$id")
    start "reader-of-$server" python3 idle_reader.py "$port"
    reader=$last
    sleep 8
    sent=$(grep -o 'sent [0-9]*' "$server.log" | tail -n 1 | cut -d ' ' -f 2 || true)
    grown=$(($(memory "$id") - before))
    stop "$reader"
    stop "$id" KILL
    echo "$server: ${sent:-0} MB sent to a reader that does not read, memory grew by $grown MB"
}

serve_with uvicorn uvicorn --lifespan off --log-level error --port
uvicorn=${sent:-0}
serve_with daphne daphne -v 0 -b 127.0.0.1 -p
daphne=${sent:-0}
held=$grown

[ "$uvicorn" -le 30 ] || changed "uvicorn's send() no longer waits for the reader"
[ "$daphne" = 100 ] && [ "$held" -ge 60 ] || changed "daphne's send() waits for the reader now"
recorded "send() waits in uvicorn after $uvicorn MB, and in daphne not within 100 MB"
