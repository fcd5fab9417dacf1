// Draws the page from /openapi.json. Text enters as text nodes only, never as markup.
"use strict";

const METHODS = ["get", "post", "put", "patch", "delete"];

function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children.filter((child) => child !== null && child !== undefined));
  return element;
}

const nameOf = (reference) => reference.split("/").pop();

function resolve(schemas, schema) {
  return schema && schema.$ref ? schemas[nameOf(schema.$ref)] : schema;
}

function kindOf(schema) {
  if (!schema) return "";
  if (schema.$ref) return nameOf(schema.$ref).replace(/^[^.]*\./, "");
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  if (schema.enum) return schema.enum.join(" | ");
  const some = schema.anyOf || schema.oneOf || schema.allOf;
  if (some) return some.map(kindOf).filter((kind) => kind !== "null").join(" | ");
  if (schema.type === "array") return `[${kindOf(schema.items)}]`;
  return [schema.format || schema.type || "any", boundsOf(schema)].filter(Boolean).join(" ");
}

function boundsOf(schema) {
  const bounds = [
    ["≥", schema.minimum], [">", schema.exclusiveMinimum], ["≤", schema.maximum],
    ["≥ len", schema.minLength], ["≤ len", schema.maxLength], ["~", schema.pattern],
  ];
  return bounds.filter(([, value]) => value !== undefined).map((pair) => pair.join(" ")).join(", ");
}

function row(name, needed, kind, words) {
  const star = needed ? make("span", { class: "needed", title: "必填 required" }, " *") : null;
  return make("tr", {}, make("td", {}, make("code", {}, name), star),
    make("td", {}, make("code", {}, kind)), make("td", {}, words || ""));
}

function fields(schemas, schema, before = "", depth = 0) {
  const known = resolve(schemas, schema);
  if (!known || !known.properties || depth > 2) return [];
  const needed = new Set(known.required || []);
  return Object.entries(known.properties).flatMap(([name, field]) => {
    const inner = field.items || (field.anyOf || []).find((one) => one.$ref) || field;
    return [row(before + name, needed.has(name), kindOf(field), field.description),
      ...fields(schemas, inner, `${before}${name}.`, depth + 1)];
  });
}

function table(title, rows) {
  if (!rows.length) return null;
  return make("section", {}, make("h4", {}, title), make("table", {}, make("tbody", {}, ...rows)));
}

function bodyOf(schemas, part) {
  const content = part && part.content && Object.values(part.content)[0];
  if (!content || !content.schema) return [];
  const rows = fields(schemas, content.schema.items || content.schema);
  return rows.length ? rows : [row("", false, kindOf(content.schema), "")];
}

function operation(path, method, told, schemas) {
  const open = told.security && told.security.length === 0;
  const parameters = (told.parameters || []).map((one) =>
    row(`${one.name} (${one.in})`, one.required, kindOf(one.schema), one.description));
  const answers = Object.entries(told.responses).filter(([status]) => status !== "default");
  const inside = make("div", { class: "inside" },
    make("p", {}, told.description || "", open ? " 〔无需凭据 no credentials〕" : ""),
    table("参数 Parameters", parameters), table("请求体 Body", bodyOf(schemas, told.requestBody)),
    ...answers.map(([status, answer]) => table(`${status} ${answer.description || ""}`, bodyOf(schemas, answer))));
  return make("details", { "data-sought": `${path} ${told.summary} ${told.description}`.toLowerCase() },
    make("summary", {}, make("b", { class: `method ${method}` }, method), make("code", {}, path),
      make("span", {}, (told.description || told.summary).split("\n")[0])), inside);
}

function gather(told) {
  const rooms = new Map(told.tags.map((tag) => [tag.name, []]));
  for (const [path, item] of Object.entries(told.paths))
    for (const method of METHODS.filter((one) => item[one]))
      for (const tag of item[method].tags)
        rooms.get(tag).push(operation(path, method, item[method], told.components.schemas));
  return rooms;
}

function draw(told) {
  const main = document.getElementById("operations");
  const contents = document.getElementById("rooms");
  main.replaceChildren(make("p", { class: "intro" }, told.info.description));
  if (told["x-unreachable"].length)
    main.append(make("p", { class: "away" }, `暂不可达 Not reachable now: ${told["x-unreachable"].join(", ")}`));
  let service = "";
  for (const [tag, operations] of gather(told)) {
    if (tag.split("/")[0] !== service) contents.append(make("b", {}, (service = tag.split("/")[0])));
    contents.append(make("a", { href: `#${tag}` }, tag.split("/")[1] || tag));
    main.append(make("section", {}, make("h2", { id: tag }, tag), ...operations));
  }
}

function seek(event) {
  const words = event.target.value.toLowerCase().split(/\s+/).filter(Boolean);
  for (const one of document.querySelectorAll("details"))
    one.hidden = !words.every((word) => one.dataset.sought.includes(word));
}

document.getElementById("sought").addEventListener("input", seek);
fetch("/openapi.json").then((answer) => answer.json()).then(draw, (reason) => {
  document.getElementById("operations").textContent = `读取失败 Could not be read: ${reason}`;
});
