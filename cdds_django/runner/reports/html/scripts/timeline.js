// The timeline: a row for each worker, a block for each test, on a canvas since there may be many.

const LABEL = 34; // Pixels beside the rows.
const AXIS = 22; // Pixels below them.

const timeline = (() => {
  const rows = new Map();
  for (let test = 0; test < total; test++) {
    const worker = columns.worker[test];
    if (worker === null || columns.start[test] === null) continue;
    if (!rows.has(worker)) rows.set(worker, []);
    rows.get(worker).push(test);
  }
  const workers = [...rows.keys()].sort((one, other) => one - other);
  for (const tests of rows.values()) tests.sort((one, other) => columns.start[one] - columns.start[other]);
  const end = Math.max(0, ...[...rows.values()].map((tests) =>
    Math.max(...tests.slice(-50).map((test) => startOf(test) + secondsOf(test)))));
  return { rows, workers, end, from: 0, to: end, focused: null };
})();

const endOf = (test) => startOf(test) + secondsOf(test);

function drawTimeline() {
  const host = byId("timeline");
  if (!host) return;
  if (!timeline.end) {
    host.replaceChildren(h("p", {}, "When the tests began isn't known."));
    return;
  }
  const height = rowHeight() * timeline.workers.length + AXIS;
  const canvas = h("canvas", {
    tabindex: 0, role: "application", style: `height:${height}px`,
    "aria-label": "Timeline of the workers. Arrow keys go from test to test and from worker to "
      + "worker, plus and minus zoom, Enter opens a test.",
  });
  timeline.canvas = canvas;
  const tool = (words, title, act) => h("button", { type: "button", title, onclick: act }, words);
  host.replaceChildren(
    h("div", { class: "tools" },
      tool("+", "Zoom in", () => zoom(0.5)), tool("−", "Zoom out", () => zoom(2)),
      tool("Whole run", "Show the whole run", () => show(0, timeline.end)),
      h("span", { class: "soft wide" }, "Drag over a stretch of time to look closer.")),
    canvas,
    h("ul", { class: "legend keys" },
      ["passed", "other class", "failed", "flaky", "skipped", "set-up"].map((name) =>
        h("li", { class: name.replaceAll(" ", "-") }, name))),
    workerTable());
  listen(canvas);
  new ResizeObserver(paint).observe(canvas);
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", paint);
}

const rowHeight = () => (timeline.workers.length > 24 ? 14 : 24);

function show(from, to) {
  const least = Math.min(timeline.end, 0.001);
  const width = Math.max(least, to - from);
  timeline.from = Math.max(0, Math.min(from, timeline.end - width));
  timeline.to = Math.min(timeline.end, timeline.from + width);
  paint();
}

function zoom(factor) {
  const { focused, from, to } = timeline;
  const isThere = focused !== null && startOf(focused) >= from && startOf(focused) <= to;
  const middle = isThere ? startOf(focused) : (from + to) / 2;
  const width = (to - from) * factor;
  show(middle - width / 2, middle + width / 2);
}

function scale() {
  const width = timeline.canvas.clientWidth - LABEL;
  const perSecond = width / (timeline.to - timeline.from);
  return {
    width,
    x: (seconds) => LABEL + (seconds - timeline.from) * perSecond,
    seconds: (x) => timeline.from + (x - LABEL) / perSecond,
  };
}

function paint() {
  const { canvas, workers, rows } = timeline;
  const style = getComputedStyle(canvas);
  const color = (name) => style.getPropertyValue(`--${name}`);
  const ratio = devicePixelRatio || 1;
  canvas.width = canvas.clientWidth * ratio;
  canvas.height = canvas.clientHeight * ratio;
  const pen = canvas.getContext("2d");
  pen.scale(ratio, ratio);
  pen.font = `12px ${style.fontFamily}`;
  const { x, width } = scale();
  paintAxis(pen, color, x, width);
  const fills = {
    even: color("pass"), odd: color("pass-other"), failed: color("fail"), flaky: color("flaky"),
    skipped: color("skip"), setUp: color("set-up"),
  };
  workers.forEach((worker, number) => {
    const top = number * rowHeight();
    const tall = rowHeight() - 4;
    pen.fillStyle = color("soft");
    pen.textAlign = "right";
    pen.textBaseline = "middle";
    pen.fillText(String(worker), LABEL - 8, top + tall / 2 + 2);
    pen.save();
    pen.beginPath();
    pen.rect(LABEL, 0, width, canvas.clientHeight);
    pen.clip();
    pen.fillStyle = color("card");
    pen.fillRect(LABEL, top + 2, width, tall);
    paintRow(pen, rows.get(worker), fills, x, top + 2, tall);
    pen.restore();
  });
  paintFocus(pen, color, x);
}

function paintAxis(pen, color, x, width) {
  const bottom = timeline.workers.length * rowHeight();
  const step = niceStep(timeline.to - timeline.from, Math.max(2, width / 110));
  pen.fillStyle = color("soft");
  pen.strokeStyle = color("line");
  pen.textAlign = "center";
  pen.textBaseline = "top";
  for (let at = Math.ceil(timeline.from / step) * step; at <= timeline.to; at += step) {
    pen.beginPath();
    pen.moveTo(Math.round(x(at)) + 0.5, 0);
    pen.lineTo(Math.round(x(at)) + 0.5, bottom + 4);
    pen.stroke();
    const words = at < step / 2 ? "0" : round(duration(at));
    const half = pen.measureText(words).width / 2;
    pen.fillText(words, Math.min(Math.max(x(at), half), LABEL + width - half), bottom + 6);
  }
}

/** Blocks narrower than a pixel are joined with their neighbours; failures are drawn last. */
function paintRow(pen, tests, fills, x, top, height) {
  const marks = [];
  let isOdd = false;
  let before = -1;
  let last = 0;
  for (const test of tests) {
    if (classOf[test] !== before) {
      isOdd = !isOdd;
      const tookToSetUp = (data.setUps[classOf[test]] ?? 0) / TENTHS;
      const from = Math.max(last, startOf(test) - tookToSetUp);
      if (tookToSetUp && startOf(test) > from) {
        pen.fillStyle = fills.setUp;
        pen.fillRect(x(from), top, x(startOf(test)) - x(from), height);
      }
      before = classOf[test];
    }
    last = endOf(test);
    if (last < timeline.from || startOf(test) > timeline.to) continue;
    const left = x(startOf(test));
    const wide = Math.max(x(last) - left, 0.3);
    const outcome = outcomeOf(test);
    if (FAILED.has(outcome) || isFlaky(test)) {
      marks.push([FAILED.has(outcome) ? fills.failed : fills.flaky, left, Math.max(wide, 3)]);
      continue;
    }
    pen.fillStyle = outcome === "skipped" ? fills.skipped : isOdd ? fills.odd : fills.even;
    // A hair's breadth between tests, where there is room for it.
    pen.fillRect(left, top, wide > 3 ? wide - 0.6 : wide, height);
  }
  for (const [fill, left, wide] of marks) {
    pen.fillStyle = fill;
    pen.fillRect(left, top, wide, height);
  }
}

function paintFocus(pen, color, x) {
  const { focused, dragged } = timeline;
  if (dragged) {
    pen.fillStyle = color("mark");
    pen.globalAlpha = 0.2;
    pen.fillRect(x(dragged[0]), 0, x(dragged[1]) - x(dragged[0]), timeline.canvas.clientHeight - AXIS);
    pen.globalAlpha = 1;
  }
  if (focused === null) return;
  const top = timeline.workers.indexOf(columns.worker[focused]) * rowHeight();
  pen.strokeStyle = color("text");
  pen.lineWidth = 2;
  pen.strokeRect(x(startOf(focused)) - 1, top + 1, Math.max(x(endOf(focused)) - x(startOf(focused)), 2) + 2, rowHeight() - 2);
}

/** The last test that began at or before a time, by bisection. */
function testAt(tests, seconds) {
  let low = 0;
  let high = tests.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (startOf(tests[middle]) <= seconds) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

function testUnder(event) {
  const { x, seconds } = scale();
  const worker = timeline.workers[Math.floor(event.offsetY / rowHeight())];
  const tests = timeline.rows.get(worker);
  if (!tests || event.offsetX < LABEL) return null;
  const place = testAt(tests, seconds(event.offsetX));
  // Short tests are hard to hit.
  const near = [tests[place], tests[place + 1]].filter((test) => test !== undefined
    && event.offsetX >= x(startOf(test)) - 2 && event.offsetX <= x(endOf(test)) + 2);
  return near.find((test) => FAILED.has(outcomeOf(test))) ?? near[0] ?? null;
}

const describe = (test) => [
  idOf(test),
  `${isFlaky(test) ? "flaky" : outcomeOf(test).replaceAll("_", " ")}, ${duration(secondsOf(test))}, `
    + `worker ${columns.worker[test]}, from ${duration(startOf(test))} on`,
];

function listen(canvas) {
  let pressed = null;
  canvas.addEventListener("pointerdown", (event) => {
    if (event.button === 0 && event.pointerType === "mouse") pressed = event.offsetX;
  });
  canvas.addEventListener("pointermove", (event) => {
    const { seconds } = scale();
    if (pressed !== null && Math.abs(event.offsetX - pressed) > 4) {
      timeline.dragged = [seconds(Math.min(pressed, event.offsetX)), seconds(Math.max(pressed, event.offsetX))];
      tip.hide();
      paint();
      return;
    }
    const test = testUnder(event);
    canvas.style.cursor = test === null ? "" : "pointer";
    if (test === null) tip.hide();
    else tip.show(describe(test), event.clientX, event.clientY);
  });
  canvas.addEventListener("pointerleave", () => {
    tip.hide();
    pressed = timeline.dragged = null;
    paint();
  });
  canvas.addEventListener("click", (event) => {
    const { dragged } = timeline;
    pressed = timeline.dragged = null;
    if (dragged) {
      show(...dragged);
      return;
    }
    const test = testUnder(event);
    if (test !== null) openTest(test);
  });
  canvas.addEventListener("keydown", onKey);
  canvas.addEventListener("blur", () => {
    timeline.focused = null;
    tip.hide();
    paint();
  });
}

function onKey(event) {
  const { rows, workers, focused } = timeline;
  const acts = {
    "+": () => zoom(0.5),
    "-": () => zoom(2),
    "0": () => show(0, timeline.end),
    Enter: () => focused !== null && openTest(focused),
    ArrowLeft: () => step(-1), ArrowRight: () => step(1), ArrowUp: () => hop(-1), ArrowDown: () => hop(1),
  };
  const act = acts[event.key];
  if (!act || event.ctrlKey || event.metaKey || event.altKey) return;
  event.preventDefault();
  act();

  function step(by) {
    const tests = rows.get(focused === null ? workers[0] : columns.worker[focused]);
    const place = focused === null ? 0 : tests.indexOf(focused) + by;
    if (tests[place] !== undefined) focusOn(tests[place]);
  }

  function hop(by) {
    if (focused === null) return step(0);
    const tests = rows.get(workers[workers.indexOf(columns.worker[focused]) + by]);
    if (tests) focusOn(tests[Math.max(0, testAt(tests, startOf(focused)))]);
  }
}

function focusOn(test) {
  timeline.focused = test;
  const { from, to } = timeline;
  if (startOf(test) < from || startOf(test) > to) {
    const width = to - from;
    show(startOf(test) - width / 2, startOf(test) + width / 2);
  }
  paint();
  const { x } = scale();
  const box = timeline.canvas.getBoundingClientRect();
  const row = timeline.workers.indexOf(columns.worker[test]);
  tip.show(describe(test), box.left + x(startOf(test)), box.top + (row + 1) * rowHeight() - 14);
  say(describe(test).join(", "));
}

/** The same in numbers, for those who can't see the picture, and for those who want to know. */
function workerTable() {
  const lines = timeline.workers.map((worker) => {
    const tests = timeline.rows.get(worker);
    const busy = tests.reduce((sum, test) => sum + secondsOf(test), 0);
    const end = Math.max(...tests.slice(-50).map(endOf));
    const failed = tests.filter((test) => FAILED.has(outcomeOf(test))).length;
    return [worker, count(tests.length), count(failed), duration(busy),
      `${Math.round((100 * busy) / timeline.end)}%`, duration(end)];
  });
  return h("details", {}, h("summary", {}, "The workers in numbers"),
    h("div", { class: "scroll", tabindex: 0, role: "region", "aria-label": "The workers in numbers" }, h("table", {},
      h("thead", {}, h("tr", {}, ["Worker", "Tests", "Failed", "In tests", "Of the time", "Last test ended"]
        .map((name) => h("th", { scope: "col" }, name)))),
      h("tbody", {}, lines.map((cells) => h("tr", {}, cells.map((cell) => h("td", {}, String(cell)))))))));
}
