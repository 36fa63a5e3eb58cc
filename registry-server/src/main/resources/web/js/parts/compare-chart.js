// One metric of several runs: curves when any run has a history, otherwise values with their 95 % intervals.
import { number } from '../lib/format.js';
import { distinctNames, interval, metric } from '../lib/runs.js';
import { colour, seriesColours } from '../lib/theme.js';
import { axis, chart } from './chart.js';
import { curvePicture } from './curve-chart.js';
import { curveControls, curveLook } from './curve-controls.js';
import { table } from './table.js';

/** `histories` stand by run, empty where a run does not have the metric. */
export function compareChart(runs, key, histories, query) {
  return histories.some((points) => points.length > 1) ? curves(runs, key, histories, query) : bars(runs, key);
}

function curves(runs, key, histories, query) {
  const names = distinctNames(runs);
  const drawn = runs.map((run, index) => ({ name: names[index], points: histories[index], start: run.info.start_time }))
    .filter(({ points }) => points.length > 0);
  const figure = chart(curvePicture(key, drawn, curveLook(query), 'tall'));
  const controls = curveControls(query, (look) => {
    const picture = curvePicture(key, drawn, look);
    figure.update(picture.option, picture.behind, picture.title);
  });
  return [controls, figure];
}

function bars(runs, key) {
  const names = distinctNames(runs);
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
  const behind = () => table({
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
