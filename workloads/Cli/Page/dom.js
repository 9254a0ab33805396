// Elements. Text is always a text node: nothing from a file can become markup.

const SVG = "http://www.w3.org/2000/svg";

/** An element with attributes; functions become listeners, and what is null or false is left out. */
function build(element, attributes, children) {
  for (const [name, value] of Object.entries(attributes ?? {})) {
    if (value === null || value === undefined || value === false) continue;
    if (typeof value === "function") element.addEventListener(name, value);
    else element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

const h = (tag, attributes, ...children) => build(document.createElement(tag), attributes, children);
const s = (tag, attributes, ...children) => build(document.createElementNS(SVG, tag), attributes, children);
const byId = (id) => document.getElementById(id);

/** Draws into a container at its width, and again whenever that changes. */
function drawAtWidth(container, draw) {
  let width = 0;
  new ResizeObserver(() => {
    const now = Math.floor(container.clientWidth);
    if (now === width || now === 0) return;
    width = now;
    container.replaceChildren(draw(width));
  }).observe(container);
}

/** Arrow keys, Home and End move the focus among items of which one is in the tab order. */
function roving(items, onFocus) {
  items.forEach((item, index) => {
    item.setAttribute("tabindex", index === 0 ? "0" : "-1");
    item.addEventListener("focus", () => {
      items.forEach((other) => other.setAttribute("tabindex", other === item ? "0" : "-1"));
      onFocus?.(index);
    });
    item.addEventListener("keydown", (event) => {
      const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
      const next = event.key === "Home" ? 0 : event.key === "End" ? items.length - 1 : step ? index + step : null;
      if (next === null || !items[next]) return;
      event.preventDefault();
      items[next].focus();
    });
  });
}

/** "2026-01-31T12-00-00Z" → "2026-01-31 12:00". */
const moment = (text) => text.replace(/^(.{10})T(..)-(..)-..Z$/, "$1 $2:$3");
const words = (name) => name.replaceAll("_", " ");
const facts = (pairs) => h("dl", { class: "facts" }, pairs.filter(([, value]) => value !== null && value !== undefined)
  .map(([name, value]) => h("div", null, h("dt", null, name), h("dd", null, value))));
const empty = (text, command) => h("p", { class: "empty" }, text, command && [" ", h("code", null, command)]);

/** A table of texts; `right` says which columns are numbers. */
function textTable(caption, columns, right, rows) {
  const cell = (tag, value, index) => h(tag, { class: right[index] ? "number" : null, scope: tag === "th" ? "col" : null }, value);
  return h("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": caption },
    h("table", { class: "plain" }, h("caption", { class: "unseen" }, caption),
      h("thead", null, h("tr", null, columns.map((column, index) => cell("th", column, index)))),
      h("tbody", null, rows.map((row) => h("tr", null, row.map((value, index) => cell("td", value, index)))))));
}
