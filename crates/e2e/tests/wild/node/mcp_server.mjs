// An MCP server over streamable HTTP with the TypeScript SDK, one session, with an event store, so that
// the stream of a GET can be resumed. Argument: the port. Sends a log message each 100 ms to who listens.
import { createServer } from 'node:http';
import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js';

/** Keeps every message of every stream, in order. */
class EventStore {
  #kept = [];

  async storeEvent(stream, message) {
    this.#kept.push({ stream, message });
    return String(this.#kept.length);
  }

  async getStreamIdForEventId(id) {
    return this.#kept[Number(id) - 1]?.stream;
  }

  async replayEventsAfter(id, { send }) {
    const stream = await this.getStreamIdForEventId(id);
    for (const [index, kept] of this.#kept.entries()) {
      if (index >= Number(id) && kept.stream === stream) {
        await send(String(index + 1), kept.message);
      }
    }
    return stream;
  }
}

const server = new McpServer({ name: 'wild', version: '1.0.0' }, { capabilities: { logging: {} } });
server.registerTool('hello', { description: 'Says hello' }, async () => ({
  content: [{ type: 'text', text: 'hello' }],
}));
const transport = new StreamableHTTPServerTransport({
  sessionIdGenerator: () => 'only',
  eventStore: new EventStore(),
});
await server.connect(transport);
let number = 0;
setInterval(() => {
  number += 1;
  server.sendLoggingMessage({ level: 'info', data: number }).catch(() => {});
}, 100);
createServer((request, response) => transport.handleRequest(request, response)).listen(
  Number(process.argv[2]),
  '127.0.0.1',
);
