#!/usr/bin/env bash
# Software: openai 3.57.0 (PyPI) reading from better-sse 0.16.1 on Express 5.3.0; openai 7.55.0 (npm) to compare
# A good guess: a server for the chat protocol may be built with any library for event streams. better-sse
#   opens each stream with a block that holds `retry:2000` alone; a block without data is no event.
# What happens: the Python SDK takes that block for an event with empty data and reads it as JSON: it
#   raises JSONDecodeError before the first part of the answer. (So does every block without data,
#   a `retry` or an `id`; comments are skipped.) The JavaScript SDK of the same vendor reads all.
# Why it matters: a server that opens with a position, a `retry`, or both, as the standard allows and many
#   libraries do, cannot serve this client; with `retry: null` better-sse leaves the block out.
# Seen 2026-11-30: Python: raised JSONDecodeError; with retry: null "Hello world"; JavaScript "Hello world".
set -eu
. "$(dirname "$0")/lib.sh"

node_packages better-sse@0.16.1 express@5.3.0 openai@7.55.0
python_packages openai==3.57.0
port=$(free_port)

cat >server.mjs <<'JS'
import express from 'express';
import { createSession } from 'better-sse';
const app = express();
app.post('/:kind/v1/chat/completions', async (request, response) => {
  const options = { serializer: String };
  if (request.params.kind === 'without') options.retry = null;
  const session = await createSession(request, response, options);
  for (const content of ['Hello', ' world']) {
    const choice = { index: 0, delta: { content }, finish_reason: null };
    session.push(JSON.stringify({ id: '1', object: 'chat.completion.chunk', created: 1, model: 'm', choices: [choice] }));
  }
  session.push('[DONE]');
  setTimeout(() => response.end(), 200);
});
app.listen(Number(process.argv[2]), '127.0.0.1');
JS
cat >client.py <<'PYTHON'
import sys
from openai import OpenAI
client = OpenAI(base_url=f"http://127.0.0.1:{sys.argv[1]}/{sys.argv[2]}/v1", api_key="none", max_retries=0)
try:
    parts = client.chat.completions.create(model="m", stream=True, messages=[{"role": "user", "content": "hi"}])
    print('"' + "".join(part.choices[0].delta.content for part in parts) + '"')
except Exception as error:
    print("raised", type(error).__name__)
PYTHON
cat >client.mjs <<'JS'
import OpenAI from 'openai';
const client = new OpenAI({ baseURL: `http://127.0.0.1:${process.argv[2]}/with/v1`, apiKey: 'none', maxRetries: 0 });
const parts = await client.chat.completions.create({ model: 'm', stream: true, messages: [{ role: 'user', content: 'hi' }] });
let answer = '';
for await (const part of parts) answer += part.choices[0].delta.content;
console.log(`"${answer}"`);
JS
start server node server.mjs "$port"
wait_for_port "$port"

echo "the stream begins: $(curl -s -m 5 -X POST "http://127.0.0.1:$port/with/v1/chat/completions" | head -n 3 | tr '\n' '|' | cut -c 1-40)"
with=$("$python" client.py "$port" with)
without=$("$python" client.py "$port" without)
javascript=$(node client.mjs "$port")
echo "Python: $with; with retry: null $without. JavaScript: $javascript"

[ "$without" = '"Hello world"' ] && [ "$javascript" = '"Hello world"' ] || changed "a stream without the block, or the JavaScript SDK, fails"
[ "$with" = "raised JSONDecodeError" ] || changed "the Python SDK no longer breaks at a block without data"
recorded "the Python SDK raises at the opening block of better-sse, the JavaScript SDK does not"
