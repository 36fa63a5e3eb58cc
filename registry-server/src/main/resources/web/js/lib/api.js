// All data comes through here: MLflow's REST under /ajax-api and Millrace's own under /api/v1.

const MLFLOW = '/ajax-api/2.0/mlflow';

/** What the server said no to, or that it could not be reached (`status` 0). */
export class ApiError extends Error {
  constructor(status, code, message) {
    super(message);
    this.status = status;
    this.code = code;
  }
}

async function call(url, options) {
  let answer;
  try {
    answer = await fetch(url, options);
  } catch (failed) {
    if (failed.name === 'AbortError') throw failed;
    throw new ApiError(0, 'UNREACHABLE', 'The registry server does not answer. Is it running? (scripts/registry status)');
  }
  if (!answer.ok) throw await problem(answer, url);
  return answer;
}

async function problem(answer, url) {
  const text = await answer.text();
  try {
    const body = JSON.parse(text);
    const message = body.message || body.detail || body.title || text;
    return new ApiError(answer.status, body.error_code || body.title || String(answer.status), message);
  } catch (notJson) {
    return new ApiError(answer.status, String(answer.status), `${url.split('?')[0]} answered ${answer.status}.`);
  }
}

function queryOf(values) {
  const search = new URLSearchParams();
  for (const [key, value] of Object.entries(values)) {
    if (value === undefined || value === null || value === '') continue;
    for (const one of [value].flat()) search.append(key, one);
  }
  const text = search.toString();
  return text ? `?${text}` : '';
}

async function get(url, values, signal) {
  return (await call(url + queryOf(values), { signal, headers: { Accept: 'application/json' } })).json();
}

async function sendTo(method, url, body, signal, more = {}) {
  const options = { method, headers: { 'Content-Type': 'application/json', ...more }, signal };
  if (body !== undefined) options.body = JSON.stringify(body);
  return (await call(url, options)).json();
}

const post = (path, body, signal) => sendTo('POST', MLFLOW + path, body, signal);
const send = (method, path, body, signal) => sendTo(method, `/api/v1${path}`, body, signal);
const hook = (id, more = '') => `${MLFLOW}/webhooks/${encodeURIComponent(id)}${more}`;

export const api = {
  experiments: (signal) => everything((page_token) =>
    post('/experiments/search', { max_results: 1000, page_token }, signal), 'experiments'),
  experiment: async (experiment_id, signal) =>
    (await get(`${MLFLOW}/experiments/get`, { experiment_id }, signal)).experiment,
  /** `{runs, next_page_token}`; `request` as MLflow's runs/search. */
  searchRuns: async (request, signal) => {
    const answer = await post('/runs/search', request, signal);
    return { runs: answer.runs || [], next: answer.next_page_token };
  },
  deleteRun: (run_id) => post('/runs/delete', { run_id }),
  restoreRun: (run_id) => post('/runs/restore', { run_id }),
  setTag: (run_id, key, value) => post('/runs/set-tag', { run_id, key, value }),
  /** `{runs, groups, more}`: how many runs fit, and by group how they did. */
  runGroups: (request, signal) => send('POST', '/runs/groups', request, signal),
  run: async (run_id, signal) => (await get(`${MLFLOW}/runs/get`, { run_id }, signal)).run,
  /** Points of one metric, run by run as asked: at most `most` of each, evenly spaced then; from a step on, when it is given. */
  curves: async (run_ids, metric_key, { most, from }, signal) => {
    const range = from === undefined ? {} : { start_step: from, end_step: Number.MAX_SAFE_INTEGER };
    const request = { run_ids, metric_key, max_results: most, ...range };
    const { metrics = [] } = await get(`${MLFLOW}/metrics/get-history-bulk-interval`, request, signal);
    const byRun = new Map(run_ids.map((id) => [id, []]));
    metrics.forEach((point) => byRun.get(point.run_id).push(point));
    return [...byRun.values()];
  },
  artifacts: (run_id, path, signal) => everything((page_token) =>
    get(`${MLFLOW}/artifacts/list`, { run_id, path, page_token }, signal), 'files'),
  artifactUrl: (run_id, path) => `/get-artifact${queryOf({ run_id, path })}`,
  artifactText: async (run_id, path, signal) => (await call(api.artifactUrl(run_id, path), { signal })).text(),
  /** The paths of the files beside a version's MLmodel, relative to it; `folder` is where the run or model keeps them. */
  modelFiles: async ({ run, model, path }, signal) => {
    const files = run
      ? await api.artifacts(run, path, signal)
      : (await get(`${MLFLOW}/logged-models/${encodeURIComponent(model)}/artifacts/directories`, {}, signal)).files || [];
    return files.map((file) => (path ? file.path.slice(path.length + 1) : file.path));
  },
  versionText: async (name, version, path, signal) =>
    (await call(`/model-versions/get-artifact${queryOf({ name, version, path })}`, { signal })).text(),
  models: (signal) => everything((page_token) =>
    get(`${MLFLOW}/registered-models/search`, { max_results: 100, page_token }, signal), 'registered_models'),
  model: async (name, signal) =>
    (await get(`${MLFLOW}/registered-models/get`, { name }, signal)).registered_model,
  versions: (filter, signal) => everything((page_token) =>
    get(`${MLFLOW}/model-versions/search`, { filter, max_results: 1000, page_token }, signal), 'model_versions'),
  version: async (name, version, signal) =>
    (await get(`${MLFLOW}/model-versions/get`, { name, version }, signal)).model_version,
  driftModels: async (signal) => (await get('/api/v1/drift', {}, signal)).models || [],
  /** Verdicts and one measure by column and window, and what can be chosen. */
  driftWindows: (model, query, signal) => get(`/api/v1/drift/${encodeURIComponent(model)}/windows`, query, signal),
  /** The rows of one column between two windows; `slice` is `{key, value}`. */
  driftHistory: async (model, { slice, ...query }, signal) => {
    const chosen = new URLSearchParams({ slice_key: slice.key, slice_value: slice.value, ...query });
    return (await get(`/api/v1/drift/${encodeURIComponent(model)}?${chosen}`, {}, signal)).rows || [];
  },
  /** `{lake, exists, tables}`: where the server looks, whether there is anything, and what. */
  tables: (signal) => get('/api/v1/tables', {}, signal),
  table: (name, query, signal) => get(`/api/v1/tables/${encodeURIComponent(name)}`, query, signal),
  tableHistory: (name, query, signal) => get(`/api/v1/tables/${encodeURIComponent(name)}/history`, query, signal),
  rows: (name, query, signal) => get(`/api/v1/tables/${encodeURIComponent(name)}/rows`, query, signal),
  features: (signal) => get('/api/v1/features', {}, signal),
  lineage: (query, signal) => get('/api/v1/lineage', query, signal),
  me: (signal) => get('/api/v1/me', {}, signal),
  signIn: (token) => send('POST', '/session', { token }),
  signOut: () => send('DELETE', '/session'),
  users: async (signal) => (await get('/api/v1/users', {}, signal)).users || [],
  putUser: (name, grants) => send('PUT', `/users/${encodeURIComponent(name)}`, { grants }),
  deleteUser: (name) => send('DELETE', `/users/${encodeURIComponent(name)}`),
  tokens: async (all, signal) => (await get('/api/v1/tokens', { all: all || undefined }, signal)).tokens || [],
  /** `by`: the secret of a token that creates it, instead of this session, which ends sooner. */
  createToken: (token, by) => sendTo('POST', '/api/v1/tokens', token, undefined, by && { Authorization: `Bearer ${by}` }),
  revoke: (id) => send('DELETE', `/tokens/${id}`),
  webhooks: (signal) => everything((page_token) => get(`${MLFLOW}/webhooks`, { page_token }, signal), 'webhooks'),
  createWebhook: (webhook) => post('/webhooks', webhook),
  changeWebhook: (id, values) => sendTo('PATCH', hook(id), values),
  deleteWebhook: (id) => sendTo('DELETE', hook(id)),
  testWebhook: async (id) => (await sendTo('POST', hook(id, '/test'), {})).result,
  audit: (query, signal) => get('/api/v1/audit', query, signal),
  comments: async (target, signal) => (await get('/api/v1/comments', { target }, signal)).comments || [],
  comment: (target, text, author) => send('POST', '/comments', { target, text, author }),
  deleteComment: (id) => send('DELETE', `/comments/${id}`),
  serverVersion: async () => (await call('/version', {})).text(),
};

/** Follows page tokens to the end: for lists that a page shows whole. */
async function everything(fetchPage, field) {
  const all = [];
  let token;
  do {
    const page = await fetchPage(token);
    all.push(...(page[field] || []));
    token = page.next_page_token;
  } while (token);
  return all;
}

/** A text literal of MLflow's filter grammar, which has no escape: the other quote is used. */
export function quoted(text) {
  return text.includes("'") ? `"${text.replaceAll('"', '%')}"` : `'${text}'`;
}
