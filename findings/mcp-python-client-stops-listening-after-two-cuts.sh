#!/usr/bin/env bash
# Software: MCP Python SDK mcp 2.3.0 (client), @modelcontextprotocol/sdk 1.32.2 (server, and a client to
#   compare), express 5.3.0, nginx 1.22.1 between them with proxy_read_timeout (here 3 s; 60 s unless set)
# A good guess: both clients keep the session's GET stream open for what the server sends unasked:
#   when a proxy cuts it for silence they open it again, today and tomorrow. "2 attempts" means two
#   in a row that fail.
# What happens: the Python client counts every cut of a stream that was open and well, and only a
#   clean end sets its count back. After the second cut in the life of the session, be it days after
#   the first, it never opens the stream again. Calls go on working; notifications are lost, and
#   nothing says so but a line at the level debug. The TypeScript client reopens it each time.
# Why it matters: the TypeScript server sends no keep-alives, so behind nginx as installed the second
#   cut comes after two quiet minutes. list_changed, progress and resource updates stop for good.
#   A server that sends a comment more often than its proxies time out avoids it.
# Seen 2026-11-30: Python: came, came, LOST, LOST. TypeScript: came, came, came, came.
set -eu
. "$(dirname "$0")/lib.sh"

debian nginx nginx
python_packages mcp==2.3.0
node_packages @modelcontextprotocol/sdk@1.32.2 express@5.3.0
upstream=$(free_port)
front=$(free_port)

cat >server.mjs <<'JS'
import express from 'express';
import { randomUUID } from 'node:crypto';
import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js';

const sessions = {};
async function newTransport() {
  const mcp = new McpServer({ name: 'tool', version: '1' }, { capabilities: { tools: { listChanged: true } } });
  mcp.registerTool('change', { description: 'changes the list' }, async () => {
    setTimeout(() => mcp.server.notification({ method: 'notifications/tools/list_changed' }), 100);
    return { content: [{ type: 'text', text: 'done' }] };
  });
  const transport = new StreamableHTTPServerTransport({
    sessionIdGenerator: randomUUID,
    onsessioninitialized: (id) => { sessions[id] = transport; },
  });
  await mcp.connect(transport);
  return transport;
}

const app = express();
app.use(express.json());
app.all('/mcp', async (request, response) => {
  const known = sessions[request.headers['mcp-session-id']];
  if (request.method === 'GET') console.log('GET');
  await (known ?? await newTransport()).handleRequest(request, response, request.body);
});
app.listen(Number(process.argv[2]), '127.0.0.1');
JS
cat >nginx.conf <<CONF
daemon off;
pid $here/nginx.pid;
error_log $here/nginx-error.log;
events { worker_connections 64; }
http {
    access_log off;
    client_body_temp_path $here/body;
    proxy_temp_path $here/proxy;
    fastcgi_temp_path $here/fastcgi;
    uwsgi_temp_path $here/uwsgi;
    scgi_temp_path $here/scgi;
    server {
        listen 127.0.0.1:$front;
        location / { proxy_pass http://127.0.0.1:$upstream; proxy_read_timeout 3s; }
    }
}
CONF
cat >client.py <<'PYTHON'
import sys
import anyio
from mcp import ClientSession
from mcp.client.streamable_http import streamable_http_client

seen = 0

async def on_message(message):
    global seen
    seen += "list_changed" in repr(message) or "ToolListChanged" in repr(message)

async def main():
    async with streamable_http_client(sys.argv[1]) as streams:
        async with ClientSession(streams[0], streams[1], message_handler=on_message) as session:
            await session.initialize()
            await anyio.sleep(0.5)
            for _ in range(4):
                before = seen
                await session.call_tool("change", {})
                await anyio.sleep(1)
                print("came" if seen > before else "LOST", end=" ", flush=True)
                await anyio.sleep(4)

anyio.run(main)
PYTHON
cat >client.mjs <<'JS'
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { ToolListChangedNotificationSchema } from '@modelcontextprotocol/sdk/types.js';

let seen = 0;
const client = new Client({ name: 'client', version: '1' });
client.setNotificationHandler(ToolListChangedNotificationSchema, () => { seen += 1; });
const pause = (seconds) => new Promise((resolve) => setTimeout(resolve, seconds * 1000));
await client.connect(new StreamableHTTPClientTransport(new URL(process.argv[2])));
await pause(0.5);
for (let round = 0; round < 4; round += 1) {
  const before = seen;
  await client.callTool({ name: 'change', arguments: {} });
  await pause(1);
  process.stdout.write(seen > before ? 'came ' : 'LOST ');
  await pause(4);
}
process.exit();
JS

start server node server.mjs "$upstream"
start nginx nginx -c "$here/nginx.conf"
wait_for_port "$upstream"
wait_for_port "$front"

timeout 50 node client.mjs "http://127.0.0.1:$front/mcp" >typescript.txt &
typescript=$!
started="$typescript $started"
timeout 50 "$python" client.py "http://127.0.0.1:$front/mcp" >python.txt 2>python-errors.txt || true
wait "$typescript" || true
echo "four calls, 5 s apart, each followed by a notification; nginx cuts after 3 s of silence"
echo "Python client:     $(cat python.txt)"
echo "TypeScript client: $(cat typescript.txt)"

[ "$(cat typescript.txt)" = "came came came came " ] || changed "the TypeScript client loses notifications, too"
[ "$(cat python.txt)" = "came came LOST LOST " ] ||
    changed "the Python client's notifications are no longer lost after the second cut"
recorded "after two cuts of its GET stream the Python client hears no notification again"
