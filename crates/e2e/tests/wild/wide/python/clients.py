"""Clients of Python, each as its documentation shows it. Arguments: a name of below, the URL. Prints each event as a
line of JSON. Those that do not come back by themselves are in the loop that their documentation has for it."""
import asyncio
import json
import sys
import time


def show(kind, data, id):
    print(json.dumps({"type": kind, "data": data, "id": id}), flush=True)


def httpx_sse(url):
    import httpx
    from httpx_sse import connect_sse

    last, wait = "", 0.0
    while True:
        time.sleep(wait)
        headers = {"Accept": "text/event-stream"}
        if last:
            headers["Last-Event-ID"] = last
        try:
            with httpx.Client(timeout=None) as client, connect_sse(client, "GET", url, headers=headers) as source:
                for event in source.iter_sse():
                    last = event.id
                    wait = wait if event.retry is None else event.retry / 1000
                    show(event.event, event.data, event.id)
        except httpx.HTTPError:
            wait = wait or 0.1


def sseclient_py(url):
    """It has no loop of its own: the program brings the id."""
    import requests
    from sseclient import SSEClient

    last = None
    while True:
        headers = {"Accept": "text/event-stream"} | ({"Last-Event-ID": last} if last else {})
        try:
            for event in SSEClient(requests.get(url, stream=True, headers=headers)).events():
                last = event.id or last
                show(event.event, event.data, event.id)
        except requests.RequestException:
            pass
        time.sleep(0.1)


def requests_sse(url):
    from requests_sse import EventSource

    with EventSource(url, timeout=30) as source:
        for event in source:
            show(event.type, event.data, event.last_event_id)


def launchdarkly_eventsource(url):
    from ld_eventsource import SSEClient
    from ld_eventsource.config import ErrorStrategy

    client = SSEClient(url, initial_retry_delay=0.1, error_strategy=ErrorStrategy.always_continue())
    for event in client.events:
        show(event.event, event.data, event.id)


def aiohttp_sse_client(url):
    from aiohttp_sse_client import client

    async def main():
        async with client.EventSource(url) as source:
            async for event in source:
                show(event.type, event.data, event.last_event_id)

    asyncio.run(main())


globals()[sys.argv[1].replace("-", "_")](sys.argv[2])
