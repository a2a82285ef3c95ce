// The table of all tests: those that the filters let through, a page at a time.

const PAGE = 100;
const RANKS = ["failed", "error", "unexpected_success", "not_run", "passed", "expected_failure",
  "skipped", "selected", LEFT_OUT];
const rankOf = (test) => {
  const rank = RANKS.indexOf(outcomeOf(test));
  return isFlaky(test) ? Math.min(rank, 3.5) : rank;
};

/** The comparisons by which the table can be sorted; where two are equal, tests stay by name. */
const SORTS = {
  outcome: (one, other) => rankOf(one) - rankOf(other) || columns.duration[other] - columns.duration[one],
  test: (one, other) => one - other,
  why: (one, other) => (causesOf(one)[0] ?? 1e9) - (causesOf(other)[0] ?? 1e9),
  worker: (one, other) => (columns.worker[one] ?? 1e9) - (columns.worker[other] ?? 1e9)
    || columns.start[one] - columns.start[other],
  time: (one, other) => columns.duration[one] - columns.duration[other],
};
const DEFAULT_SORT = "outcome";
const HEADERS = [["outcome", "Outcome"], ["test", "Test"], ["why", "Why it ran"], ["worker", "Worker"], ["time", "Time"]];

const shown = { tests: [] };

function drawTable() {
  const sort = state.sort ?? DEFAULT_SORT;
  const isDown = sort.startsWith("-");
  const name = sort.replace("-", "") in SORTS ? sort.replace("-", "") : DEFAULT_SORT;
  const compare = SORTS[name];
  const tests = matching(state);
  tests.sort((one, other) => (isDown ? compare(other, one) : compare(one, other)) || one - other);
  shown.tests = tests;
  const pages = Math.max(1, Math.ceil(tests.length / PAGE));
  const page = Math.min(Math.max(1, Number(state.page) || 1), pages);
  const part = tests.slice((page - 1) * PAGE, page * PAGE);
  const keptFocus = document.activeElement?.dataset?.sort;
  byId("table").replaceChildren(
    tests.length ? h("table", { class: "tests" },
      h("thead", {}, h("tr", {}, HEADERS.filter(([key]) => key !== "why" || data.causes.length).map(([key, words]) => header(key, words, name, isDown)))),
      h("tbody", {}, part.map(row)))
      : h("p", { class: "nothing" }, "No test is like that."),
    pages > 1 ? pager(page, pages, tests.length) : "");
  if (keptFocus) document.querySelector(`[data-sort="${keptFocus}"]`)?.focus();
}

function header(key, words, sorted, isDown) {
  const isSorted = key === sorted;
  const next = isSorted ? (isDown ? key : `-${key}`) : key === "time" ? "-time" : key;
  return h("th", { scope: "col", class: key, "aria-sort": isSorted ? (isDown ? "descending" : "ascending") : null },
    h("button", { type: "button", "data-sort": key,
      onclick: () => change({ sort: next === DEFAULT_SORT ? "" : next }) }, words,
    h("span", { "aria-hidden": "true" }, isSorted ? (isDown ? " ↓" : " ↑") : "")));
}

/** The first cause, short, and how many more there are. */
function why(causes) {
  const [name, below] = data.causes[causes[0]].parts;
  const more = causes.length > 1 ? ` and ${causes.length - 1} more` : "";
  return [breakable(name), more, below ? h("span", { class: "below" }, breakable(below)) : null];
}

function row(test) {
  const causes = causesOf(test);
  const took = columns.worker[test] === null ? "" : duration(secondsOf(test));
  return h("tr", {},
    h("td", { class: "outcome" }, badge(outcomeOf(test), isFlaky(test))),
    h("td", { class: "test" }, h("a", { href: `#test=${encodeURIComponent(idOf(test))}`, "data-test": test },
      h("span", { class: "name" }, breakable(columns.name[test])),
      h("span", { class: "below" }, breakable(className(test))))),
    data.causes.length ? h("td", { class: "why" }, causes.length ? why(causes) : null) : null,
    h("td", { class: "worker" }, columns.worker[test] === null ? "" : String(columns.worker[test])),
    h("td", { class: "time" }, took));
}

function pager(page, pages, number) {
  const go = (to) => () => {
    change({ page: to > 1 ? String(to) : "" });
    scrollToSection(byId("tests"));
  };
  const step = (words, to, isPossible) =>
    h("button", { type: "button", onclick: go(to), ...(isPossible ? {} : { disabled: true }) }, words);
  return h("nav", { class: "pager", "aria-label": "Pages of the table" },
    step("First", 1, page > 1), step("Previous", page - 1, page > 1),
    h("span", {}, `${count((page - 1) * PAGE + 1)}–${count(Math.min(page * PAGE, number))} of ${count(number)}`),
    step("Next", page + 1, page < pages), step("Last", pages, page < pages));
}

onChange((now, before) => {
  const keys = [...FILTERS, "sort", "page"];
  if (keys.some((name) => now[name] !== before[name])) drawTable();
});
