// Bringing the page to life. What scripts alone can do is hidden until they run.

document.documentElement.classList.add("lively");

// Sections' links scroll, and leave the filters in the address.
for (const link of document.querySelectorAll('a[href^="#"]:not([href*="="])')) {
  link.addEventListener("click", (event) => {
    const target = byId(link.hash.slice(1));
    if (!target) return;
    event.preventDefault();
    scrollToSection(target);
    target.setAttribute("tabindex", "-1");
    target.focus({ preventScroll: true });
  });
}

for (const place of document.querySelectorAll(".copy[hidden]")) {
  place.hidden = false;
  place.addEventListener("click", () => copy(place.parentElement.querySelector(".command").textContent, place));
}

// Names of tests lead to them.
for (const place of document.querySelectorAll("li[data-test] > code, li[data-test] .named > code")) {
  const test = Number(place.closest("[data-test]").dataset.test);
  const link = h("a", { href: `#test=${encodeURIComponent(idOf(test))}`, "data-test": test });
  place.replaceWith(link);
  link.append(place);
}
for (const link of document.querySelectorAll("a.more[hidden]")) {
  const test = Number(link.closest("[data-test]").dataset.test);
  link.hidden = false;
  link.href = `#test=${encodeURIComponent(idOf(test))}`;
  link.dataset.test = test;
}

// Operations that tests called lead to these tests.
for (const place of document.querySelectorAll("[data-operation]")) {
  const found = data.operations.findIndex((_, operation) => operationTitle(operation) === place.dataset.operation);
  if (found < 0) continue;
  const link = h("a", { href: `#${hashOf({ operation: operationName(found) })}`, onclick: (event) => {
    event.preventDefault();
    change({ ...withoutFilters(), operation: operationName(found) });
    scrollToSection(byId("tests"));
  } });
  place.replaceWith(link);
  link.append(place);
}

document.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-test]");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  openTest(Number(link.dataset.test));
});

// What went wrong is at a text's end.
const showEnd = (details) => {
  const text = details.querySelector("pre");
  if (details.open && text) text.scrollTop = text.scrollHeight;
};
for (const details of document.querySelectorAll("details[data-test]")) {
  showEnd(details);
  details.addEventListener("toggle", () => showEnd(details));
}

// On paper, nothing can be unfolded.
addEventListener("beforeprint", () => {
  for (const one of document.querySelectorAll("#failures details:not([open])")) {
    one.open = true;
    one.dataset.printed = "";
  }
});
addEventListener("afterprint", () => {
  for (const one of document.querySelectorAll("[data-printed]")) {
    one.open = false;
    delete one.dataset.printed;
  }
});

state = readHash();
drawFlow();
drawTimeline();
drawTrend();
drawTable();
drawControls();
showTest();
if (isFiltered() && !state.test) {
  // Charts take their room when the page is laid out, which comes with the next frame.
  requestAnimationFrame(() => requestAnimationFrame(() => byId("tests").scrollIntoView()));
}
document.documentElement.dataset.ready = "";
