// One test in full, in a dialog. The address names it, so that a link opens it.

function openTest(test) {
  change({ test: idOf(test) }, true);
}

function closeTest() {
  change({ test: "" }, true);
}

function section(title, ...children) {
  return [h("h3", {}, title), ...children];
}

const facts = (pairs) => h("dl", { class: "facts" }, pairs.filter(Boolean).map(([name, value]) =>
  h("div", {}, h("dt", {}, name), h("dd", {}, value))));

function way(reason) {
  const steps = [reason.cause.title, ...reason.via];
  return h("li", {}, h("ol", { class: "way" }, steps.map((step, number) =>
    h("li", { class: number ? "" : "cause" }, h("code", {}, breakable(step))))));
}

function whySection(test) {
  const reasons = reasonsOf(test);
  if (outcomeOf(test) === LEFT_OUT) {
    return section("Why it was left out",
      h("p", {}, "It passed when it last ran, and nothing that it depends on has changed since."));
  }
  if (!reasons.length) return section("Why it ran", h("p", {}, "All tests that were asked for ran."));
  return section("Why it ran", h("ul", { class: "plain ways" }, reasons.map(way)));
}

function drawTest(test) {
  const text = textOf(test);
  const history = historyOf(test);
  const operations = operationsOf(test);
  const start = startOf(test);
  const parts = [
    h("div", { class: "top" },
      h("h2", { id: "detail-title" }, h("code", {}, breakable(idOf(test)))),
      h("button", { type: "button", class: "close", onclick: closeTest, "aria-label": "Close" }, "×")),
    h("p", { class: "tools" }, badge(outcomeOf(test), isFlaky(test)),
      h("code", { class: "command" }, rerun(test)), copyButton(rerun(test)),
      copyButton(location.href, "Copy link")),
    facts([
      columns.worker[test] !== null && ["Took", duration(secondsOf(test))],
      columns.worker[test] !== null && ["Worker", String(columns.worker[test])],
      start !== null && ["Began after", duration(start)],
      test in sparse.attempts && ["Attempts", String(sparse.attempts[test])],
    ]),
  ];
  if (text !== null) {
    const words = outcomeOf(test) === "skipped" ? "Why it was skipped" : "What it failed of";
    parts.push(...section(words, h("pre", { tabindex: 0, "aria-label": words }, text)));
  } else if (FAILED.has(outcomeOf(test))) {
    parts.push(...section("What it failed of",
      h("p", {}, "Its text isn't on this page, which has room for some only; --report-json has it, if there is one.")));
  }
  const before = document.querySelector(`#flaky [data-test="${test}"] pre`)?.textContent;
  if (before) {
    const words = "What it failed of before it passed";
    parts.push(...section(words, h("pre", { tabindex: 0, "aria-label": words }, before)));
  }
  parts.push(...whySection(test));
  if (operations.length) {
    parts.push(...section("Operations that it called", h("ul", { class: "plain" }, operations.map((place) =>
      h("li", {}, h("code", {}, operationTitle(place)), " ", operationTitle(place) === operationName(place) ? null
        : h("span", { class: "soft" }, operationName(place)))))));
  }
  if (history.length) {
    parts.push(...section("Earlier runs, oldest first", h("p", {}, history.map((outcome) => badge(outcome)))));
  }
  const left = (sparse.leftovers[test] ?? []).map((place) => data.strings[place]);
  if (left.length) parts.push(...section("Left behind", h("ul", {}, left.map((one) => h("li", {}, one)))));
  byId("detail").replaceChildren(h("div", { class: "inner" }, parts));
}

function showTest() {
  const dialog = byId("detail");
  if (!state.test) {
    if (dialog.open) dialog.close();
    return;
  }
  const test = numberOf(state.test);
  if (test < 0) {
    dialog.replaceChildren(h("div", { class: "inner" },
      h("h2", { id: "detail-title" }, "No such test"),
      h("p", {}, "This report has no test ", h("code", {}, state.test), "."),
      h("button", { type: "button", onclick: closeTest }, "Close")));
  } else {
    drawTest(test);
  }
  if (!dialog.open) dialog.showModal();
  dialog.scrollTop = 0;
}

byId("detail").addEventListener("close", () => {
  if (state.test) closeTest();
});
byId("detail").addEventListener("click", (event) => {
  // The backdrop belongs to the dialog, its content to the element within.
  if (event.target === event.currentTarget) closeTest();
});

onChange((now, before) => {
  if (now.test !== before.test) showTest();
});
