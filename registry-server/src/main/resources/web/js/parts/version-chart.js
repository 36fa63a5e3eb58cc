// One metric over the versions of a model, with 95 % intervals and the champion marked.
import { number } from '../lib/format.js';
import { interval, metric } from '../lib/runs.js';
import { colour, seriesColours } from '../lib/theme.js';
import { axis, chart, line } from './chart.js';
import { table } from './table.js';

export function versionChart(entries, key) {
  const points = entries
    .filter(({ run }) => run && metric(run, key) !== undefined)
    .map(({ version, run }) => ({
      version: version.version,
      champion: (version.aliases || []).includes('champion'),
      value: Number(metric(run, key)),
      ends: interval(run, key),
    }))
    .reverse();
  const withEnds = points.some((point) => point.ends);
  const option = () => ({
    legend: undefined,
    grid: { left: 8, right: 24, top: 28, bottom: 28, containLabel: true },
    xAxis: axis({ type: 'category', data: points.map((point) => point.version), name: 'version', nameLocation: 'middle', nameGap: 26 }),
    yAxis: axis({ type: 'value', scale: true }),
    series: [
      line(0, {
        name: key, symbolSize: 9, z: 3,
        data: points.map((point) => ({
          value: point.value,
          symbol: point.champion ? 'diamond' : 'circle',
          symbolSize: point.champion ? 16 : 9,
          label: { show: true, position: 'top', color: colour('--ink'), formatter: `${point.champion ? '★ ' : ''}${number(point.value)}` },
        })),
      }),
      ...(withEnds ? band(points) : []),
    ],
  });
  const behind = () => table({
    caption: `${key} by version`,
    columns: [
      { label: 'Version', head: true, cell: (point) => `version ${point.version}${point.champion ? ' ★ champion' : ''}` },
      { label: key, number: true, cell: (point) => number(point.value) },
      { label: '95 % interval', number: true, cell: (point) => (point.ends ? point.ends.map(number).join(' to ') : '–') },
    ],
    rows: points,
  });
  return chart({ title: withEnds ? `${key} on the test rows, with 95 % intervals` : key, option, behind });
}

/** The interval as a shaded band: an invisible lower line and the width stacked on it. */
function band(points) {
  const shared = { type: 'line', stack: 'interval', symbol: 'none', lineStyle: { opacity: 0 }, silent: true, tooltip: { show: false } };
  return [
    { ...shared, stackStrategy: 'all', data: points.map((point) => point.ends?.[0] ?? point.value) },
    { ...shared, stackStrategy: 'all', areaStyle: { color: seriesColours()[0], opacity: 0.15 },
      data: points.map((point) => (point.ends ? point.ends[1] - point.ends[0] : 0)) },
  ];
}
