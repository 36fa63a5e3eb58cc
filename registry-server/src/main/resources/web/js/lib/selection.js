// The runs that are ticked, by experiment; they outlive a change of page, order or search, not the tab.

const chosen = new Map();

/** A set of run ids, to be changed in place. */
export function selectionOf(experiment) {
  if (!chosen.has(experiment)) chosen.set(experiment, new Set());
  return chosen.get(experiment);
}
