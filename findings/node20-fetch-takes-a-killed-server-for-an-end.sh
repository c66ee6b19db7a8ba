#!/usr/bin/env bash
# Software: Node 20.20.2 (its last release) and 22.23.3, openai 7.55.0 (npm), gunicorn 27.0.1 with its
#   default worker
# A good guess: a chunked answer whose server is killed in the middle is an error for fetch, "terminated".
# What happens: in Node 20 only if the server did not say `Connection: close`. If it did, fetch takes
#   everything that ends the connection, a reset too, for the end of the body, although the last
#   chunk is missing. gunicorn's default worker says so on each response (and is killed after 30 s
#   of one response). The SDKs of OpenAI, Anthropic, Google, Mistral and Groq then end their loop as
#   if the answer were complete; only a look at finish_reason tells.
#   Mended in undici in May 2026, too late for Node 20; importing the npm package undici anywhere in
#   the process mends the built-in fetch as well.
# Why it matters: a server that streams should not send `Connection: close`, or a reader of the most
#   installed Node of its day cannot tell a crash from an end. A terminal event is the only proof.
# Seen 2026-11-30: Node 20: ended with "Hello wor", no error; Node 22: TypeError: terminated.
set -eu
. "$(dirname "$0")/lib.sh"

python_packages gunicorn==27.0.1
mkdir node22
echo '{"private": true}' >node22/package.json
npm install --prefix node22 node@22.23.3 >/dev/null
node_packages node@20.20.2 openai@7.55.0
node20=$here/node_modules/node/bin/node
node22=$here/node22/node_modules/node/bin/node
"$node20" --version
"$node22" --version

cat >app.py <<'PYTHON'
import json, time

def app(environ, start_response):
    start_response("200 OK", [("Content-Type", "text/event-stream")])
    for text in ("Hel", "lo", " wor", "ld"):
        choice = {"index": 0, "delta": {"content": text}, "finish_reason": None}
        chunk = {"id": "1", "object": "chat.completion.chunk", "created": 1, "model": "m", "choices": [choice]}
        yield f"data: {json.dumps(chunk)}\n\n".encode()
        time.sleep(1)
    yield b"data: [DONE]\n\n"
PYTHON
cat >client.mjs <<'JS'
import OpenAI from 'openai';
const client = new OpenAI({ baseURL: `http://127.0.0.1:${process.argv[2]}/v1`, apiKey: 'none', maxRetries: 0 });
let answer = '';
try {
  const parts = await client.chat.completions.create({ model: 'm', stream: true, messages: [{ role: 'user', content: 'hi' }] });
  for await (const part of parts) {
    answer += part.choices[0].delta.content;
    console.error('got');
  }
  console.log(`ended, no error: "${answer}"`);
} catch (error) {
  console.log(`raised ${error.constructor.name} ${error.message} after "${answer}"`);
}
JS
port=$(free_port)
start gunicorn "$here/venv/bin/gunicorn" app:app --bind "127.0.0.1:$port" --no-control-socket
gunicorn=$last
wait_for_port "$port"

# Reads with one Node, and kills the worker once three parts have come.
read_with() {
    : >parts.txt
    "$1" client.mjs "$port" >answer.txt 2>parts.txt &
    reader=$!
    started="$reader $started"
    for _ in $(seq 1 100); do
        [ "$(grep -c got parts.txt)" -ge 3 ] && break || sleep 0.1
    done
    kill -9 "$(pgrep -P "$gunicorn" | head -n 1)"
    wait "$reader" || true
    cat answer.txt
    sleep 2
}

in20=$(read_with "$node20")
in22=$(read_with "$node22")
echo "Node 20: $in20"
echo "Node 22: $in22"

case $in22 in raised*) ;; *) changed "Node 22 does not see the cut, either" ;; esac
case $in20 in 'ended, no error: "Hello wor"') ;; *) changed "Node 20 now sees the cut" ;; esac
recorded "a killed worker's half answer ends without an error in Node 20, with one in Node 22"
