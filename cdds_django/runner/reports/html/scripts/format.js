// Numbers as the page shows them; numbers.py does the same.

const count = (number) => number.toLocaleString("en-US");

function duration(seconds) {
  if (seconds < 0.9995) return `${Math.round(seconds * 1000)} ms`;
  if (seconds < 9.995) return `${seconds.toFixed(2)} s`;
  if (seconds < 59.95) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  const minutes = Math.floor(whole / 60);
  if (minutes < 60) return whole % 60 ? `${minutes} min ${whole % 60} s` : `${minutes} min`;
  return minutes % 60 ? `${Math.floor(minutes / 60)} h ${minutes % 60} min` : `${minutes / 60} h`;
}

const counted = (number, noun) => `${count(number)} ${noun}${number === 1 ? "" : "s"}`;

/** Steps of 1, 2 or 5 times a power of ten, so that about `wanted` of them fit into `most`. */
function niceStep(most, wanted) {
  const rough = most / wanted || 1;
  const power = 10 ** Math.floor(Math.log10(rough));
  return [1, 2, 5, 10].find((factor) => factor * power >= rough) * power;
}

/** Figures on axes are round: "8.00 s" is "8 s" there. */
const round = (words) => words.replace(/\.0+ /, " ");
