// Which page an address shows. A page is `async (params, context) => {title, content}`; it is swapped in when ready.
import { api } from './lib/api.js';
import { announce, h } from './lib/dom.js';
import { keepTimes } from './lib/format.js';
import { here } from './lib/places.js';
import { startShortcuts } from './lib/shortcuts.js';
import { startTheme } from './lib/theme.js';
import { disposeLost } from './parts/chart.js';
import { failed, loading } from './parts/states.js';
import { signIn } from './pages/sign-in.js';

/** A page whose modules are fetched when it is first gone to. */
const page = (file, name) => async (...given) => (await fetched(`./pages/${file}.js`))[name](...given);

async function fetched(path) {
  try {
    return await import(path);
  } catch (failed) {
    if (!(failed instanceof TypeError)) throw failed;
    throw Object.assign(new Error('The registry server does not answer. Is it running? (scripts/registry status)'), { status: 0 });
  }
}

const comparePage = page('compare', 'comparePage');
const driftListPage = page('drift-list', 'driftListPage');
const driftPage = page('drift', 'driftPage');
const experimentPage = page('experiment', 'experimentPage');
const experimentsPage = page('experiments', 'experimentsPage');
const featuresPage = page('features', 'featuresPage');
const homePage = page('home', 'homePage');
const lineagePage = page('lineage', 'lineagePage');
const modelPage = page('model', 'modelPage');
const modelsPage = page('models', 'modelsPage');
const runPage = page('run', 'runPage');
const settingsPage = page('settings', 'settingsPage');
const tablePage = page('table', 'tablePage');
const tablesPage = page('tables', 'tablesPage');
const versionPage = page('version', 'versionPage');

const PLACES = [
  [[], homePage],
  [['experiments'], experimentsPage],
  [['experiments', ':experiment'], experimentPage],
  [['experiments', ':experiment', 'compare'], comparePage],
  [['experiments', ':experiment', 'runs', ':run'], runPage],
  [['models'], modelsPage],
  [['models', ':model'], modelPage],
  [['models', ':model', 'versions', ':version'], versionPage],
  [['drift'], driftListPage],
  [['drift', ':model'], driftPage],
  [['tables'], tablesPage],
  [['tables', ':table'], tablePage],
  [['features'], featuresPage],
  [['lineage'], lineagePage],
  [['settings'], settingsPage],
];

const main = document.getElementById('main');
const progress = document.getElementById('progress');
let leaving = new AbortController();
let shownPath = null;

function find(segments) {
  for (const [pattern, open] of PLACES) {
    if (pattern.length !== segments.length) continue;
    const params = {};
    const fits = pattern.every((step, index) => {
      if (step.startsWith(':')) params[step.slice(1)] = segments[index];
      return step.startsWith(':') || step === segments[index];
    });
    if (fits) return { open, params };
  }
  return null;
}

async function show() {
  leaving.abort();
  leaving = new AbortController();
  const { signal } = leaving;
  const { path, segments, query } = here();
  const found = find(segments);
  if (shownPath === null) main.replaceChildren(loading());
  progress.hidden = false;
  main.setAttribute('aria-busy', 'true');
  try {
    if (!found) throw Object.assign(new Error(`There is no page at ${path}.`), { status: 404 });
    const { title, content } = await found.open(found.params, { query, signal, reload: show });
    if (!signal.aborted) swap(path, title, content);
  } catch (error) {
    if (signal.aborted) return;
    if (error.status === 401) {
      swap(path, 'Sign in', signIn(show));
      return;
    }
    if (!error.status && error.status !== 0) console.error(error);
    swap(path, 'Error', [h('h1', { class: 'heading' }, 'Millrace'), failed(error, show, waysOn(segments))]);
  }
}

/** From an address that shows nothing: to what stands above it, and home. */
function waysOn(segments) {
  const above = segments.map((_, depth) => segments.slice(0, depth)).reverse()
    .filter((shorter) => shorter.length > 0 && find(shorter));
  return [...above.map((shorter) => [`Up to ${shorter.join(' / ')}`, `#/${shorter.map(encodeURIComponent).join('/')}`]), ['Home', '#/']];
}

function swap(path, title, content) {
  const focused = document.activeElement?.id;
  const samePage = path === shownPath;
  // Parts that still load would make the page short for a moment, and the reader would lose the place.
  main.style.minHeight = samePage ? `${main.offsetHeight}px` : '';
  main.replaceChildren(...[content].flat(Infinity).filter(Boolean));
  main.removeAttribute('aria-busy');
  progress.hidden = true;
  document.title = title === 'Millrace' ? title : `${title} · Millrace`;
  disposeLost();
  markNavigation();
  if (samePage) {
    document.getElementById(focused)?.focus({ preventScroll: true });
  } else {
    scrollTo(0, 0);
    if (shownPath !== null) main.focus({ preventScroll: true });
    announce(title);
  }
  shownPath = path;
  main.dataset.place = location.hash || '#/'; // what is shown now, for tests
}

function markNavigation() {
  const [first] = here().segments;
  for (const link of document.querySelectorAll('header.top nav a')) {
    const current = link.getAttribute('href') === `#/${first}`;
    if (current) link.setAttribute('aria-current', 'page');
    else link.removeAttribute('aria-current');
  }
}

document.getElementById('skip').addEventListener('click', (event) => {
  event.preventDefault();
  main.focus();
});
startTheme(document.getElementById('theme-switch'));
startShortcuts(document.getElementById('keys'));
addEventListener('hashchange', show);
setInterval(() => !document.hidden && keepTimes(), 1000);
document.addEventListener('visibilitychange', keepTimes);
show();
api.serverVersion().then(
  (version) => { document.getElementById('about').textContent = `Millrace registry · speaks MLflow ${version.trim()}`; },
  () => {},
);
