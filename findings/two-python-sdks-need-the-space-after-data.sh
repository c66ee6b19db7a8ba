#!/usr/bin/env bash
# Software: huggingface_hub 2.4.0, google-genai 3.6.1, openai 3.57.0 (PyPI) reading from better-sse 0.16.1
#   on Express 5.3.0 (retry: null, so that the stream begins with an event)
# A good guess: the space after the colon is optional, each reader of event streams knows it; better-sse,
#   NestJS and flask-sse write `data:{...}` without one.
# What happens: openai reads the answer. google-genai raises UnknownApiResponseError at the first event: it
#   strips `data: ` only. huggingface_hub reads all parts and then raises JSONDecodeError: it knows
#   the terminator as `data: [DONE]` only, and takes `data:[DONE]` for JSON.
# Why it matters: whether a server can be read depends on one space that the standard calls optional. A
#   server should write it: no reader is known that is harmed by it.
# Seen 2026-11-30: without the space openai "Hello world", the other two raise; with it all three read.
set -eu
. "$(dirname "$0")/lib.sh"

node_packages better-sse@0.16.1 express@5.3.0
python_packages huggingface_hub==2.4.0 google-genai==3.6.1 openai==3.57.0
port=$(free_port)

cat >server.mjs <<'JS'
import express from 'express';
import { createSession } from 'better-sse';
const chat = (content) => ({
  id: '1', object: 'chat.completion.chunk', created: 1, model: 'm', system_fingerprint: 'f',
  choices: [{ index: 0, delta: { role: 'assistant', content }, finish_reason: null }],
});
const gemini = (text) => ({ candidates: [{ content: { parts: [{ text }], role: 'model' }, index: 0 }] });
const partsOf = (url) => {
  const isGemini = url.includes('ontent');
  const parts = ['Hello', ' world'].map((text) => JSON.stringify(isGemini ? gemini(text) : chat(text)));
  return isGemini ? parts : [...parts, '[DONE]'];
};
const app = express();
app.post('/without/*path', async (request, response) => {
  const session = await createSession(request, response, { retry: null, serializer: String });
  for (const part of partsOf(request.url)) session.push(part);
  setTimeout(() => response.end(), 200);
});
app.post('/with/*path', (request, response) => {
  response.set('content-type', 'text/event-stream');
  for (const part of partsOf(request.url)) response.write(`data: ${part}\n\n`);
  response.end();
});
app.listen(Number(process.argv[2]), '127.0.0.1');
JS
cat >client.py <<'PYTHON'
import sys
url = f"http://127.0.0.1:{sys.argv[1]}/{sys.argv[2]}"
question = [{"role": "user", "content": "hi"}]

def with_openai():
    from openai import OpenAI
    client = OpenAI(base_url=f"{url}/v1", api_key="none", max_retries=0)
    return [part.choices[0].delta.content for part in client.chat.completions.create(model="m", stream=True, messages=question)]

def with_huggingface_hub():
    from huggingface_hub import InferenceClient
    client = InferenceClient(base_url=f"{url}/v1", api_key="none")
    return [part.choices[0].delta.content for part in client.chat_completion(question, stream=True)]

def with_google_genai():
    from google import genai
    client = genai.Client(api_key="none", http_options={"base_url": url})
    return [part.text for part in client.models.generate_content_stream(model="m", contents="hi")]

for name in ("openai", "huggingface_hub", "google_genai"):
    try:
        answer = '"' + "".join(globals()[f"with_{name}"]()) + '"'
    except Exception as error:
        answer = f"raised {type(error).__name__}"
    print(f"{sys.argv[2]} the space: {name} {answer}")
PYTHON
start server node server.mjs "$port"
wait_for_port "$port"

for kind in with without; do
    "$python" client.py "$port" "$kind" 2>/dev/null | tee -a seen.txt
done

[ "$(grep -c '^with the.*"Hello world"' seen.txt)" = 3 ] || changed "with the space not all three read the stream"
grep -q '^without the space: openai "Hello world"' seen.txt || changed "openai fails without the space"
[ "$(grep -c '^without the.*raised' seen.txt)" = 2 ] || changed "huggingface_hub or google-genai reads data without the space"
recorded "two of three SDKs raise when there is no space after 'data:'"
