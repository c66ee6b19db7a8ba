// Tokens to try things with, from a hub that was started with --dev. In: a form. Out: a token for the others.
//
// Next: page.js.

import { reason } from "./stream.js";

const PATH = "dev/token";

/** Asks for a first token, and shows the form if there is one: a hub without --dev gives none. */
export async function setUpMinting({ form, use }) {
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    mint(form, use);
  });
  await mint(form, use);
}

/** Asks for the token that the form describes, and hands it on. */
async function mint(form, use) {
  const result = document.getElementById("mint-result");
  const wish = wished(form.elements, result);
  if (wish === null) {
    return;
  }
  const headers = { "content-type": "application/json" };
  const body = JSON.stringify(wish);
  const answer = await fetch(PATH, { method: "POST", headers, body }).catch(() => null);
  if (answer?.ok) {
    document.getElementById("mint-section").hidden = false;
    const { token } = await answer.json();
    use(token);
    result.className = "success";
    result.textContent = `In both forms; valid until ${until(wish.seconds)}.`;
  } else {
    result.className = "failure";
    result.textContent = answer === null ? "No answer from the hub." : `Status ${answer.status}: ${await reason(answer)}`;
  }
}

function wished({ publish, subscribe, minutes, payload }, result) {
  const wish = {
    publish: lines(publish.value),
    subscribe: lines(subscribe.value),
    seconds: Number(minutes.value) * 60,
  };
  if (payload.value.trim() !== "") {
    try {
      wish.payload = JSON.parse(payload.value);
    } catch (error) {
      result.className = "failure";
      result.textContent = `The payload is not JSON: ${error.message}`;
      return null;
    }
  }
  return wish;
}

const lines = (text) => text.split("\n").map((line) => line.trim()).filter((line) => line !== "");

const until = (seconds) =>
  new Intl.DateTimeFormat("en-GB", { timeStyle: "short" }).format(new Date(Date.now() + seconds * 1000));
