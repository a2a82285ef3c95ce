// Returns what keeps people from using a page: names that are missing, ids that are double,
// headings that skip a level, and text without contrast enough (WCAG 2.2, 1.4.3: 4.5, large 3).

const faults = [];
const isShown = (node) => node.checkVisibility({ opacityProperty: false, visibilityProperty: true })
  && !node.closest(".unseen, .skip");
const called = (node) => `${node.tagName.toLowerCase()}${node.id ? `#${node.id}` : ""}.${node.getAttribute("class") ?? ""} `
  + `${node.textContent.trim().slice(0, 40)}`;

const ids = [...document.querySelectorAll("[id]")].map(({ id }) => id);
for (const id of new Set(ids.filter((id, place) => ids.indexOf(id) !== place))) faults.push(`double id ${id}`);
for (const name of ["aria-labelledby", "aria-describedby", "aria-controls"]) {
  for (const node of document.querySelectorAll(`[${name}]`)) {
    if (node.checkVisibility() && !document.getElementById(node.getAttribute(name))) faults.push(`${name} leads nowhere: ${called(node)}`);
  }
}
for (const node of document.querySelectorAll("button, a[href], input, select, canvas, [tabindex='0'], [role=application]")) {
  if (!isShown(node)) continue;
  const label = node.getAttribute("aria-label") || node.title || node.textContent.trim()
    || [...(node.labels ?? [])].map((one) => one.textContent.trim()).join("");
  if (!label || (node.matches("select, input") && !node.labels?.length)) faults.push(`without a name: ${called(node)}`);
}
for (const image of document.querySelectorAll("svg")) {
  if (isShown(image) && image.getAttribute("aria-hidden") !== "true" && !image.getAttribute("aria-label")) {
    faults.push(`without a name: ${called(image)}`);
  }
}
let level = 0;
for (const heading of document.querySelectorAll("h1, h2, h3, h4")) {
  if (!isShown(heading)) continue;
  const own = Number(heading.tagName[1]);
  if (own > level + 1) faults.push(`heading skips a level: ${called(heading)}`);
  level = own;
}
if (document.querySelectorAll("h1").length !== 1) faults.push("not one h1");
if (!document.documentElement.lang) faults.push("no language");
for (const cell of document.querySelectorAll("th")) if (!cell.scope) faults.push(`th without scope: ${called(cell)}`);

const parsed = (color) => {
  const found = color.match(/[\d.]+/g).map(Number);
  return { rgb: found.slice(0, 3), alpha: found.length > 3 ? found[3] : 1 };
};
const over = (top, bottom) => top.rgb.map((value, place) => value * top.alpha + bottom[place] * (1 - top.alpha));
function background(node) {
  if (!node) return [255, 255, 255];
  const own = parsed(getComputedStyle(node).backgroundColor);
  return own.alpha === 1 ? own.rgb : over(own, background(node.parentElement));
}
const luminance = (rgb) => {
  const [red, green, blue] = rgb.map((value) => {
    const part = value / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
};
const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
const seen = new Set();
while (walker.nextNode()) {
  const node = walker.currentNode.parentElement;
  if (!walker.currentNode.data.trim() || node.closest("script, style, noscript, svg, :disabled")) continue;
  if (!isShown(node)) continue;
  const style = getComputedStyle(node);
  const back = background(node);
  const [one, other] = [luminance(over(parsed(style.color), back)), luminance(back)].sort((a, b) => b - a);
  const ratio = (one + 0.05) / (other + 0.05);
  const isLarge = parseFloat(style.fontSize) >= 24 || (parseFloat(style.fontSize) >= 18.66 && style.fontWeight >= 700);
  const key = `${style.color} on ${back.map(Math.round)}`;
  if (ratio < (isLarge ? 3 : 4.5) && !seen.has(key)) {
    seen.add(key);
    faults.push(`contrast ${ratio.toFixed(2)}, ${key}: ${called(node)}`);
  }
}
return faults;
