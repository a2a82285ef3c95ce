// The run's tests: columns by the number of a test, as data.py writes them.

const data = JSON.parse(byId("data").textContent);
const columns = data.columns;
const sparse = data.sparse;
const total = columns.name.length;
const TENTHS = 10000;

const classOf = new Int32Array(total);
{
  let next = 0;
  data.classes.forEach(([, number], place) => {
    classOf.fill(place, next, next + number);
    next += number;
  });
}

const outcomeOf = (test) => data.outcomes[columns.outcome[test]];
const className = (test) => data.classes[classOf[test]][0];
const idOf = (test) =>
  className(test) ? `${className(test)}.${columns.name[test]}` : columns.name[test];
const secondsOf = (test) => columns.duration[test] / TENTHS;
const startOf = (test) => (columns.start[test] === null ? null : columns.start[test] / TENTHS);
const isFlaky = (test) => test in sparse.flaky;
const historyOf = (test) => (sparse.history[test] ?? []).map((place) => data.outcomes[place]);
const FAILED = new Set(["failed", "error", "unexpected_success"]);
const LEFT_OUT = "not_selected";

const ids = Array.from({ length: total }, (_, test) => idOf(test).toLowerCase());
const numberOf = (id) => ids.findIndex((known, test) => known === id.toLowerCase() && idOf(test) === id);

/** Causes of each set of reasons, each once. */
const causeSets = data.reasonSets.map((set) => [...new Set(set.map((place) => data.reasons[place][0]))]);
const causesOf = (test) => causeSets[columns.reasons[test]];
const operationsOf = (test) => data.operationSets[columns.operations[test]];
const operationName = (place) => data.operations[place][0];
const operationTitle = (place) => data.operations[place][1] || data.operations[place][0];

/** Reasons with the way from each cause to the test. */
const reasonsOf = (test) =>
  data.reasonSets[columns.reasons[test]].map((place) => {
    const [cause, ...via] = data.reasons[place];
    return { cause: data.causes[cause], via: via.map((step) => data.strings[step]) };
  });

/** What a test failed of or why it was skipped; null where this page doesn't have it. */
function textOf(test) {
  if (test in sparse.text) return data.strings[sparse.text[test][0]];
  return document.querySelector(`#failures [data-test="${test}"] pre`)?.textContent ?? null;
}

const rerun = (test) => {
  const shown = document.querySelector(`#failures [data-test="${test}"] .command`);
  if (shown) return shown.textContent;
  const label = idOf(test).replace(/^unittest\.loader\._FailedTest\./, "");
  return `${data.command} ${/^[\w@%+=:,./-]+$/.test(label) ? label : `'${label.replaceAll("'", "'\"'\"'")}'`}`;
};
