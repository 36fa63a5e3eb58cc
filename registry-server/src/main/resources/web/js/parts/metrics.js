// The metrics of a run: the last values with their 95 % intervals, and a picture of those that have a history.
import { api } from '../lib/api.js';
import { breakable, h } from '../lib/dom.js';
import { number, timestamp, unit } from '../lib/format.js';
import { interval, mainMetrics } from '../lib/runs.js';
import { axis, chart, line } from './chart.js';
import { empty, later } from './states.js';
import { table } from './table.js';

const MOST_HISTORIES = 24;

export function metricsPart(run, signal) {
  const metrics = mainMetrics(run).sort((left, right) => (left.key < right.key ? -1 : 1));
  if (metrics.length === 0) return empty('No metrics yet');
  const values = table({
    caption: 'Metrics',
    columns: [
      { label: 'Metric', head: true, class: 'name', cell: (entry) => breakable(entry.key) },
      { label: 'Value', number: true, cell: (entry) => number(entry.value) },
      { label: '95 % interval', number: true, cell: (entry) => ends(interval(run, entry.key)) },
      { label: 'Unit', class: 'faint', cell: (entry) => unit(entry.key) },
    ],
    rows: metrics,
  });
  const moving = metrics.filter((entry) => mayHaveHistory(run, entry)).slice(0, MOST_HISTORIES);
  if (moving.length === 0) return values;
  const histories = Promise.all(moving.map((entry) => api.history(run.info.run_id, entry.key, signal)));
  return [values, later(histories, (all) => pictures(moving, all), 'Reading histories')];
}

/** A last value at step 0 may still hide earlier points, so metrics of runs that others log are always asked for. */
function mayHaveHistory(run, entry) {
  const ours = (run.data?.tags || []).some(({ key }) => key === 'millrace.job');
  return !ours || Number(entry.step || 0) > 0;
}

function ends(pair) {
  return pair ? `${number(pair[0])} to ${number(pair[1])}` : '';
}

function pictures(entries, histories) {
  const figures = entries
    .map((entry, index) => [entry.key, inSteps(histories[index])])
    .filter(([, points]) => points.length > 1)
    .map(([key, points]) => picture(key, points));
  return figures.length === 0 ? null : h('div', { class: 'charts' }, figures);
}

function inSteps(points) {
  return [...points].sort((left, right) => (left.step || 0) - (right.step || 0) || left.timestamp - right.timestamp);
}

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
  return chart({ title: key, option, behind, height: 'small' });
}
