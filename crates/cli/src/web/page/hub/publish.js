// The form that publishes. In: fields. Out: a POST, and what the hub answers.
//
// Next: snippets.js, the same from a program.

import { publishing, show } from "./snippets.js";
import { reason } from "./stream.js";

export function setUpPublishing({ form, hub }) {
  const { topic } = form.elements;
  topic.value = "https://example.com/books/1";
  form.elements.data.value = '{"title": "The Spring", "stock": 3}';
  const describe = () => show(document.getElementById("publish-code"), publishing(hub, fields(form.elements)));
  form.addEventListener("input", describe);
  describe();
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    publish(form, hub);
  });
}

/** Empty optional fields are left out: an empty type or ID means something else. */
function fields({ topic, data, type, id, private: isPrivate }) {
  const topics = topic.value.split("\n").map((line) => line.trim()).filter((line) => line !== "");
  const pairs = topics.map((line) => ["topic", line]);
  pairs.push(["data", data.value]);
  for (const field of [type, id].filter((field) => field.value !== "")) {
    pairs.push([field.name, field.value]);
  }
  if (isPrivate.checked) {
    pairs.push(["private", "on"]);
  }
  return pairs;
}

async function publish(form, hub) {
  const result = document.getElementById("publish-result");
  const token = form.elements.token.value.trim();
  const headers = token === "" ? {} : { authorization: `Bearer ${token}` };
  const body = new URLSearchParams(fields(form.elements));
  const begin = performance.now();
  const answer = await fetch(hub, { method: "POST", headers, body }).catch(() => null);
  const took = performance.now() - begin;
  result.className = answer?.ok ? "success" : "failure";
  if (answer === null) {
    result.textContent = "No answer: whether it was published is not known.";
  } else if (answer.ok) {
    result.textContent = `Published in ${took.toFixed(1)} ms as ${await answer.text()}`;
  } else {
    result.textContent = `Refused with status ${answer.status}: ${await reason(answer)}`;
  }
}
