// The picture of causes, operations and tests: three columns of buttons, ribbons between them.

const FIRST_SHOWN = 10;
const SHOWN_MORE = 30;
const LEAST_HEIGHT = 42; // Pixels: two lines of text.
const GAP = 6;
const EXTRA = 240; // Pixels that a column shares out by number of tests.
const MORE_HEIGHT = 30;
const HEADINGS = {
  causes: "Causes", operations: "Operations", classes: groupOf.areClasses ? "Tests, by class" : "Tests, by module or package",
};

const flow = { limits: { causes: FIRST_SHOWN, operations: FIRST_SHOWN, classes: FIRST_SHOWN } };

function drawFlow() {
  const host = byId("flow");
  if (!alike.length) {
    host.replaceChildren(h("p", {}, "No test was selected."));
    return;
  }
  const shown = picture(flow.limits);
  for (const column of shown.columns) placeNodes(column.nodes);
  const height = Math.max(...shown.columns.map(({ nodes }) => nodes.at(-1).top + nodes.at(-1).height));
  const parts = [];
  shown.columns.forEach((column, number) => {
    if (number) parts.push(ribbonsBetween(shown, number - 1, height));
    const buttons = column.nodes.map((node) => button(node, shown));
    parts.push(h("div", { class: "column" },
      h("h3", {}, HEADINGS[column.name]), h("div", { class: "nodes" }, buttons)));
  });
  host.replaceChildren(
    h("p", { class: "soft" },
      "The number of tests is beside each name. Choose a box to see its tests in the table."),
    h("div", { class: `flow of${shown.columns.length}` }, parts));
  host.onmouseleave = () => highlight(shown, null);
  flow.shown = shown;
  markPressed();
}

function placeNodes(nodes) {
  // What is folded away may well outweigh all that is shown; it doesn't need the room.
  const shown = nodes.filter(({ key }) => key !== MORE);
  const whole = shown.reduce((sum, node) => sum + node.weight, 0);
  let top = 0;
  for (const node of nodes) {
    node.top = top;
    node.height = LEAST_HEIGHT + (node.key === MORE ? MORE_HEIGHT : (EXTRA * node.weight) / whole);
    node.taken = { left: 0, right: 0 };
    top += node.height + GAP;
  }
}

function ribbonsBetween(shown, gap, height) {
  const found = shown.ribbons.filter((ribbon) => ribbon.gap === gap);
  found.sort((one, other) => one.from.top - other.from.top || one.to.top - other.to.top);
  const thickness = (node, ribbon) => (node.height * ribbon.weight) / node.weight;
  for (const ribbon of found) {
    ribbon.y1 = ribbon.from.top + ribbon.from.taken.right;
    ribbon.h1 = thickness(ribbon.from, ribbon);
    ribbon.from.taken.right += ribbon.h1;
  }
  found.sort((one, other) => one.to.top - other.to.top || one.from.top - other.from.top);
  for (const ribbon of found) {
    ribbon.y2 = ribbon.to.top + ribbon.to.taken.left;
    ribbon.h2 = thickness(ribbon.to, ribbon);
    ribbon.to.taken.left += ribbon.h2;
    const { y1, h1, y2, h2 } = ribbon;
    ribbon.path = svg("path", {
      d: `M0 ${y1}C50 ${y1} 50 ${y2} 100 ${y2}V${y2 + h2}C50 ${y2 + h2} 50 ${y1 + h1} 0 ${y1 + h1}Z`,
    });
  }
  const attributes = { class: "ribbons", viewBox: `0 0 100 ${height}`, preserveAspectRatio: "none" };
  return svg("svg", { ...attributes, "aria-hidden": "true", style: `height:${height}px` },
    ...found.map((ribbon) => ribbon.path));
}

/** What a node is called, and what stands below that in small letters. */
function wording(node) {
  const { column, key } = node;
  if (key === MORE) {
    const nouns = { causes: "cause", operations: "operation", classes: "group" };
    return [`and ${count(node.folded)} more ${nouns[column]}${node.folded === 1 ? "" : "s"}`, "show more"];
  }
  if (column === "classes") {
    if (!groupOf.areClasses) return [key.slice(sharedStart.length), ""];
    const dot = key.lastIndexOf(".");
    return [key.slice(dot + 1) || "without a class", key.slice(0, Math.max(dot, 0))];
  }
  if (key === NONE) {
    return column === "causes" ? ["No choice was made", "everything asked for ran"]
      : ["No operation", "none was seen to be called"];
  }
  if (column === "operations") {
    const name = operationName(key);
    return [operationTitle(key), operationTitle(key) === name ? "" : name];
  }
  const { kind, parts: [name, below] } = data.causes[key];
  return [name, below || (KINDS[kind] ?? kind)];
}

function button(node, shown) {
  const [name, below] = wording(node);
  node.button = h("button", {
    type: "button",
    class: `node${node.key === MORE ? " more" : ""}`,
    style: `--height:${node.height.toFixed(1)}px`,
    title: node.column === "classes" && node.key !== MORE ? node.key : below ? `${name}\n${below}` : name,
    onclick: () => choose(node),
    onmouseenter: () => highlight(shown, node),
    onfocus: () => highlight(shown, node),
    onblur: () => highlight(shown, null),
  }, h("span", { class: "name" }, name), h("span", { class: "tests" }, count(node.tests)),
  below ? h("span", { class: "below" }, below) : null);
  return node.button;
}

const filterOf = { causes: "cause", operations: "operation", classes: "class" };

function valueOf(node) {
  if (node.key === MORE) return null;
  if (node.column === "classes") return node.key;
  if (node.key === NONE) return NONE;
  return node.column === "causes" ? data.causes[node.key].name : operationName(node.key);
}

function choose(node) {
  if (node.key === MORE) {
    flow.limits[node.column] += SHOWN_MORE;
    drawFlow();
    const column = flow.shown.columns.find(({ name }) => name === node.column);
    column.nodes[Math.min(flow.limits[node.column] - SHOWN_MORE, column.nodes.length - 1)].button.focus();
    return;
  }
  const filter = filterOf[node.column];
  if (state[filter] === valueOf(node)) {
    change({ [filter]: "" });
    return;
  }
  change({ ...withoutFilters(), [filter]: valueOf(node) });
  scrollToSection(byId("tests"));
}

function markPressed() {
  for (const { nodes } of flow.shown?.columns ?? []) {
    for (const node of nodes) {
      if (node.key === MORE) continue;
      const isPressed = state[filterOf[node.column]] === valueOf(node);
      node.button.setAttribute("aria-pressed", String(isPressed));
    }
  }
}

/** Show what a node leads to and comes from; without a node, show all alike. */
function highlight(shown, node) {
  const lit = new Set();
  const pairs = new Set();
  for (const group of node ? shown.groups : []) {
    if (!group.some((nodes) => nodes.includes(node))) continue;
    group.forEach((nodes, number) => {
      // Of the node's own column, its tests concern it alone.
      const kept = nodes.includes(node) ? [node] : nodes;
      for (const one of kept) lit.add(one);
      for (const from of number ? group[number - 1] : []) {
        for (const to of nodes) pairs.add(`${number - 1}|${from.key}|${to.key}`);
      }
    });
  }
  for (const { nodes } of shown.columns) {
    for (const one of nodes) one.button.classList.toggle("dim", Boolean(node) && !lit.has(one));
  }
  for (const ribbon of shown.ribbons) {
    const isLit = pairs.has(`${ribbon.gap}|${ribbon.from.key}|${ribbon.to.key}`)
      && lit.has(ribbon.from) && lit.has(ribbon.to);
    ribbon.path.setAttribute("class", node ? (isLit ? "lit" : "dim") : "");
  }
}

onChange(markPressed);
