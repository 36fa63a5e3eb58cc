// Runs as points: two dimensions as place, one as colour.
import { number } from '../lib/format.js';
import { colour, scaleColours, seriesColours } from '../lib/theme.js';
import { axis, chart } from './chart.js';
import { ends, shown, told, tip } from './parallel-chart.js';
import { table } from './table.js';

/** `by` may be null; `open(index)` is called for the run that is clicked. */
export function scatterChart({ names, x, y, by, open }) {
  const there = names.map((name, index) => index).filter((index) => x.values[index] !== null && y.values[index] !== null);
  const dimensions = [x, y, by].filter(Boolean);
  const option = () => ({
    legend: undefined,
    grid: { left: 16, right: by ? 110 : 24, top: 32, bottom: 32, containLabel: true },
    tooltip: { ...tip(), trigger: 'item', formatter: ({ data }) => told(names, dimensions, data[3]) },
    xAxis: along(x, { nameLocation: 'middle', nameGap: 28 }),
    yAxis: along(y, {}),
    visualMap: by ? colourScale(by, 2) : undefined,
    series: [{
      type: 'scatter', symbolSize: names.length > 60 ? 8 : 12, itemStyle: { color: seriesColours()[0], borderColor: colour('--surface'), borderWidth: 1 },
      data: there.map((index) => [x.values[index], y.values[index], by?.values[index] ?? NaN, index]),
    }],
  });
  const behind = () => table({
    caption: `${y.key} by ${x.key}`,
    columns: [
      { label: 'Run', head: true, cell: (index) => names[index] },
      ...dimensions.map((dimension) => ({ label: dimension.key, number: dimension.numeric, cell: (index) => shown(dimension, index) })),
    ],
    rows: there,
  });
  const title = `${y.key} by ${x.key}${by ? `, coloured by ${by.key}` : ''}`;
  return chart({ title, option, behind, height: 'tall', onclick: ({ data }) => Array.isArray(data) && open(data[3]) });
}

/** An axis of numbers, logarithmic where the dimension has `log`, or of words. */
export function along(dimension, more) {
  const kind = dimension.numeric ? { type: dimension.log ? 'log' : 'value', scale: true } : { type: 'category', data: dimension.words };
  return axis({ ...kind, name: dimension.key, nameTextStyle: { color: colour('--ink-soft') }, ...more });
}

export function colourScale(by, dimension) {
  return {
    type: 'continuous', dimension, ...ends(by), inRange: { color: scaleColours() }, calculable: false, right: 0, top: 40,
    text: [by.key.length > 16 ? `${by.key.slice(0, 15)}…` : by.key, ''], textStyle: { color: colour('--ink-soft') },
    formatter: (value) => number(value), itemHeight: 140, precision: 4,
  };
}
