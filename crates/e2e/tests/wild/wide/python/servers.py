"""Servers of Python, each as its documentation shows it. Arguments: a name of below, the port. At / events with ids from
the one after Last-Event-ID on, one each 100 ms; at /idle one event and then silence. All resume as this program says."""
import asyncio
import sys

TICK = 0.1


async def numbers(last, idle):
    number = int(last or 0)
    while True:
        number += 1
        yield number
        await asyncio.sleep(3600 if idle else TICK)


def serve(app, port):
    import uvicorn

    uvicorn.run(app, host="127.0.0.1", port=port, log_level="warning", timeout_graceful_shutdown=1)


def sse_starlette(port):
    from sse_starlette.sse import EventSourceResponse
    from starlette.applications import Starlette
    from starlette.routing import Route

    async def events(request):
        async def generate():
            async for number in numbers(request.headers.get("last-event-id"), request.url.path == "/idle"):
                yield {"id": str(number), "data": str(number)}
        return EventSourceResponse(generate())

    serve(Starlette(routes=[Route("/", events), Route("/idle", events)]), port)


def fastapi(port):
    from fastapi import FastAPI, Request
    from fastapi.sse import EventSourceResponse, ServerSentEvent

    app = FastAPI()

    @app.get("/", response_class=EventSourceResponse)
    @app.get("/idle", response_class=EventSourceResponse)
    async def events(request: Request):
        async for number in numbers(request.headers.get("last-event-id"), request.url.path == "/idle"):
            yield ServerSentEvent(id=str(number), raw_data=str(number))

    serve(app, port)


def litestar(port):
    from litestar import Litestar, Request, get
    from litestar.response import ServerSentEvent

    @get(["/", "/idle"])
    async def events(request: Request) -> ServerSentEvent:
        async def generate():
            async for number in numbers(request.headers.get("last-event-id"), request.url.path == "/idle"):
                yield {"id": str(number), "data": str(number)}
        return ServerSentEvent(generate())

    serve(Litestar([events]), port)


def quart(port):
    from hypercorn.asyncio import serve as hypercorn
    from hypercorn.config import Config
    from quart import Quart, make_response, request

    app = Quart("wild")

    @app.get("/")
    @app.get("/idle")
    async def events():
        last, idle = request.headers.get("Last-Event-ID"), request.path == "/idle"

        async def generate():
            async for number in numbers(last, idle):
                yield f"id: {number}\ndata: {number}\n\n".encode()
        headers = {"Content-Type": "text/event-stream", "Cache-Control": "no-cache", "Transfer-Encoding": "chunked"}
        response = await make_response(generate(), headers)
        response.timeout = None
        return response

    config = Config()
    config.bind, config.graceful_timeout = [f"127.0.0.1:{port}"], 1
    asyncio.run(hypercorn(app, config))


def sanic(port):
    from sanic import Sanic

    app = Sanic("wild")
    app.config.GRACEFUL_SHUTDOWN_TIMEOUT = 1
    app.config.RESPONSE_TIMEOUT = 3600

    async def events(request):
        response = await request.respond(content_type="text/event-stream", headers={"Cache-Control": "no-cache"})
        async for number in numbers(request.headers.get("last-event-id"), request.path == "/idle"):
            await response.send(f"id: {number}\ndata: {number}\n\n")

    app.add_route(events, "/", name="root")
    app.add_route(events, "/idle", name="idle")
    app.run(host="127.0.0.1", port=port, single_process=True, motd=False, access_log=False)


def tornado(port):
    from tornado import web
    from tornado.iostream import StreamClosedError

    class Events(web.RequestHandler):
        async def get(self):
            self.set_header("Content-Type", "text/event-stream")
            self.set_header("Cache-Control", "no-cache")
            try:
                async for number in numbers(self.request.headers.get("Last-Event-ID"), self.request.path == "/idle"):
                    self.write(f"id: {number}\ndata: {number}\n\n")
                    await self.flush()
            except StreamClosedError:
                pass

    async def main():
        web.Application([("/", Events), ("/idle", Events)]).listen(port, "127.0.0.1")
        await asyncio.Event().wait()

    asyncio.run(main())


def aiohttp_sse(port):
    from aiohttp import web
    from aiohttp_sse import sse_response

    async def events(request):
        async with sse_response(request) as response:
            async for number in numbers(request.headers.get("Last-Event-ID"), request.path == "/idle"):
                await response.send(str(number), id=str(number))
        return response

    app = web.Application()
    app.router.add_get("/", events)
    app.router.add_get("/idle", events)
    web.run_app(app, host="127.0.0.1", port=port, print=None, shutdown_timeout=1)


globals()[sys.argv[1].replace("-", "_")](int(sys.argv[2]))
