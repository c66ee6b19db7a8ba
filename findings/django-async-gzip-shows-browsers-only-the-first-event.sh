#!/usr/bin/env bash
# Software: Django 5.2.19 (GZipMiddleware, StreamingHttpResponse with an async generator) on uvicorn 0.54.0;
#   readers: httpx 0.28.1 with httpx-sse 0.4.3, curl 7.88.1, requests 2.34.2, Node 20's fetch; Chromium and
#   Firefox if installed
# A good guess: compression either leaves event streams alone, or holds them back (as the synchronous
#   GZipMiddleware does), or flushes each event; and all readers see the same.
# What happens: each chunk becomes a gzip file of its own, one after the other. That is valid gzip, and
#   requests and Node read on. httpx, curl and the EventSource of Chromium and of Firefox stop at the
#   end of the first file: they show the first event at once, and then nothing, without an error, on
#   a connection that stays open. (curl says "failed writing body", code 23.)
# Why it matters: the first event arrives, so a quick look with a browser finds all well, and a test
#   with requests finds nothing either. A view escapes with a Content-Encoding of its own.
# Seen 2026-11-30: within 4 s httpx-sse 1, curl 1, Chromium 1, Firefox 1 event; requests 8, Node 8.
set -eu
. "$(dirname "$0")/lib.sh"

python_packages Django==5.2.19 uvicorn==0.54.0 httpx==0.28.1 httpx-sse==0.4.3 requests==2.34.2
cat >app.py <<'PYTHON'
import asyncio
import django
from django.conf import settings

settings.configure(SECRET_KEY="x", ALLOWED_HOSTS=["*"], ROOT_URLCONF="app",
                   MIDDLEWARE=["django.middleware.gzip.GZipMiddleware"])
django.setup()

from django.core.asgi import get_asgi_application
from django.http import HttpResponse, StreamingHttpResponse
from django.urls import path

async def events(request):
    async def numbers():
        for number in range(1, 1000):
            yield f"data: {number}\n\n"
            await asyncio.sleep(0.5)
    return StreamingHttpResponse(numbers(), content_type="text/event-stream")

async def page(request):
    return HttpResponse("""<script>
        let events = 0, errors = 0;
        const source = new EventSource("/events");
        source.onmessage = () => { events += 1; };
        source.onerror = () => { errors += 1; };
        setTimeout(() => fetch(`/report?${events} events, ${errors} errors`), 4000);
    </script>""")

async def report(request):
    print("page:", request.META["QUERY_STRING"].replace("%20", " "), flush=True)
    return HttpResponse("thanks")

urlpatterns = [path("events", events), path("report", report), path("", page)]
application = get_asgi_application()
PYTHON
cat >readers.py <<'PYTHON'
import signal, sys

class TimeIsUp(BaseException):
    pass

def up(*_):
    raise TimeIsUp

signal.signal(signal.SIGALRM, up)

def with_httpx_sse(url):
    import httpx, httpx_sse
    with httpx.Client(timeout=None) as client, httpx_sse.connect_sse(client, "GET", url) as source:
        yield from source.iter_sse()

def with_requests(url):
    import requests
    for line in requests.get(url, stream=True).iter_lines(chunk_size=1):
        if line.startswith(b"data:"):
            yield line

count = 0
signal.alarm(4)
try:
    for event in {"httpx-sse": with_httpx_sse, "requests": with_requests}[sys.argv[1]](sys.argv[2]):
        count += 1
except TimeIsUp:
    pass
print(count)
PYTHON
cat >reader.mjs <<'JS'
const response = await fetch(process.argv[2]);
let text = '';
setTimeout(() => { console.log(text.split('data: ').length - 1); process.exit(); }, 4000);
for await (const part of response.body.pipeThrough(new TextDecoderStream())) text += part;
JS

port=$(free_port)
start server "$python" -m uvicorn app:application --port "$port" --log-level warning
wait_for_port "$port"
url=http://127.0.0.1:$port/events

httpx=$("$python" readers.py httpx-sse "$url")
requests=$("$python" readers.py requests "$url")
node=$(node reader.mjs "$url")
code=0
curl -sN -m 4 --compressed "$url" >curl.txt || code=$?
echo "events within 4 s: httpx-sse $httpx, requests $requests, Node's fetch $node, curl $(grep -c '^data' curl.txt) (code $code)"

if command -v chromium >/dev/null; then
    start chromium timeout 14 chromium --headless --no-sandbox --disable-gpu --user-data-dir="$here/chromium" \
        --remote-debugging-port=0 "http://127.0.0.1:$port/"
    for _ in $(seq 1 26); do grep -q '^page' server.log && break || sleep 0.5; done
    echo "Chromium's EventSource: $(grep '^page' server.log || echo 'did not report')"
fi

[ "$requests" -ge 6 ] && [ "$node" -ge 6 ] || changed "requests or Node do not read the whole stream"
[ "$httpx" = 1 ] && [ "$(grep -c '^data' curl.txt)" = 1 ] ||
    changed "httpx or curl read past the first event, or do not read it"
if grep -q '^page' server.log; then
    grep -q '^page: 1 events, 0 errors' server.log || changed "Chromium reads past the first event, or says that something is wrong"
fi
recorded "of the same stream some readers see all events, and browsers, httpx and curl the first one only"
