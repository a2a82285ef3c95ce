// From causes over operations to classes of tests: what the picture shows.

const MOST_GROUPS = 30;

/**
 * What stands for each class in the picture: the class, or, where there are too many of these, the
 * module or package that it is in.
 */
const groupOf = (() => {
  const names = data.classes.map(([name]) => name.split("."));
  const ran = new Set();
  for (let test = 0; test < total; test++) if (outcomeOf(test) !== LEFT_OUT) ran.add(classOf[test]);
  const deepest = Math.max(0, ...[...ran].map((place) => names[place].length));
  const at = (depth) => names.map((parts) => parts.slice(0, depth).join("."));
  const numberAt = (depth) => new Set(at(depth).filter((_, place) => ran.has(place))).size;
  let depth = deepest;
  // One group would tell nothing.
  while (depth > 1 && numberAt(depth) > MOST_GROUPS && numberAt(depth - 1) > 1) depth--;
  return { names: at(depth), areClasses: depth === deepest };
})();

/** What the names of all groups begin with, to leave it out. */
const sharedStart = (() => {
  const parts = [...new Set(groupOf.names)].map((name) => name.split(".").slice(0, -1));
  const first = parts[0] ?? [];
  let length = first.length;
  for (const other of parts) while (first.slice(0, length).some((part, place) => other[place] !== part)) length--;
  return first.slice(0, length).map((part) => `${part}.`).join("");
})();

/** Tests alike in causes, operations and class, with how many there are. */
const alike = (() => {
  const found = new Map();
  for (let test = 0; test < total; test++) {
    if (outcomeOf(test) === LEFT_OUT) continue;
    const key = `${columns.reasons[test]}|${columns.operations[test]}|${groupOf.names[classOf[test]]}`;
    const known = found.get(key);
    if (known) known.number++;
    else {
      found.set(key, {
        number: 1,
        causes: causesOf(test).length ? causesOf(test) : [NONE],
        operations: operationsOf(test).length ? operationsOf(test) : [NONE],
        classes: [groupOf.names[classOf[test]]],
      });
    }
  }
  return [...found.values()];
})();

const MORE = "more";

/** Nodes of a column, most tests first; what is beyond `limit` is folded into one. */
function nodesOf(column, limit) {
  const numbers = new Map();
  for (const group of alike) {
    for (const key of group[column]) numbers.set(key, (numbers.get(key) ?? 0) + group.number);
  }
  const keys = [...numbers.keys()].sort((one, other) => numbers.get(other) - numbers.get(one));
  // Folding one away would save no place.
  const shown = keys.length <= limit + 1 ? keys : keys.slice(0, limit);
  const kept = new Set(shown);
  const nodes = shown.map((key) => ({ column, key, tests: numbers.get(key), weight: 0 }));
  if (shown.length < keys.length) {
    const tests = alike.reduce(
      (sum, group) => sum + (group[column].some((key) => !kept.has(key)) ? group.number : 0), 0);
    nodes.push({ column, key: MORE, folded: keys.length - shown.length, tests, weight: 0 });
  }
  const byKey = new Map(nodes.map((node) => [node.key, node]));
  const nodeOf = (key) => byKey.get(key) ?? byKey.get(MORE);
  return { nodes, nodeOf };
}

/**
 * Columns of nodes, and the ribbons between neighbours. A test with several causes or operations
 * counts for each node in full, and for ribbons in parts.
 */
function picture(limits) {
  const names = data.operations.length ? ["causes", "operations", "classes"] : ["causes", "classes"];
  const found = names.map((name) => ({ name, ...nodesOf(name, limits[name]) }));
  const ribbons = new Map();
  const groups = alike.map((group) => {
    const nodes = found.map(({ name, nodeOf }) => {
      const counts = new Map();
      for (const key of group[name]) counts.set(nodeOf(key), (counts.get(nodeOf(key)) ?? 0) + 1);
      for (const [node, times] of counts) node.weight += (group.number * times) / group[name].length;
      return counts;
    });
    for (let left = 0; left + 1 < names.length; left++) {
      const share = group.number / (group[names[left]].length * group[names[left + 1]].length);
      for (const [from, fromTimes] of nodes[left]) {
        for (const [to, toTimes] of nodes[left + 1]) {
          const key = `${left}|${from.key}|${to.key}`;
          const ribbon = ribbons.get(key) ?? { gap: left, from, to, weight: 0 };
          ribbon.weight += share * fromTimes * toTimes;
          ribbons.set(key, ribbon);
        }
      }
    }
    return nodes.map((counts) => [...counts.keys()]);
  });
  return { columns: found, ribbons: [...ribbons.values()], groups };
}
