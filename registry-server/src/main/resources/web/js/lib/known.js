// Which metrics, params and tags the runs of an experiment have, as far as they were seen in this tab.

const MOST_VALUES = 50;
const seen = new Map();

/** `{metrics: Set of keys, params: Map of key → Set of values, tags: the same}`. */
export function knownOf(experiment) {
  if (!seen.has(experiment)) seen.set(experiment, { metrics: new Set(), params: new Map(), tags: new Map() });
  return seen.get(experiment);
}

export function learn(experiment, runs) {
  const known = knownOf(experiment);
  for (const { data } of runs) {
    for (const { key } of data?.metrics || []) known.metrics.add(key);
    for (const kind of ['params', 'tags']) {
      for (const { key, value } of data?.[kind] || []) {
        if (!known[kind].has(key)) known[kind].set(key, new Set());
        if (known[kind].get(key).size < MOST_VALUES) known[kind].get(key).add(value);
      }
    }
  }
}

/** `[entity, key, value]` of params and tags whose value has the word in it, a few. */
export function valuesWith(known, word, most) {
  const wanted = word.toLowerCase();
  const found = [];
  for (const kind of ['params', 'tags']) {
    for (const [key, values] of known[kind]) {
      if (key === 'mlflow.runName') continue;
      for (const value of values) if (value.toLowerCase().includes(wanted)) found.push([kind, key, value]);
    }
  }
  return found.slice(0, most);
}
