#!/usr/bin/env bash
# Software: falcon 4.4.0, lilya 0.29.0, microdot 2.7.0, each under uvicorn 0.54.0
# A good guess: a text of two lines is sent as two `data` lines, as the format asks, and as sse-starlette, FastAPI and
#   litestar do; the reader gets the text as it was.
# What happens: all three write `data: ` and then the text as it is. The second line is a field of an unknown name, which
#   every reader has to ignore: the text arrives as its first line, without an error on either side.
# Why it matters: a log message, an address or a paragraph is cut short in silence. JSON is not affected, since it has no
#   line end outside its strings. With these three, send JSON, or split the text.
# Seen 2026-11-30: `first\nsecond` arrives as `first` from all three, read by httpx-sse 0.4.3.
set -eu
. "$(dirname "$0")/lib.sh"

python_packages falcon==4.4.0 lilya==0.29.0 microdot==2.7.0 uvicorn==0.54.0 httpx==0.28.1 httpx-sse==0.4.3

cat >server.py <<'PYTHON'
import sys

import uvicorn

TEXT = "first\nsecond"


def falcon():
    import falcon.asgi

    class Events:
        async def on_get(self, request, response):
            async def generate():
                yield falcon.asgi.SSEvent(text=TEXT)
            response.sse = generate()

    app = falcon.asgi.App()
    app.add_route("/", Events())
    return app


def lilya():
    from lilya.apps import Lilya
    from lilya.responses import EventStreamResponse
    from lilya.routing import Path

    async def events():
        async def generate():
            yield {"data": TEXT}
        return EventStreamResponse(generate())

    return Lilya(routes=[Path("/", events)])


def microdot():
    from microdot.asgi import Microdot
    from microdot.sse import with_sse

    app = Microdot()

    @app.route("/")
    @with_sse
    async def events(request, sse):
        await sse.send(TEXT)

    return app


uvicorn.run(globals()[sys.argv[1]](), host="127.0.0.1", port=int(sys.argv[2]), log_level="warning")
PYTHON
cat >reader.py <<'PYTHON'
import sys

import httpx
from httpx_sse import connect_sse

with httpx.Client(timeout=10) as client, connect_sse(client, "GET", sys.argv[1]) as source:
    print(repr(next(event.data for event in source.iter_sse() if event.data)))
PYTHON
for framework in falcon lilya microdot; do
    port=$(free_port)
    start "$framework" "$python" server.py "$framework" "$port"
    wait_for_port "$port"
    seen=$("$python" reader.py "http://127.0.0.1:$port/")
    echo "$framework: 'first\\nsecond' arrives as $seen"
    [ "$seen" = "'first'" ] || changed "$framework sends more than the first line: $seen"
done
recorded "a text of two lines arrives as its first line from three frameworks"
