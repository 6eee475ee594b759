// A line for the shell that calls a route.

import { resolve } from "./schema.js";

const BASE = new URL("..", document.baseURI).href.replace(/\/$/, "");

/** A value that a schema would take; examples and defaults go first. */
export function sample(schema, schemas, depth = 0) {
  const known = resolve(schema, schemas);
  if (known.example !== undefined) return known.example;
  if (known.examples?.length) return known.examples[0];
  if (known.default !== undefined) return known.default;
  if (known.const !== undefined) return known.const;
  if (known.enum) return known.enum[0];
  const form = (known.anyOf ?? known.oneOf ?? known.allOf)?.[0];
  if (form) return sample(form, schemas, depth + 1);
  const kind = [known.type ?? "object"].flat()[0];
  if (kind === "object") return object(known, schemas, depth);
  if (kind === "array") return depth > 4 || !known.items ? [] : [sample(known.items, schemas, depth + 1)];
  if (kind === "boolean") return true;
  if (kind === "integer" || kind === "number") return known.minimum ?? 0;
  return known.format === "date-time" ? "2026-01-31T12:00:00.000Z" : "…";
}

function object(schema, schemas, depth) {
  if (depth > 4) return {};
  const names = Object.keys(schema.properties ?? {}).filter((name) => schema.required?.includes(name));
  return Object.fromEntries(names.map((name) => [name, sample(schema.properties[name], schemas, depth + 1)]));
}

function quoted(text) {
  return `'${text.replaceAll("'", "'\\''")}'`;
}

function address(path, operation, schemas) {
  const parameters = operation.parameters ?? [];
  const of = (one) => one.example ?? sample(one.schema, schemas);
  const filled = path.replace(/\{(\w+)\}/g, (_, name) => {
    const parameter = parameters.find((one) => one.in === "path" && one.name === name);
    const isTold = parameter.example !== undefined || parameter.schema.enum || parameter.schema.examples;
    return isTold ? encodeURIComponent(String(of(parameter))) : `{${name}}`;
  });
  const shown = parameters.filter((one) => one.in === "query" && (one.required || one.example !== undefined));
  const query = shown.map((one) => `${one.name}=${encodeURIComponent(String([of(one)].flat()[0]))}`).join("&");
  return BASE + filled + (query ? `?${query}` : "");
}

/** The command for one route, over several lines where it is long. */
export function command(method, path, operation, schemas) {
  const url = address(path, operation, schemas);
  const key = operation.security.length ? `-H "Authorization: Bearer $LPR_KEY"` : null;
  if (operation["x-websocket"]) {
    return ["websocat", key, quoted(url.replace(/^http/, "ws"))].filter(Boolean).join(" ");
  }
  const parts = [method === "get" ? "curl" : `curl -X ${method.toUpperCase()}`, key];
  const [type, content] = Object.entries(operation.requestBody?.content ?? {})[0] ?? [];
  if (type === "application/json") {
    const body = content.example ?? sample(content.schema, schemas);
    parts.push(`-H 'Content-Type: ${type}'`, `-d ${quoted(JSON.stringify(body))}`);
  } else if (type) {
    parts.push(`-H 'Content-Type: ${type}'`, "--data-binary @FILE");
  }
  const told = [...parts, quoted(url)].filter(Boolean);
  return told.join(told.length < 4 ? " " : " \\\n  ");
}
