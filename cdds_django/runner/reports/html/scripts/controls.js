// Search and filters above the table.

const KINDS = {
  code: "code that ran", loaded: "code that ran at import", symbol: "definition", module: "module",
  operation: "operation", route: "route", path: "URL", reversal: "reversed name", table: "table",
  template: "template", file: "file", listing: "directory", existence: "file's existence",
  setting: "setting", environment: "environment", variable: "variable of the environment",
  process: "started program", upstream: "other service", test: "new, or not passed last time",
  full_run: "full run", coverage: "coverage",
};
const MOST_COMMANDED = 50;
const WAIT = 120; // Milliseconds without a key, before the search begins.

const outcomeCounts = data.outcomes.map(() => 0);
for (let test = 0; test < total; test++) outcomeCounts[columns.outcome[test]]++;
const controls = {};

function options(values, all) {
  return [h("option", { value: "" }, all), ...values.map(([value, words]) => h("option", { value }, words))];
}

function select(name, label, values) {
  if (values.length < 2) return null;
  controls[name] = h("select", { onchange: (event) => change({ [name]: event.target.value }) },
    options(values, "any"));
  return h("label", {}, h("span", {}, label), controls[name]);
}

function drawControls() {
  let timer = 0;
  controls.q = h("input", { type: "search", placeholder: "Part of a test's name", autocomplete: "off", spellcheck: "false",
    oninput: () => {
      clearTimeout(timer);
      timer = setTimeout(() => change({ q: controls.q.value.trim() }), WAIT);
    } });
  const byRank = data.outcomes.map((_, place) => place)
    .filter((place) => outcomeCounts[place])
    .sort((one, other) => RANKS.indexOf(data.outcomes[one]) - RANKS.indexOf(data.outcomes[other]));
  controls.outcomes = byRank.map((place) => h("button", {
    type: "button", class: "chip", "data-outcome": data.outcomes[place],
    onclick: () => toggleOutcome(data.outcomes[place]),
  }, data.outcomes[place] === LEFT_OUT ? "left out" : data.outcomes[place].replaceAll("_", " "),
  h("b", {}, count(outcomeCounts[place]))));
  const uneven = Object.keys({ ...sparse.flaky, ...sparse.history }).length;
  controls.flaky = uneven ? h("button", { type: "button", class: "chip",
    onclick: () => change({ flaky: state.flaky ? "" : "1" }) }, "not always alike", h("b", {}, count(uneven))) : null;
  const kinds = [...new Set(data.causes.map(({ kind }) => kind))].sort();
  const operations = data.operations.map((_, place) => [operationName(place), operationTitle(place)])
    .sort((one, other) => one[1].localeCompare(other[1]));
  if (operations.length) operations.push([NONE, "none"]);
  controls.chosen = h("div", { class: "chosen" });
  controls.number = h("span", { class: "number" });
  byId("controls").replaceChildren(
    h("form", { role: "search", onsubmit: (event) => event.preventDefault() },
      h("label", { class: "search" }, h("span", {}, "Search"), controls.q),
      ...[select("kind", "Kind of cause", kinds.map((kind) => [kind, KINDS[kind] ?? kind])),
        select("operation", "Operation", operations),
        select("worker", "Worker", timeline.workers.map((worker) => [String(worker), String(worker)]))]
        .filter(Boolean)),
    h("div", { class: "chips", role: "group", "aria-label": "Outcomes" },
      [...controls.outcomes, controls.flaky].filter(Boolean)),
    controls.chosen);
  showState();
}

function toggleOutcome(outcome) {
  const chosen = new Set(state.outcome ? state.outcome.split(",") : []);
  if (!chosen.delete(outcome)) chosen.add(outcome);
  change({ outcome: [...chosen].join(",") });
}

/** Filters that have no field of their own, the number of tests, and what can be done with them. */
function showState() {
  if (document.activeElement !== controls.q) controls.q.value = state.q ?? "";
  for (const name of ["kind", "operation", "worker"]) if (controls[name]) controls[name].value = state[name] ?? "";
  const chosen = new Set(state.outcome ? state.outcome.split(",") : []);
  for (const chip of controls.outcomes) chip.setAttribute("aria-pressed", String(chosen.has(chip.dataset.outcome)));
  controls.flaky?.setAttribute("aria-pressed", String(Boolean(state.flaky)));
  const parts = [h("span", { class: "result" }, `${counted(shown.tests.length, "test")}`)];
  const remove = (name, words) => h("button", { type: "button", class: "chip remove", title: "Remove this filter",
    onclick: () => change({ [name]: "" }) }, words, h("span", { "aria-hidden": "true" }, "×"));
  if (state.cause) {
    const cause = data.causes.find(({ name }) => name === state.cause);
    parts.push(remove("cause", `because ${state.cause === NONE ? "all were asked for" : (cause?.title ?? state.cause)}`));
  }
  if (state.class) parts.push(remove("class", `of ${state.class}`));
  if (isFiltered()) {
    parts.push(h("button", { type: "button", class: "plain", onclick: () => change(withoutFilters()) }, "Clear all filters"));
    parts.push(copyButton(location.href, "Copy link"));
  }
  if (isFiltered() && shown.tests.length && shown.tests.length <= MOST_COMMANDED) {
    const labels = shown.tests.map((test) => rerun(test).slice(data.command.length));
    parts.push(copyButton(data.command + labels.join(""), "Copy command that runs them"));
  }
  controls.chosen.replaceChildren(...parts);
}

onChange((now, before) => {
  if (FILTERS.some((name) => now[name] !== before[name])) {
    showState();
    say(counted(shown.tests.length, "test"));
  }
});
