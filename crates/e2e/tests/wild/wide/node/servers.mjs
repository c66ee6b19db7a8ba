// Servers of Node, each as its documentation shows it. Arguments: a name of below, the port. At / events with ids from the
// one after Last-Event-ID on, one each 100 ms; at /idle one event and then silence.
import { createServer } from 'node:http';

const sleep = (time) => new Promise((done) => setTimeout(done, time));

async function* numbers(last, idle) {
  for (let number = Number(last || 0) + 1; ; number += 1) {
    yield number;
    await sleep(idle ? 3_600_000 : 100);
  }
}

const isIdle = (url) => url.startsWith('/idle');

const servers = {
  async 'better-sse'(port) {
    const { createSession } = await import('better-sse');
    const { default: express } = await import('express');
    express()
      .get(['/', '/idle'], async (request, response) => {
        const session = await createSession(request, response);
        for await (const number of numbers(request.get('last-event-id'), isIdle(request.url))) {
          if (!session.isConnected) return;
          session.push(number, 'message', String(number));
        }
      })
      .listen(port, '127.0.0.1');
  },

  async 'express-sse'(port) {
    const { default: SSE } = await import('express-sse');
    const { default: express } = await import('express');
    const [moving, idle] = [new SSE(), new SSE(['1'])];
    let number = 0;
    setInterval(() => moving.send(String((number += 1))), 100);
    express().get('/', moving.init).get('/idle', idle.init).listen(port, '127.0.0.1');
  },

  async hono(port) {
    const { Hono } = await import('hono');
    const { streamSSE } = await import('hono/streaming');
    const { serve } = await import('@hono/node-server');
    const app = new Hono();
    const answer = (context) =>
      streamSSE(context, async (stream) => {
        for await (const number of numbers(context.req.header('last-event-id'), isIdle(context.req.path))) {
          if (stream.aborted) return;
          await stream.writeSSE({ id: String(number), data: String(number) });
        }
      });
    app.get('/', answer).get('/idle', answer);
    serve({ fetch: app.fetch, port, hostname: '127.0.0.1' });
  },

  async h3(port) {
    const { H3, createEventStream, serve } = await import('h3');
    const answer = (event) => {
      const stream = createEventStream(event);
      (async () => {
        for await (const number of numbers(event.req.headers.get('last-event-id'), isIdle(event.url.pathname))) {
          await stream.push({ id: String(number), data: String(number) });
        }
      })().catch(() => {});
      return stream.send();
    };
    serve(new H3().get('/', answer).get('/idle', answer), { port, hostname: '127.0.0.1' });
  },

  async '@fastify/sse'(port) {
    const { default: Fastify } = await import('fastify');
    const { default: sse } = await import('@fastify/sse');
    const fastify = Fastify();
    await fastify.register(sse);
    for (const path of ['/', '/idle']) {
      fastify.get(path, { sse: true }, async (request, reply) => {
        async function* events() {
          for await (const number of numbers(request.headers['last-event-id'], isIdle(path))) {
            yield { id: String(number), data: number };
          }
        }
        await reply.sse.send(events());
      });
    }
    await fastify.listen({ port, host: '127.0.0.1' });
  },

  async nestjs(port) {
    await import('reflect-metadata');
    const { Controller, Module, Req, Sse } = await import('@nestjs/common');
    const { NestFactory } = await import('@nestjs/core');
    const { from, map } = await import('rxjs');
    class Events {
      events(request) {
        const all = numbers(request.headers['last-event-id'], isIdle(request.url));
        return from(all).pipe(map((number) => ({ id: String(number), data: String(number) })));
      }
    }
    // What decorators do in TypeScript.
    const method = Object.getOwnPropertyDescriptor(Events.prototype, 'events');
    Req()(Events.prototype, 'events', 0);
    Sse(['/', '/idle'])(Events.prototype, 'events', method);
    Controller()(Events);
    class App {}
    Module({ controllers: [Events] })(App);
    const app = await NestFactory.create(App, { logger: false });
    await app.listen(port, '127.0.0.1');
  },

  async 'graphql-sse'(port) {
    const { GraphQLInt, GraphQLObjectType, GraphQLSchema } = await import('graphql');
    const { createHandler } = await import('graphql-sse/lib/use/http');
    const field = (idle) => ({
      type: GraphQLInt,
      async *subscribe() {
        for await (const number of numbers(0, idle)) yield { moving: number, idle: number };
      },
    });
    const query = new GraphQLObjectType({ name: 'Query', fields: { none: { type: GraphQLInt } } });
    const fields = { moving: field(false), idle: field(true) };
    const subscription = new GraphQLObjectType({ name: 'Subscription', fields });
    const handler = createHandler({ schema: new GraphQLSchema({ query, subscription }) });
    createServer((request, response) => {
      const name = isIdle(request.url) ? 'idle' : 'moving';
      request.url = `/?query=${encodeURIComponent(`subscription{${name}}`)}`;
      return handler(request, response);
    }).listen(port, '127.0.0.1');
  },
};

await servers[process.argv[2]](Number(process.argv[3]));
