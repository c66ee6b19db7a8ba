#!/usr/bin/env bash
# Software: event-source-plus 0.1.15 (npm), with sse-starlette 3.7.0 under uvicorn 0.54.0; Node 20
# A good guess: a client that calls itself "a more configurable EventSource implementation" joins the `data` lines of an
#   event with line ends, as EventSource does.
# What happens: each further `data` line replaces the one before: a text of two lines arrives as its last line, without
#   an error. The id, the type and the place after a cut are right, so that tests with one line pass.
# Why it matters: every server that follows the format splits a text with line ends into `data` lines. What language models
#   and logs send has line ends. Send JSON to this client, or read with another.
# Seen 2026-11-30: of `first\nsecond\nthird` the program gets `third`; eventsource 5.1.5 gets all of it.
set -eu
. "$(dirname "$0")/lib.sh"

python_packages sse-starlette==3.7.0 uvicorn==0.54.0
node_packages event-source-plus@0.1.15 eventsource@5.1.5

cat >server.py <<'PYTHON'
import asyncio
import sys

import uvicorn
from sse_starlette.sse import EventSourceResponse
from starlette.applications import Starlette
from starlette.routing import Route


async def events(request):
    async def generate():
        yield {"id": "1", "data": "first\nsecond\nthird"}
        await asyncio.sleep(60)
    return EventSourceResponse(generate())


uvicorn.run(Starlette(routes=[Route("/", events)]), host="127.0.0.1", port=int(sys.argv[1]), log_level="warning")
PYTHON
cat >readers.mjs <<'JS'
import { EventSourcePlus } from 'event-source-plus';
import { EventSource } from 'eventsource';

const seen = {};
const show = (name, data) => {
  seen[name] ??= JSON.stringify(data);
  if (Object.keys(seen).length === 2) {
    for (const reader of Object.keys(seen).sort()) console.log(`${reader}: ${seen[reader]}`);
    process.exit();
  }
};
new EventSourcePlus(process.argv[2]).listen({ onMessage: ({ data }) => show('event-source-plus', data) });
new EventSource(process.argv[2]).onmessage = ({ data }) => show('eventsource', data);
setTimeout(() => process.exit(1), 20_000);
JS
port=$(free_port)
start server "$python" server.py "$port"
wait_for_port "$port"
node readers.mjs "http://127.0.0.1:$port/" | tee seen.txt
grep -qx 'eventsource: "first\\nsecond\\nthird"' seen.txt || changed "eventsource does not get all lines"
grep -qx 'event-source-plus: "third"' seen.txt || changed "event-source-plus gets something else than the last line"
recorded "of three data lines the last one is left"
