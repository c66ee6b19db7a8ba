// What the forms do, as lines for a browser, a shell and our own program. In: a request. Out: code to copy.
// A token stands there as `TOKEN`: code gets shared, secrets should not.
//
// Next: page.js.

/** Shows one block for each language. */
export function show(place, snippets) {
  place.replaceChildren(
    ...Object.entries(snippets).map(([title, code]) => {
      const figure = document.createElement("figure");
      const caption = document.createElement("figcaption");
      caption.textContent = title;
      const block = document.createElement("pre");
      block.textContent = code;
      figure.append(caption, copier(code, title), block);
      return figure;
    }),
  );
}

function copier(code, title) {
  const button = document.createElement("button");
  Object.assign(button, { type: "button", className: "light copy", textContent: "Copy" });
  button.ariaLabel = `Copy the code for ${title}`;
  button.addEventListener("click", async () => {
    const copied = await navigator.clipboard.writeText(code).then(() => true, () => false);
    button.textContent = copied ? "Copied" : "Select it by hand";
    setTimeout(() => (button.textContent = "Copy"), 1500);
  });
  return button;
}

/** A word for a shell. */
const quoted = (text) => `'${text.replaceAll("'", String.raw`'\''`)}'`;

export function subscribing(url, token) {
  const header = token ? ` -H "Authorization: Bearer $TOKEN"` : "";
  const credentials = token ? ", { withCredentials: true } // the token as a cookie" : "";
  return {
    "a browser": `const source = new EventSource(\n  ${JSON.stringify(String(url))}${credentials}\n);\nsource.onmessage = (event) => console.log(event.lastEventId, event.data);`,
    "a terminal": `wellspring tail${header} ${quoted(String(url))}`,
    curl: `curl -N${header} ${quoted(String(url))}`,
  };
}

export function publishing(url, fields) {
  const pairs = fields.map(([name, value]) => `  --data-urlencode ${quoted(`${name}=${value}`)}`);
  const lines = [`curl ${quoted(String(url))}`, `  -H "Authorization: Bearer $TOKEN"`, ...pairs];
  const body = fields.map(([name, value]) => `    [${JSON.stringify(name)}, ${JSON.stringify(value)}],`);
  const script = [
    `await fetch(${JSON.stringify(String(url))}, {`,
    `  method: "POST",`,
    "  headers: { authorization: `Bearer ${TOKEN}` },",
    "  body: new URLSearchParams([",
    ...body,
    "  ]),",
    "});",
  ];
  return { curl: lines.join(" \\\n"), JavaScript: script.join("\n") };
}
