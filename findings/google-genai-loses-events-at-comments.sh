#!/usr/bin/env bash
# Software: @google/genai 3.1.0 (npm) and google-genai 3.6.1 (PyPI), base URL at a server of our own
# A good guess: a gateway in front of the model may send a keep-alive comment, a `retry` or an `id`; the
#   event stream format lets every reader skip them, and so do the SDKs of OpenAI, Anthropic and Mistral.
# What happens: in JavaScript an event with such a line before its data disappears without an error;
#   if each has one, the answer is empty. In Python the same line raises: "Failed to parse response
#   as JSON. Raw response: : keep-alive". (A comment with a blank line after it passes in
#   JavaScript; data over two lines is joined in Python and is an error in JavaScript.)
# Why it matters: the two SDKs of one vendor fail in opposite ways at what a proxy or a gateway may add
#   by the standard. Before these clients send nothing but `data: ` lines.
# Seen 2026-11-30: plain: "Hello world" in both; comment, retry, id: "" in JavaScript, raised in Python.
set -eu
. "$(dirname "$0")/lib.sh"

node_packages @google/genai@3.1.0
python_packages google-genai==3.6.1
port=$(free_port)

cat >server.mjs <<'JS'
import http from 'node:http';
const before = { plain: '', comment: ': keep-alive\n', retry: 'retry: 3000\n', id: 'id: 7\n' };
http.createServer((request, response) => {
  request.resume();
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  for (const text of ['Hello', ' world']) {
    const part = { candidates: [{ content: { parts: [{ text }], role: 'model' }, index: 0 }] };
    response.write(`${before[request.url.split('/')[1]]}data: ${JSON.stringify(part)}\n\n`);
  }
  response.end();
}).listen(Number(process.argv[2]), '127.0.0.1');
JS
cat >client.mjs <<'JS'
import { GoogleGenAI } from '@google/genai';
const [, , port, kind] = process.argv;
const client = new GoogleGenAI({ apiKey: 'none', httpOptions: { baseUrl: `http://127.0.0.1:${port}/${kind}` } });
let answer = '';
try {
  const parts = await client.models.generateContentStream({ model: 'm', contents: 'hi' });
  for await (const part of parts) answer += part.text ?? '';
  console.log(`"${answer}"`);
} catch (error) {
  console.log(`raised ${error.constructor.name}`);
}
JS
cat >client.py <<'PYTHON'
import sys
from google import genai
client = genai.Client(api_key="none", http_options={"base_url": f"http://127.0.0.1:{sys.argv[1]}/{sys.argv[2]}"})
try:
    parts = client.models.generate_content_stream(model="m", contents="hi")
    print('"' + "".join(part.text or "" for part in parts) + '"')
except Exception as error:
    print("raised", type(error).__name__)
PYTHON
start server node server.mjs "$port"
wait_for_port "$port"

for kind in plain comment retry id; do
    echo "$kind: JavaScript $(node client.mjs "$port" "$kind" 2>/dev/null), Python $("$python" client.py "$port" "$kind" 2>/dev/null)" | tee -a seen.txt
done

grep -q 'plain: JavaScript "Hello world", Python "Hello world"' seen.txt || changed "the plain stream is not read"
[ "$(grep -c 'JavaScript ""' seen.txt)" = 3 ] || changed "in JavaScript the events are no longer lost without an error"
[ "$(grep -c 'Python raised' seen.txt)" = 3 ] || changed "in Python the lines no longer raise"
recorded "a comment, a retry or an id before the data: an empty answer in JavaScript, an exception in Python"
