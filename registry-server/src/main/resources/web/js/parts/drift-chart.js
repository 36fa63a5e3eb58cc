// The distances of one column over time, the threshold they are held against, and the table with every number.
import { h } from '../lib/dom.js';
import { MEASURES, windowEnd, windowStart } from '../lib/drift.js';
import { number, windowName } from '../lib/format.js';
import { to } from '../lib/places.js';
import { colour } from '../lib/theme.js';
import { verdictBadge } from './badges.js';
import { axis, chart, line } from './chart.js';
import { table } from './table.js';

const SHOWN = ['psi', 'ks', 'js'];

export function driftChart(column, rows) {
  const ordered = [...rows].sort((left, right) => windowStart(left) - windowStart(right));
  const names = ordered.map((row) => windowName(windowStart(row)));
  const threshold = Number(ordered.findLast((row) => row.threshold !== null && row.threshold !== undefined)?.threshold ?? NaN);
  const measures = SHOWN.filter((key) => ordered.some((row) => MEASURES[key].read(row) !== null));
  const option = () => ({
    grid: { left: 8, right: 48, top: 40, bottom: 8, containLabel: true },
    xAxis: axis({ type: 'category', data: names, boundaryGap: ordered.length < 3 }),
    yAxis: axis({ type: 'value', min: 0 }),
    series: measures.map((key, index) => line(index, {
      name: MEASURES[key].label,
      data: ordered.map((row) => MEASURES[key].read(row)),
      lineStyle: { width: 2, type: ['solid', 'dashed', 'dotted'][index % 3] },
      ...(index === 0 && !Number.isNaN(threshold) ? { markLine: thresholdLine(threshold) } : {}),
    })),
  });
  return chart({ title: `Drift of ${column} by window`, option, behind: null });
}

function thresholdLine(threshold) {
  const bad = colour('--bad');
  return {
    silent: true, symbol: 'none', lineStyle: { color: bad, type: 'dashed', width: 1.5 },
    label: { formatter: `threshold ${threshold}`, color: bad, position: 'insideStartTop' },
    data: [{ yAxis: threshold }],
  };
}

export function driftTable(column, rows) {
  const newestFirst = [...rows].sort((left, right) => windowStart(right) - windowStart(left));
  const numeric = (label, read) => ({ label, number: true, cell: (row) => number(read(row)) });
  return table({
    caption: `Drift of ${column}`,
    id: 'drift-rows',
    columns: [
      { label: 'Window (UTC)', head: true, cell: (row) => span(row) },
      { label: 'Verdict', cell: (row) => verdictBadge(row.verdict) },
      numeric('PSI', MEASURES.psi.read),
      numeric('KS', MEASURES.ks.read),
      numeric('JS', MEASURES.js.read),
      numeric('TV', MEASURES.tv.read),
      numeric('Wasserstein', (row) => row.wasserstein_distance),
      numeric('Threshold', (row) => row.threshold),
      numeric('Adjusted p', (row) => row.adjusted_pvalue),
      numeric('Error bound', (row) => row.error_bound),
      { ...numeric('Current', (row) => row.n_current), unit: 'rows' },
      { ...numeric('Reference', (row) => row.n_reference), unit: 'rows' },
      numeric('Nulls', (row) => row.percent_null_delta),
      numeric('Mean', (row) => row.avg_delta),
      { label: 'Binning', cell: (row) => row.binning || '–' },
      { label: 'Version', cell: (row) => (row.model_version ? h('a', { href: to.version(row.model_name, row.model_version) }, row.model_version) : '–') },
    ].map(withDelta),
    rows: newestFirst,
  });
}

function withDelta(column) {
  return column.label === 'Nulls' || column.label === 'Mean' ? { ...column, label: `${column.label}, change` } : column;
}

function span(row) {
  const start = windowName(windowStart(row));
  return windowEnd(row) ? `${start} to ${windowName(windowEnd(row))}` : start;
}
