const METHODS = ["get", "post", "put", "patch", "delete"];
const token = document.querySelector("#token");
const find = document.querySelector("#find");
const place = document.querySelector("#operations");
let api;

/** An element with properties and children; nothing from the document is ever read as markup. */
function element(name, properties = {}, ...children) {
  const made = Object.assign(document.createElement(name), properties);
  made.append(...children.filter((child) => child !== null && child !== undefined));
  return made;
}

function resolved(schema) {
  return schema?.$ref ? schema.$ref.slice(2).split("/").reduce((part, key) => part[key], api) : schema;
}

/** A schema in one line, down to `depth` objects. */
function told(given, depth = 2) {
  const schema = resolved(given);
  if (!schema) return "any";
  const choices = schema.oneOf ?? schema.anyOf;
  if (choices) return choices.map((choice) => told(choice, depth)).join(" | ");
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  if (schema.enum) return schema.enum.map((word) => JSON.stringify(word)).join(" | ");
  if (schema.type === "array") return `${told(schema.items, depth)}[]`;
  if (!schema.properties) return [schema.type].flat().join(" | ") + (schema.format ? ` (${schema.format})` : "");
  if (depth === 0) return schema.title ?? "object";
  const needed = new Set(schema.required ?? []);
  const pad = "  ".repeat(3 - depth);
  const lines = Object.entries(schema.properties).map(
    ([key, value]) => `${pad}${key}${needed.has(key) ? "" : "?"}: ${told(value, depth - 1)}`,
  );
  return `{\n${lines.join("\n")}\n${pad.slice(2)}}`;
}

function content(part) {
  const [type, media] = Object.entries(part?.content ?? {})[0] ?? [];
  return type ? { type, schema: media.schema } : null;
}

function parameters(operation) {
  const rows = (operation.parameters ?? []).map(resolved).map((parameter) => {
    const input = element("input", { className: "given", name: parameter.name, ariaLabel: parameter.name });
    input.dataset.in = parameter.in;
    const type = `${parameter.in}${parameter.required ? ", required" : ""}: ${told(parameter.schema, 0)}`;
    return element("tr", {}, element("td", {}, element("code", { textContent: parameter.name })),
      element("td", { textContent: [type, parameter.description].filter(Boolean).join(". ") }), element("td", {}, input));
  });
  return rows.length ? element("table", {}, ...rows) : null;
}

function responses(operation) {
  const rows = Object.entries(operation.responses ?? {}).map(([status, response]) => {
    const body = content(response);
    const shown = body && status < 300 ? element("pre", { textContent: told(body.schema, 2) }) : null;
    return element("tr", {}, element("td", {}, element("code", { textContent: status })),
      element("td", {}, [response.description, body?.type].filter(Boolean).join(" · "), shown));
  });
  return element("table", {}, ...rows);
}

async function sent(method, path, form, body) {
  const query = new URLSearchParams();
  const headers = token.value ? { Authorization: `Bearer ${token.value}` } : {};
  let url = path;
  for (const input of form.querySelectorAll("input.given")) {
    if (input.dataset.in === "path") url = url.replace(`{${input.name}}`, encodeURIComponent(input.value));
    else if (input.value && input.dataset.in === "query") query.append(input.name, input.value);
    else if (input.value) headers[input.name] = input.value;
  }
  if (body?.value) headers["Content-Type"] = "application/json";
  const asked = `${url}${query.size ? `?${query}` : ""}`;
  const answer = await fetch(asked, { method: method.toUpperCase(), headers, body: body?.value || undefined });
  const isJson = answer.headers.get("content-type")?.includes("json");
  const text = isJson ? JSON.stringify(await answer.json(), null, 2) : `${(await answer.blob()).size} bytes`;
  return `${answer.status} ${answer.statusText}\n${text}`;
}

function trial(method, path, operation, form) {
  const request = content(operation.requestBody);
  if (request && request.type !== "application/json") return null;
  const body = request ? element("textarea", { ariaLabel: "JSON body", placeholder: "{ }" }) : null;
  const shown = element("pre", { hidden: true });
  const button = element("button", { textContent: "Send", type: "button" });
  button.addEventListener("click", async () => {
    shown.hidden = false;
    shown.textContent = await sent(method, path, form, body).catch((error) => String(error));
  });
  return element("div", {}, body, button, shown);
}

function operationOf(method, path, operation) {
  const form = element("div");
  const request = content(operation.requestBody);
  form.append(...[
    operation.description ? element("p", { textContent: operation.description }) : null,
    parameters(operation),
    request ? element("h3", { textContent: `Body: ${request.type}` }) : null,
    request ? element("pre", { textContent: told(request.schema, 2) }) : null,
    element("h3", { textContent: "Answers" }),
    responses(operation),
  ].filter(Boolean));
  const trying = trial(method, path, operation, form);
  if (trying) form.append(element("h3", { textContent: "Try it" }), trying);
  return element("details", { id: operation.operationId }, element("summary", {},
    element("b", { textContent: method.toUpperCase() }), element("code", { textContent: path }), operation.summary ?? ""),
    form);
}

function show() {
  const wanted = find.value.trim().toLowerCase();
  const all = Object.entries(api.paths).flatMap(([path, item]) =>
    METHODS.filter((method) => item[method]).map((method) => [method, path, item[method]]));
  const groups = api.tags.map((tag) => {
    const found = all.filter(([method, path, operation]) => operation.tags?.includes(tag.name) &&
      `${method} ${path} ${operation.operationId} ${operation.summary}`.toLowerCase().includes(wanted));
    return found.length ? element("section", {}, element("h2", { textContent: tag.name }),
      element("p", { textContent: tag.description ?? "" }), ...found.map((one) => operationOf(...one))) : null;
  });
  place.replaceChildren(...groups.filter(Boolean));
  if (!place.children.length) place.append(element("p", { textContent: "Nothing is called like that." }));
}

function openNamed() {
  const named = document.getElementById(location.hash.slice(1));
  if (named) { named.open = true; named.scrollIntoView(); }
}

try {
  api = await (await fetch("/schema/openapi.json")).json();
  show();
  openNamed();
  find.addEventListener("input", show);
  addEventListener("hashchange", openNamed);
} catch (error) {
  place.textContent = `The document could not be loaded: ${error}`;
}
