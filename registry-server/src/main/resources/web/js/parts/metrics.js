// The metrics of a run: the last values with their 95 % intervals, and curves of those that have a history.
import { api } from '../lib/api.js';
import { MOST_POINTS, grown } from '../lib/curve.js';
import { breakable, h } from '../lib/dom.js';
import { number, unit } from '../lib/format.js';
import { change } from '../lib/places.js';
import { interval, mainMetrics } from '../lib/runs.js';
import { ask } from './ask.js';
import { chart } from './chart.js';
import { curvePicture } from './curve-chart.js';
import { curveControls, curveLook } from './curve-controls.js';
import { empty, failed } from './states.js';
import { table } from './table.js';

const MOST_HISTORIES = 24;

/**
 * `element` goes into the page; `show(run)` fills it, and again whenever the run has changed. Pictures are drawn on, not
 * made anew, and only histories of metrics that have moved are read. `query.together` names metrics that share a picture.
 */
export function metricsView(query, signal) {
  const values = h('div', {});
  const tools = h('div', {});
  const charts = h('div', { class: 'charts', 'aria-busy': 'true' });
  const view = { look: curveLook(query), together: (query.together || '').split(',').filter(Boolean).map(decodeURIComponent), histories: new Map(), figures: new Map() };
  const draw = () => drawAll(view, charts);
  const show = async (run) => {
    const metrics = mainMetrics(run).sort((left, right) => (left.key < right.key ? -1 : 1));
    values.replaceChildren(metrics.length === 0 ? nothing(run) : valueTable(run, metrics));
    try {
      await Promise.all(chosenFirst(metrics, view.together).filter((entry) => mayHaveHistory(run, entry)).slice(0, MOST_HISTORIES)
        .map((entry) => readHistory(run, entry, view, signal)));
      view.start = run.info.start_time;
      draw();
      if (tools.childNodes.length === 0 && curved(view).length > 0) {
        tools.replaceChildren(curveControls(query, (look) => { view.look = look; draw(); }, together(view)));
      }
    } catch (error) {
      if (error.name !== 'AbortError') charts.replaceChildren(failed(error));
    }
    charts.removeAttribute('aria-busy');
  };
  return { element: [values, tools, charts], show };
}

function nothing(run) {
  return run.info.status === 'RUNNING' ? empty('No metrics yet', 'They appear here as they are logged.') : empty('No metrics');
}

function chosenFirst(metrics, keys) {
  return [...metrics].sort((left, right) => Number(keys.includes(right.key)) - Number(keys.includes(left.key)));
}

async function readHistory(run, entry, view, signal) {
  const last = JSON.stringify(entry);
  const known = view.histories.get(entry.key);
  if (known?.last === last) return;
  const read = async (from) => (await api.curves([run.info.run_id], entry.key, { most: MOST_POINTS, from }, signal))[0];
  view.histories.set(entry.key, { last, points: await grown(known?.points || [], read) });
}

/** Keys of the metrics that make a curve. */
function curved(view) {
  return [...view.histories.keys()].filter((key) => view.histories.get(key).points.length > 1).sort();
}

/** One picture for the metrics that are wanted together, then one for each of the others. */
function drawAll(view, charts) {
  const keys = curved(view);
  const shared = view.together.filter((key) => keys.includes(key));
  const curve = (key) => ({ name: key, points: view.histories.get(key).points, start: view.start });
  const pictures = keys.filter((key) => shared.length < 2 || !shared.includes(key)).map((key) => [key, [key], 'small']);
  if (shared.length > 1) pictures.unshift(['(together)', shared, 'medium']);
  const figures = pictures.map(([id, names, height]) => {
    const shows = JSON.stringify([names.map((key) => view.histories.get(key).last), view.look, names]);
    const known = view.figures.get(id);
    if (known?.shows === shows) return known;
    const picture = curvePicture(names.join(', '), names.map(curve), view.look, height);
    known?.update(picture.option, picture.behind, picture.title);
    view.figures.set(id, known || chart(picture));
    return Object.assign(view.figures.get(id), { shows });
  });
  view.figures.get('(together)')?.classList.add('together');
  if (figures.length !== charts.children.length) charts.replaceChildren(...figures);
}

/** A button that asks which metrics shall share a picture. */
function together(view) {
  if (curved(view).length < 2) return null;
  const choose = async () => {
    const fields = h('div', { class: 'choices' }, curved(view).map((key) =>
      h('label', { class: 'choice' }, h('input', { type: 'checkbox', name: key, value: '1', checked: view.together.includes(key) }), ' ', key)));
    const chosen = await ask({ title: 'Metrics in one picture', text: 'Tick two or more; none for a picture each.', fields, action: 'Show' });
    if (chosen) change({ together: Object.keys(chosen).map(encodeURIComponent).join(',') });
  };
  return h('button', { type: 'button', class: 'quiet', id: 'together', onclick: choose }, 'Together …');
}

function valueTable(run, metrics) {
  return table({
    caption: 'Metrics',
    columns: [
      { label: 'Metric', head: true, class: 'name', cell: (entry) => breakable(entry.key) },
      { label: 'Value', number: true, cell: (entry) => number(entry.value) },
      { label: '95 % interval', number: true, cell: (entry) => ends(interval(run, entry.key)) },
      { label: 'Unit', class: 'faint', cell: (entry) => unit(entry.key) },
    ],
    rows: metrics,
  });
}

/** A last value at step 0 may still hide earlier points, so metrics of runs that others log are always asked for. */
function mayHaveHistory(run, entry) {
  const ours = (run.data?.tags || []).some(({ key }) => key === 'millrace.job');
  return !ours || Number(entry.step || 0) > 0;
}

function ends(pair) {
  return pair ? `${number(pair[0])} to ${number(pair[1])}` : '';
}
