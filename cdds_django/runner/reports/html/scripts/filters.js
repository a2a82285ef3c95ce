// What the table shows, kept in the address behind the #, so that a link shows the same.

const NAMES = ["q", "outcome", "cause", "kind", "operation", "class", "worker", "flaky", "sort", "page", "test"];
const NONE = "-"; // For causes and operations: tests that have none.

let state = {};
const listeners = [];
const onChange = (listener) => listeners.push(listener);

function readHash() {
  const text = location.hash.slice(1);
  // What has no = is a section's name.
  const given = text.includes("=") ? new URLSearchParams(text) : new URLSearchParams();
  return Object.fromEntries(NAMES.filter((name) => given.get(name)).map((name) => [name, given.get(name)]));
}

function hashOf(wanted) {
  const found = new URLSearchParams();
  for (const name of NAMES) if (wanted[name]) found.set(name, wanted[name]);
  return found.toString();
}

function tell(before) {
  for (const listener of listeners) listener(state, before);
}

/** Change some of it. With `isStep`, the browser's way back leads to what was shown before. */
function change(wanted, isStep = false) {
  const before = state;
  const isOther = Object.keys(wanted).some((name) => !["page", "test"].includes(name));
  state = { ...before, ...(isOther ? { page: "" } : {}), ...wanted };
  for (const name of NAMES) if (!state[name]) delete state[name];
  const hash = hashOf(state);
  if (hash === hashOf(before)) return;
  const address = `${location.pathname}${location.search}${hash ? `#${hash}` : ""}`;
  history[isStep ? "pushState" : "replaceState"](null, "", address);
  tell(before);
}

function readAddress() {
  const before = state;
  state = readHash();
  tell(before);
}

addEventListener("popstate", readAddress);

const FILTERS = ["q", "outcome", "cause", "kind", "operation", "class", "worker", "flaky"];
const isFiltered = () => FILTERS.some((name) => state[name]);
const withoutFilters = () => Object.fromEntries(FILTERS.map((name) => [name, ""]));

const places = (values, wanted) => new Set(values.flatMap((value, place) => (wanted(value) ? [place] : [])));

/** A function of a test's number for each filter that is set. */
function conditions(wanted) {
  const found = [];
  if (wanted.outcome) {
    const words = new Set(wanted.outcome.split(","));
    const allowed = places(data.outcomes, (outcome) => words.has(outcome));
    found.push((test) => allowed.has(columns.outcome[test]));
  }
  if (wanted.cause === NONE) {
    found.push((test) => outcomeOf(test) !== LEFT_OUT && !causesOf(test).length);
  } else if (wanted.cause || wanted.kind) {
    const isWanted = (place) =>
      (!wanted.cause || data.causes[place].name === wanted.cause) &&
      (!wanted.kind || data.causes[place].kind === wanted.kind);
    const allowed = places(causeSets, (set) => set.some(isWanted));
    found.push((test) => allowed.has(columns.reasons[test]));
  }
  if (wanted.operation === NONE) {
    found.push((test) => outcomeOf(test) !== LEFT_OUT && !operationsOf(test).length);
  } else if (wanted.operation) {
    const allowed = places(data.operationSets, (set) =>
      set.some((place) => operationName(place) === wanted.operation));
    found.push((test) => allowed.has(columns.operations[test]));
  }
  if (wanted.class) {
    const allowed = places(data.classes, ([name]) =>
      name === wanted.class || name.startsWith(`${wanted.class}.`));
    found.push((test) => allowed.has(classOf[test]));
  }
  if (wanted.worker) found.push((test) => String(columns.worker[test]) === wanted.worker);
  if (wanted.flaky) found.push((test) => isFlaky(test) || test in sparse.history);
  if (wanted.q) {
    const words = wanted.q.toLowerCase().split(/\s+/).filter(Boolean);
    found.push((test) => words.every((word) => ids[test].includes(word)));
  }
  return found;
}

/** The numbers of the tests that all filters let through. */
function matching(wanted) {
  const all = conditions(wanted);
  const found = [];
  for (let test = 0; test < total; test++) {
    if (all.every((condition) => condition(test))) found.push(test);
  }
  return found;
}
