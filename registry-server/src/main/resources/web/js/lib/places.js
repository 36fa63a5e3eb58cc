// Every address of these pages, and reading and changing the query part of the present one.

const part = encodeURIComponent;

export const to = {
  home: () => '#/',
  experiments: () => '#/experiments',
  experiment: (id) => `#/experiments/${part(id)}`,
  run: (experiment, id) => `#/experiments/${part(experiment)}/runs/${part(id)}`,
  runOf: (run) => to.run(run.info.experiment_id, run.info.run_id),
  compare: (experiment, runs) => `#/experiments/${part(experiment)}/compare?runs=${runs.map(part).join(',')}`,
  models: () => '#/models',
  model: (name) => `#/models/${part(name)}`,
  version: (name, version) => `#/models/${part(name)}/versions/${part(version)}`,
  tables: () => '#/tables',
  table: (name, query = {}) => withQuery(`#/tables/${part(name)}`, query),
  features: (query = {}) => withQuery('#/features', query),
  lineage: (ref, query = {}) => withQuery('#/lineage', { ref, ...query }),
  drift: (model, query = {}) => withQuery(`#/drift/${part(model)}`, query),
};

/** The address without `#`, split into decoded path segments and the query. */
export function here() {
  const [path, query = ''] = location.hash.slice(1).split(/\?(.*)/s);
  const segments = path.split('/').filter(Boolean).map(decoded);
  return { path: path || '/', segments, query: Object.fromEntries(new URLSearchParams(query)) };
}

function decoded(text) {
  try {
    return decodeURIComponent(text);
  } catch (malformed) {
    return text;
  }
}

export function withQuery(place, query) {
  const kept = Object.entries(query).filter(([, value]) => value !== '' && value !== null && value !== undefined);
  return kept.length === 0 ? place : `${place}?${new URLSearchParams(kept)}`;
}

/** The present address with some query values changed; empty values are dropped. */
export function changed(values) {
  const { path, query } = here();
  return withQuery(`#${path}`, { ...query, ...values });
}

/**
 * Writes changed query values into the address without going there: for a page that shows them itself, as one types.
 * `again`: in the place of the entry that was written before.
 */
export function noted(values, again) {
  const address = changed(values);
  if (address === location.hash) return;
  if (again) history.replaceState(null, '', address);
  else history.pushState(null, '', address);
  document.getElementById('main').dataset.place = address;
}

/** Goes to the present address with changed query values; the state of a page is only ever here. */
export function change(values) {
  location.hash = changed(values).slice(1);
}
