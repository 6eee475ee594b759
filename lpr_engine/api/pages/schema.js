// JSON Schemas as words and tables. Text only ever becomes text, never markup.

const MOST_DEPTH = 6;

export function element(tag, properties = {}, ...children) {
  const made = Object.assign(document.createElement(tag), properties);
  made.append(...children.filter((child) => child !== null && child !== undefined));
  return made;
}

export function resolve(schema, schemas) {
  const name = schema?.$ref?.split("/").pop();
  return name ? { ...schemas[name], name } : schema ?? {};
}

/** One line that says which values a schema takes. */
export function words(schema, schemas) {
  const known = resolve(schema, schemas);
  if (known.const !== undefined) return JSON.stringify(known.const);
  if (known.enum) return known.enum.map((value) => JSON.stringify(value)).join(", ");
  const forms = known.anyOf ?? known.oneOf;
  if (forms) return forms.map((form) => words(form, schemas)).join(" or ");
  if (known.properties?.next_cursor) return `page, ${list(known.properties.items, schemas)}`;
  const kinds = [known.type ?? "any"].flat().map((kind) => (kind === "array" ? list(known, schemas) : kind));
  return [known.name ?? kinds.join(" or "), ...bounds(known)].join(", ");
}

function list(schema, schemas) {
  const items = resolve(schema.items, schemas);
  return `list of ${items.name ?? [items.type ?? "any"].flat().join(" or ")}`;
}

function bounds(schema) {
  const found = [];
  if (schema.format) found.push(schema.format);
  if (schema.minimum !== undefined && schema.maximum !== undefined) found.push(`${schema.minimum} to ${schema.maximum}`);
  else if (schema.minimum !== undefined) found.push(`at least ${schema.minimum}`);
  else if (schema.maximum !== undefined) found.push(`at most ${schema.maximum}`);
  if (schema.maxLength !== undefined) found.push(`up to ${schema.maxLength} characters`);
  if (schema.maxItems !== undefined) found.push(`up to ${schema.maxItems} entries`);
  if (schema.pattern) found.push(`form ${schema.pattern}`);
  if (schema.default !== undefined) found.push(`default ${JSON.stringify(schema.default)}`);
  return found;
}

/** A table of an object's keys, those of inner objects folded in; null where there are none. */
export function shape(schema, schemas, depth = 0) {
  const known = resolve(schema, schemas);
  if (depth > MOST_DEPTH) return null;
  if (known.items) return shape(known.items, schemas, depth);
  const forms = known.allOf ?? known.anyOf ?? known.oneOf ?? [];
  const properties = Object.assign({}, ...forms.map((form) => resolve(form, schemas).properties), known.properties);
  if (Object.keys(properties).length === 0) return null;
  const rows = Object.entries(properties).map(([name, property]) => {
    const inner = shape(property, schemas, depth + 1);
    const label = element("code", { textContent: name });
    const needed = known.required?.includes(name) ? null : element("span", { className: "kind", textContent: " optional" });
    return element("tr", {},
      element("td", {}, label, needed),
      element("td", {},
        element("span", { className: "kind", textContent: words(property, schemas) }),
        resolve(property, schemas).description ? element("p", { textContent: resolve(property, schemas).description }) : null,
        inner ? folded("its keys", inner) : null));
  });
  return element("table", {}, element("tbody", {}, ...rows));
}

export function folded(title, inside) {
  return element("details", {}, element("summary", { textContent: title }), element("div", { className: "shape" }, inside));
}
