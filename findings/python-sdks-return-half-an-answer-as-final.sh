#!/usr/bin/env bash
# Software: openai 3.57.0 and anthropic 2.14.0 (PyPI), openai 7.55.0 and @anthropic-ai/sdk 1.10.0 (npm)
# A good guess: the helpers that collect a stream into one final message (`get_final_completion`,
#   `get_final_message`, `finalChatCompletion`, `finalMessage`) fail when the stream ends before its
#   terminal event: they have the protocol's own sign that something is missing.
# What happens: in JavaScript they do, for both vendors. In Python both return the half message as the
#   final one, with finish_reason or stop_reason None, without an exception. (A connection that breaks
#   off raises everywhere; this is about a proper end of the body, too early.)
# Why it matters: proxies make a proper end of a lost server (Caddy, h2o, Pushpin, HAProxy over HTTP/2,
#   http-proxy-middleware at a reset), so a cut answer is stored as a whole one. Check the reason.
# Seen 2026-11-30: Python: "Hello", None, from both; JavaScript: both raise.
set -eu
. "$(dirname "$0")/lib.sh"

python_packages openai==3.57.0 anthropic==2.14.0
node_packages openai@7.55.0 @anthropic-ai/sdk@1.10.0
port=$(free_port)

cat >server.mjs <<'JS'
import http from 'node:http';
const chunk = (content) => ({
  id: '1', object: 'chat.completion.chunk', created: 1, model: 'm',
  choices: [{ index: 0, delta: { content }, finish_reason: null }],
});
const message = {
  id: '1', type: 'message', role: 'assistant', content: [], model: 'm', stop_reason: null, stop_sequence: null,
  usage: { input_tokens: 1, output_tokens: 1 },
};
const delta = (text) => ({ type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text } });
const halves = {
  chat: [chunk('Hel'), chunk('lo')],
  messages: [
    { type: 'message_start', message },
    { type: 'content_block_start', index: 0, content_block: { type: 'text', text: '' } },
    delta('Hel'), delta('lo'),
  ],
};
http.createServer((request, response) => {
  request.resume();
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  for (const part of halves[request.url.includes('messages') ? 'messages' : 'chat']) {
    const event = part.type ? `event: ${part.type}\n` : '';
    response.write(`${event}data: ${JSON.stringify(part)}\n\n`);
  }
  response.end();
}).listen(Number(process.argv[2]), '127.0.0.1');
JS
cat >client.py <<'PYTHON'
import sys
import anthropic, openai

url = f"http://127.0.0.1:{sys.argv[1]}"
question = [{"role": "user", "content": "hi"}]

def with_openai():
    client = openai.OpenAI(base_url=url, api_key="none", max_retries=0)
    with client.chat.completions.stream(model="m", messages=question) as stream:
        choice = stream.get_final_completion().choices[0]
        return choice.message.content, choice.finish_reason

def with_anthropic():
    client = anthropic.Anthropic(base_url=url, api_key="none", max_retries=0)
    with client.messages.stream(model="m", max_tokens=9, messages=question) as stream:
        final = stream.get_final_message()
        return final.content[0].text, final.stop_reason

for name, ask in {"openai": with_openai, "anthropic": with_anthropic}.items():
    try:
        print(f"Python {name}: returned", ask())
    except Exception as error:
        print(f"Python {name}: raised {type(error).__name__}: {error}")
PYTHON
cat >client.mjs <<'JS'
import Anthropic from '@anthropic-ai/sdk';
import OpenAI from 'openai';
const options = { baseURL: `http://127.0.0.1:${process.argv[2]}`, apiKey: 'none', maxRetries: 0 };
const question = { model: 'm', messages: [{ role: 'user', content: 'hi' }] };
const helpers = {
  openai: () => new OpenAI(options).chat.completions.stream(question).finalChatCompletion(),
  anthropic: () => new Anthropic(options).messages.stream({ ...question, max_tokens: 9 }).finalMessage(),
};
for (const [name, ask] of Object.entries(helpers)) {
  try {
    console.log(`JavaScript ${name}: returned`, JSON.stringify(await ask()));
  } catch (error) {
    console.log(`JavaScript ${name}: raised ${error.message}`);
  }
}
JS
start server node server.mjs "$port"
wait_for_port "$port"

"$python" client.py "$port" 2>/dev/null | tee seen.txt
node client.mjs "$port" 2>/dev/null | tee -a seen.txt

[ "$(grep -c '^JavaScript .*: raised' seen.txt)" = 2 ] || changed "a helper in JavaScript returns half a message"
[ "$(grep -c "^Python .*: returned ('Hello', None)" seen.txt)" = 2 ] || changed "a helper in Python no longer returns half a message"
recorded "the final message of a stream that ended early: half of it in Python, an error in JavaScript"
