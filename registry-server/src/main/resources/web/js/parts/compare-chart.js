// One metric of several runs: lines over steps when any run has a history, otherwise bars with their 95 % intervals.
import { number } from '../lib/format.js';
import { interval, metric, name } from '../lib/runs.js';
import { colour, seriesColours } from '../lib/theme.js';
import { axis, chart, line } from './chart.js';
import { table } from './table.js';

export function compareChart(runs, key, histories) {
  const hasHistory = histories.some((points) => points.length > 1);
  return hasHistory ? lines(runs, key, histories) : bars(runs, key);
}

function lines(runs, key, histories) {
  const names = unique(runs);
  const option = () => ({
    grid: { left: 8, right: 24, top: 40, bottom: 28, containLabel: true },
    xAxis: axis({ type: 'value', name: 'step', nameLocation: 'middle', nameGap: 26, minInterval: 1, min: 'dataMin', max: 'dataMax' }),
    yAxis: axis({ type: 'value', scale: true }),
    series: runs.map((run, index) => line(index, {
      name: names[index],
      data: histories[index].map((point) => [point.step || 0, Number(point.value)]),
    })),
  });
  const rows = histories.flatMap((points, index) => points.map((point) => ({ run: names[index], point })));
  const behind = table({
    caption: `History of ${key}`,
    columns: [
      { label: 'Run', head: true, cell: (row) => row.run },
      { label: 'Step', number: true, cell: (row) => number(row.point.step || 0) },
      { label: key, number: true, cell: (row) => number(row.point.value) },
    ],
    rows: rows.slice(0, 1000),
  });
  return chart({ title: `${key} by step`, option, behind });
}

function bars(runs, key) {
  const names = unique(runs);
  const values = runs.map((run) => metric(run, key));
  const ends = runs.map((run) => interval(run, key));
  const option = () => ({
    legend: undefined,
    xAxis: axis({ type: 'value', scale: true, name: key, nameLocation: 'middle', nameGap: 26 }),
    yAxis: axis({ type: 'category', data: names, inverse: true }),
    grid: { left: 8, right: 40, top: 8, bottom: 28, containLabel: true },
    tooltip: undefined,
    series: [
      { type: 'scatter', symbolSize: 12, itemStyle: { color: seriesColours()[0] }, data: values.map((value, index) => [value, index]),
        label: { show: true, position: 'top', formatter: ({ data }) => number(data[0]), color: colour('--ink') } },
      { type: 'custom', renderItem: whisker, data: ends.map((pair, index) => (pair ? [index, ...pair] : null)).filter(Boolean),
        encode: { x: [1, 2], y: 0 }, silent: true },
    ],
  });
  const behind = table({
    caption: key,
    columns: [
      { label: 'Run', head: true, cell: (index) => names[index] },
      { label: key, number: true, cell: (index) => number(values[index]) },
      { label: '95 % interval', number: true, cell: (index) => (ends[index] ? `${number(ends[index][0])} to ${number(ends[index][1])}` : '–') },
    ],
    rows: runs.map((run, index) => index),
  });
  const title = ends.some(Boolean) ? `${key}, with 95 % intervals` : key;
  return chart({ title, option, behind, height: runs.length > 6 ? 'tall' : 'medium' });
}

/** A line from the low to the high end, with a small stroke at each. */
function whisker(params, values) {
  const from = values.coord([values.value(1), values.value(0)]);
  const until = values.coord([values.value(2), values.value(0)]);
  const style = { stroke: colour('--ink-soft'), lineWidth: 1.5 };
  const stroke = (x1, y1, x2, y2) => ({ type: 'line', shape: { x1, y1, x2, y2 }, style });
  return {
    type: 'group',
    children: [
      stroke(from[0], from[1], until[0], until[1]),
      stroke(from[0], from[1] - 5, from[0], from[1] + 5),
      stroke(until[0], until[1] - 5, until[0], until[1] + 5),
    ],
  };
}

/** Names of runs as a picture's labels: equal names get the start of their id. */
function unique(runs) {
  const names = runs.map(name);
  return names.map((text, index) =>
    names.indexOf(text) === names.lastIndexOf(text) ? text : `${text} (${runs[index].info.run_id.slice(0, 6)})`);
}
