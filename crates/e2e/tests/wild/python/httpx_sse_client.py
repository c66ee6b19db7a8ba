"""httpx-sse as its documentation shows it: a loop around one connection, with the id and the
reconnection time of the newest event. Argument: the URL. Prints each event as a line of JSON."""
import json
import sys
import time

import httpx
from httpx_sse import connect_sse

last_event_id, wait = "", 0.0
while True:
    time.sleep(wait)
    headers = {"Accept": "text/event-stream"}
    if last_event_id:
        headers["Last-Event-ID"] = last_event_id
    try:
        with httpx.Client(timeout=None) as client:
            with connect_sse(client, "GET", sys.argv[1], headers=headers) as source:
                for event in source.iter_sse():
                    last_event_id = event.id
                    if event.retry is not None:
                        wait = event.retry / 1000
                    line = {"type": event.event, "data": event.data, "id": event.id}
                    print(json.dumps(line), flush=True)
    except httpx.HTTPError as error:
        print("lost:", type(error).__name__, file=sys.stderr, flush=True)
