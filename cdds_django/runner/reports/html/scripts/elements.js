// Making elements. Text only ever becomes text nodes: names and error texts are of unknown origin.

const byId = (id) => document.getElementById(id);

function element(node, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else node.setAttribute(name, value === true ? "" : value);
  }
  node.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined));
  return node;
}

const h = (tag, attributes = {}, ...children) =>
  element(document.createElement(tag), attributes, children);

const svg = (tag, attributes = {}, ...children) =>
  element(document.createElementNS("http://www.w3.org/2000/svg", tag), attributes, children);

/** A name with places where a narrow window may break it. */
const breakable = (name) =>
  name.split(/(?<=[._/])/).flatMap((part, place) => (place ? [h("wbr"), part] : [part]));

/** Tell people who can't see it what happened. */
function say(text) {
  byId("said").textContent = text;
}

/** A small box beside the pointer or beside what has the focus. */
const tip = {
  show(lines, x, y) {
    const box = byId("tip");
    box.replaceChildren(...lines.map((line) => h("div", {}, line)));
    box.hidden = false;
    const { width, height } = box.getBoundingClientRect();
    const left = Math.min(x + 14, document.documentElement.clientWidth - width - 8);
    const top = y + 18 + height > innerHeight ? y - height - 12 : y + 18;
    box.style.left = `${Math.max(8, left)}px`;
    box.style.top = `${Math.max(8, top)}px`;
  },
  hide() {
    byId("tip").hidden = true;
  },
};

function badge(outcome, isFlaky = false) {
  const words = isFlaky ? "flaky" : outcome.replaceAll("_", " ");
  return h("span", { class: `badge ${words.replaceAll(" ", "-")}` }, words);
}

async function copy(text, button) {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    // Browsers may keep pages that were opened as files from the clipboard's newer interface.
    const field = h("textarea", { class: "unseen" });
    (button.closest("dialog") ?? document.body).append(field);
    field.value = text;
    field.select();
    document.execCommand("copy");
    field.remove();
    button.focus();
  }
  const before = button.textContent;
  button.textContent = "Copied";
  say("Copied");
  setTimeout(() => (button.textContent = before), 1200);
}

const copyButton = (text, words = "Copy") =>
  h("button", { type: "button", class: "copy", onclick: (event) => copy(text, event.currentTarget) },
    words);

function scrollToSection(node) {
  const isCalm = matchMedia("(prefers-reduced-motion: reduce)").matches;
  node.scrollIntoView({ behavior: isCalm ? "auto" : "smooth", block: "start" });
}
