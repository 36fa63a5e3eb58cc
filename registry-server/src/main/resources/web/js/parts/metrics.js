// The metrics of a run: the last values with their 95 % intervals, and a picture of those that have a history.
import { api } from '../lib/api.js';
import { breakable, h } from '../lib/dom.js';
import { number, timestamp, unit } from '../lib/format.js';
import { interval, mainMetrics } from '../lib/runs.js';
import { axis, chart, line } from './chart.js';
import { empty, failed } from './states.js';
import { table } from './table.js';

const MOST_HISTORIES = 24;

/**
 * `element` goes into the page; `show(run)` fills it, and again whenever the run has changed. Pictures are drawn on, not
 * made anew, and only histories of metrics that have moved are read.
 */
export function metricsView(signal) {
  const values = h('div', {});
  const charts = h('div', { class: 'charts', 'aria-busy': 'true' });
  const pictures = new Map();
  const show = async (run) => {
    const metrics = mainMetrics(run).sort((left, right) => (left.key < right.key ? -1 : 1));
    values.replaceChildren(metrics.length === 0 ? empty('No metrics yet') : valueTable(run, metrics));
    try {
      await Promise.all(metrics.filter((entry) => mayHaveHistory(run, entry)).slice(0, MOST_HISTORIES)
        .map((entry) => readHistory(run, entry, pictures, signal)));
      const shown = metrics.map(({ key }) => pictures.get(key)?.figure).filter(Boolean);
      if (shown.length !== charts.children.length) charts.replaceChildren(...shown);
    } catch (error) {
      if (error.name !== 'AbortError') charts.replaceChildren(failed(error));
    }
    charts.removeAttribute('aria-busy');
  };
  return { element: [values, charts], show };
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

async function readHistory(run, entry, pictures, signal) {
  const known = pictures.get(entry.key);
  const last = JSON.stringify(entry);
  if (known?.last === last) return;
  const points = inSteps(await api.history(run.info.run_id, entry.key, signal));
  const made = points.length > 1 ? picture(entry.key, points) : null;
  if (known?.figure && made) known.figure.update(made.option, made.behind);
  pictures.set(entry.key, { last, figure: known?.figure || (made && chart(made)) });
}

/** A last value at step 0 may still hide earlier points, so metrics of runs that others log are always asked for. */
function mayHaveHistory(run, entry) {
  const ours = (run.data?.tags || []).some(({ key }) => key === 'millrace.job');
  return !ours || Number(entry.step || 0) > 0;
}

function ends(pair) {
  return pair ? `${number(pair[0])} to ${number(pair[1])}` : '';
}

function inSteps(points) {
  return [...points].sort((left, right) => (left.step || 0) - (right.step || 0) || left.timestamp - right.timestamp);
}

/** What `chart` needs for one history. */
function picture(key, points) {
  const stepless = points.every((point) => !point.step);
  const place = (point, index) => (stepless ? index + 1 : point.step || 0);
  const option = () => ({
    legend: undefined,
    grid: { left: 8, right: 16, top: 12, bottom: 28, containLabel: true },
    xAxis: axis({ type: 'value', name: stepless ? 'point' : 'step', nameLocation: 'middle', nameGap: 24, minInterval: 1, min: 'dataMin', max: 'dataMax' }),
    yAxis: axis({ type: 'value', scale: true }),
    series: [line(0, {
      name: key, showSymbol: points.length <= 40, sampling: 'lttb',
      data: points.map((point, index) => [place(point, index), Number(point.value)]),
    })],
  });
  const behind = table({
    caption: `History of ${key}`,
    columns: [
      { label: 'Step', number: true, cell: (point) => number(point.step || 0) },
      { label: 'Value', number: true, cell: (point) => number(point.value) },
      { label: 'Time (UTC)', cell: (point) => timestamp(point.timestamp) },
    ],
    rows: points.slice(-500),
  });
  return { title: key, option, behind, height: 'small' };
}
