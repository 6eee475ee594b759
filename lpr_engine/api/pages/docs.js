// Draws the OpenAPI document: an index, and a card for each route.

import { command } from "./examples.js";
import { element, folded, shape, words } from "./schema.js";

const ROLES = {
  public: ["everyone", "No sign-in: whether the engine is alive, and this page."],
  viewer: ["viewer", "Looks at everything: the scopes read and metrics."],
  operator: ["operator", "Also works with it: the scope operate."],
  admin: ["admin", "Also changes the engine itself: the scope admin."],
};
const ROLE_OF_SCOPE = { metrics: "viewer", read: "viewer", operate: "operator", admin: "admin" };
const COPIED_MS = 1500;

const byId = (id) => document.getElementById(id);

function who(role, scope) {
  const title = scope ? `needs the scope ${scope}` : "";
  const label = role === "public" || role === "admin" ? ROLES[role][0] : `${ROLES[role][0]} and up`;
  return element("span", { className: `who ${role}`, textContent: label, title });
}

function methodOf(method, operation) {
  const isSocket = operation["x-websocket"];
  return element("span", { className: `method ${isSocket ? "socket" : method}`, textContent: isSocket ? "WS" : method.toUpperCase() });
}

function pathOf(path, href) {
  const parts = path.split(/(\{\w+\})/).map((part) => (part.startsWith("{") ? element("em", { textContent: part }) : part));
  return element("a", { className: "path", href }, ...parts);
}

function paragraphs(text) {
  return text.trim().split(/\n\s*\n/).map((part) => element("p", {}, ...coded(part.replace(/\s+/g, " "))));
}

function coded(text) {
  return text.split(/(`[^`]+`)/).map((part) => (part.startsWith("`") ? element("code", { textContent: part.slice(1, -1) }) : part));
}

function titled(title, ...inside) {
  return [element("h4", { textContent: title }), ...inside];
}

function parametersOf(operation, schemas) {
  const rows = (operation.parameters ?? []).map((one) => element("tr", {},
    element("td", {}, element("code", { textContent: one.name }),
      one.required && one.in === "query" ? element("span", { className: "needed", textContent: "required" }) : null),
    element("td", {}, one.description ? element("p", {}, ...coded(one.description)) : null,
      element("span", { className: "kind", textContent: `${one.in}: ${words(one.schema, schemas)}` }))));
  return rows.length ? titled("Parameters", element("table", {}, element("tbody", {}, ...rows))) : [];
}

function bodyOf(operation, schemas) {
  const body = operation.requestBody;
  if (!body) return [];
  const [type, content] = Object.entries(body.content)[0];
  const limit = `${type}, at most ${size(body["x-limit-bytes"])}${body.required ? "" : ", may be left out"}`;
  return titled("Body", element("p", { className: "kind", textContent: limit }),
    body.description ? element("p", {}, ...coded(body.description)) : null,
    shape(content.schema, schemas));
}

function size(bytes) {
  if (bytes >= 2 ** 30) return `${Math.round(bytes / 2 ** 30)} GiB`;
  return bytes >= 2 ** 20 ? `${Math.round(bytes / 2 ** 20)} MiB` : `${Math.round(bytes / 1024)} KiB`;
}

function answersOf(operation, schemas) {
  const all = Object.entries(operation.responses);
  const isPlain = ([status, answer]) => Number(status) >= 400 && answer.content?.["application/problem+json"];
  const own = all.filter((one) => !isPlain(one)).map(([status, answer]) => answerRow(status, answer, schemas));
  const problems = all.filter(isPlain).map(([status, answer]) => answerRow(status, answer, schemas));
  return titled("Answers", element("table", {}, element("tbody", {}, ...own)),
    problems.length ? folded("problems", element("table", {}, element("tbody", {}, ...problems))) : null);
}

function answerRow(status, answer, schemas) {
  const contents = Object.entries(answer.content ?? {});
  const isProblem = contents.some(([type]) => type === "application/problem+json");
  const inner = isProblem ? [] : contents.map(([, content]) => shape(content.schema, schemas)).filter(Boolean);
  return element("tr", {},
    element("td", {}, element("span", { className: `status ${Number(status) < 400 ? "fine" : "amiss"}`, textContent: status })),
    element("td", {}, element("p", {}, ...coded(answer.description)),
      isProblem ? null : element("span", { className: "kinds", textContent: contents.map(([type, content]) => `${type}: ${words(content.schema, schemas)}`).join("; ") }),
      ...inner.map((one) => folded("its keys", one))));
}

function exampleOf(text) {
  const button = element("button", { type: "button", textContent: "Copy" });
  button.addEventListener("click", async () => {
    await navigator.clipboard?.writeText(text);
    button.textContent = "Copied";
    setTimeout(() => { button.textContent = "Copy"; }, COPIED_MS);
  });
  return element("div", { className: "example" }, element("pre", {}, element("code", { textContent: text })),
    navigator.clipboard ? button : null);
}

function card(method, path, operation, schemas) {
  const scope = operation["x-needs"];
  return element("article", { className: "route", id: operation.operationId },
    element("header", {},
      element("h3", { textContent: operation.summary }),
      methodOf(method, operation), pathOf(path, `#${operation.operationId}`),
      who(scope ? ROLE_OF_SCOPE[scope] : "public", scope)),
    ...(operation.description ? paragraphs(operation.description) : []),
    ...parametersOf(operation, schemas), ...bodyOf(operation, schemas), ...answersOf(operation, schemas),
    ...titled("Example", exampleOf(command(method, path, operation, schemas))));
}

function operationsOf(api, tag) {
  return Object.entries(api.paths).flatMap(([path, methods]) =>
    Object.entries(methods).filter(([, operation]) => operation.tags.includes(tag)).map(([method, operation]) => ({ method, path, operation })));
}

function capital(word) {
  return word[0].toUpperCase() + word.slice(1);
}

function draw(api) {
  byId("version").textContent = `version ${api.info.version}`;
  byId("about").replaceChildren(...paragraphs(api.info.description));
  byId("roles").replaceChildren(...Object.entries(ROLES).map(([role, [, meaning]]) =>
    element("div", { className: "role" }, who(role), element("p", { textContent: meaning }))));
  const schemas = api.components.schemas;
  const subjects = api.tags.map((tag) => ({ tag, found: operationsOf(api, tag.name) }));
  byId("index").replaceChildren(...subjects.map(({ tag, found }) => element("section", {},
    element("h2", { textContent: tag.name }),
    element("ul", {}, ...found.map(({ method, path, operation }) => element("li", {},
      element("a", { href: `#${operation.operationId}`, title: `${method.toUpperCase()} ${path}` },
        methodOf(method, operation), operation.summary)))))));
  byId("routes").replaceChildren(...subjects.map(({ tag, found }) => element("section", { className: "subject" },
    element("h2", { textContent: capital(tag.name) }), tag.description ? element("p", { textContent: tag.description }) : null,
    ...found.map(({ method, path, operation }) => card(method, path, operation, schemas)))));
}

function hideAllBut(wanted) {
  const isWanted = (node) => node.textContent.toLowerCase().includes(wanted);
  for (const card of document.querySelectorAll(".route")) {
    card.hidden = !isWanted(card);
    document.querySelector(`nav a[href="#${card.id}"]`).parentElement.hidden = card.hidden;
  }
  for (const section of document.querySelectorAll(".subject")) section.hidden = !section.querySelector(".route:not([hidden])");
  for (const section of document.querySelectorAll("nav section")) section.hidden = !section.querySelector("li:not([hidden])");
}

async function begin() {
  try {
    const answer = await fetch(new URL("v1/openapi.json", document.baseURI));
    if (!answer.ok) throw new Error(`the engine answered ${answer.status}`);
    draw(await answer.json());
  } catch (error) {
    byId("loading").textContent = `The document could not be loaded: ${error.message}`;
    return;
  }
  byId("filter").addEventListener("input", (event) => hideAllBut(event.target.value.trim().toLowerCase()));
  byId(location.hash.slice(1))?.scrollIntoView();
}

begin();
