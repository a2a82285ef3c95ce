// Line charts over earlier runs and this one.

const trend = (() => {
  const { fields, runs } = JSON.parse(byId("runs").textContent);
  const all = runs.map((values) => Object.fromEntries(fields.map((name, place) => [name, values[place]])));
  all.at(-1).isThis = true;
  // Runs of a part of the tests are other runs, unless there are no others.
  return { all, withParts: all.filter((run) => run.is_whole).length < 2 };
})();

const MARGIN = { left: 52, right: 14, top: 12, bottom: 24 };
const CHART_HEIGHT = 220;

const skipRatio = (run) => (run.discovered ? (100 * (run.discovered - run.selected)) / run.discovered : 0);
const momentOf = (run) => run.started_at.slice(0, 16).replace("T", " ");

function drawTrend() {
  const host = byId("trend-charts");
  const runs = trend.all.filter((run) => trend.withParts || run.is_whole || run.isThis);
  const parts = trend.all.filter((run) => !run.is_whole && !run.isThis).length;
  const toggle = parts ? h("label", { class: "tools" },
    h("input", { type: "checkbox", ...(trend.withParts ? { checked: true } : {}),
      onchange: (event) => {
        trend.withParts = event.target.checked;
        drawTrend();
      } }), ` also runs of a part of the tests (${count(parts)})`) : null;
  if (runs.length < 2) {
    host.replaceChildren(...[h("p", {}, "No earlier run is known. The next report compares."), toggle]
      .filter(Boolean));
    return;
  }
  const ratio = h("figure", {}, h("figcaption", {}, "Tests left out"));
  const time = h("figure", {}, h("figcaption", {}, "Time"));
  host.replaceChildren(...[toggle, h("div", { class: "halves" }, ratio, time),
    h("ul", { class: "legend" }, h("li", { class: "delta-run" }, "run of a selection"),
      h("li", { class: "full-run" }, "run of all tests")), runTable(runs)].filter(Boolean));
  const draw = () => {
    lineChart(ratio, runs, skipRatio, 100, (value) => `${Number(value.toFixed(1))}%`);
    const longest = Math.max(...runs.map((run) => run.total_s), 0.001);
    lineChart(time, runs, (run) => run.total_s, longest, duration);
  };
  new ResizeObserver(draw).observe(host);
}

function lineChart(figure, runs, value, most, words) {
  const width = figure.clientWidth;
  const { left, right, top, bottom } = MARGIN;
  const inner = CHART_HEIGHT - top - bottom;
  const step = niceStep(most, 4);
  const highest = Math.ceil(most / step - 1e-9) * step;
  const x = (place) => left + 6 + (place * (width - left - right - 12)) / (runs.length - 1);
  const y = (number) => top + inner * (1 - number / highest);
  const lines = [];
  for (let at = 0; at <= highest + step / 2; at += step) {
    lines.push(svg("line", { class: "grid", x1: left, x2: width - right, y1: y(at), y2: y(at) }),
      svg("text", { x: left - 8, y: y(at) + 4, "text-anchor": "end" }, at ? round(words(at)) : "0"));
  }
  const days = [0, Math.floor((runs.length - 1) / 2), runs.length - 1];
  const anchors = ["start", "middle", "end"];
  days.forEach((place, number) => {
    if (number === 1 && (runs.length < 5 || width < 360)) return;
    lines.push(svg("text", { x: x(place), y: CHART_HEIGHT - 6, "text-anchor": anchors[number] },
      momentOf(runs[place]).slice(0, 10)));
  });
  const points = runs.map((run, place) => `${x(place).toFixed(1)},${y(value(run)).toFixed(1)}`);
  const dots = runs.length > 120 ? [] : runs.map((run, place) => svg("circle", {
    class: run.is_full ? "full-run" : "delta-run", cx: x(place), cy: y(value(run)), r: run.isThis ? 5 : 3.5,
  }));
  const cursor = svg("g", { class: "cursor", visibility: "hidden" },
    svg("line", { y1: top, y2: top + inner }), svg("circle", { r: 6 }));
  const chart = svg("svg", { class: "chart", width, height: CHART_HEIGHT, role: "application", tabindex: 0,
    "aria-label": `${figure.firstChild.textContent} over ${runs.length} runs, this run: `
      + `${words(value(runs.at(-1)))}. Arrow keys tell the others.` },
  ...lines, svg("polyline", { points: points.join(" ") }), ...dots, cursor);
  figure.querySelector("svg")?.remove();
  figure.append(chart);

  let at = runs.length - 1;
  const point = (place, isByKey) => {
    at = Math.max(0, Math.min(runs.length - 1, place));
    const run = runs[at];
    cursor.setAttribute("visibility", "visible");
    cursor.firstChild.setAttribute("x1", x(at));
    cursor.firstChild.setAttribute("x2", x(at));
    cursor.lastChild.setAttribute("cx", x(at));
    cursor.lastChild.setAttribute("cy", y(value(run)));
    const box = chart.getBoundingClientRect();
    const told = [`${momentOf(run)}${run.isThis ? " (this run)" : ""}`, words(value(run)),
      `${count(run.selected)} of ${counted(run.discovered, "test")}, ${count(run.failed)} failed`];
    tip.show(told, box.left + x(at), box.top + y(value(run)));
    if (isByKey) say(told.join(", "));
  };
  const leave = () => {
    cursor.setAttribute("visibility", "hidden");
    tip.hide();
  };
  chart.addEventListener("pointermove", (event) => {
    const within = event.clientX - chart.getBoundingClientRect().left;
    point(Math.round(((within - x(0)) / (x(runs.length - 1) - x(0))) * (runs.length - 1)), false);
  });
  chart.addEventListener("pointerleave", leave);
  chart.addEventListener("blur", leave);
  chart.addEventListener("keydown", (event) => {
    const steps = { ArrowLeft: at - 1, ArrowRight: at + 1, Home: 0, End: runs.length - 1 };
    if (!(event.key in steps)) return;
    event.preventDefault();
    point(steps[event.key], true);
  });
}

function runTable(runs) {
  const cells = (run) => [`${momentOf(run)}${run.isThis ? " (this run)" : ""}`,
    run.mode, `${count(run.selected)} of ${count(run.discovered)}`, `${skipRatio(run).toFixed(1)}%`,
    count(run.failed), count(run.flaky), duration(run.total_s), String(run.workers)];
  const names = ["Run", "Mode", "Selected", "Left out", "Failed", "Flaky", "Time", "Workers"];
  return h("details", {}, h("summary", {}, "The last runs in numbers"),
    h("div", { class: "scroll", tabindex: 0, role: "region", "aria-label": "The last runs in numbers" }, h("table", {},
      h("thead", {}, h("tr", {}, names.map((name) => h("th", { scope: "col" }, name)))),
      h("tbody", {}, runs.slice(-60).reverse().map((run) =>
        h("tr", {}, cells(run).map((cell) => h("td", {}, cell))))))));
}
