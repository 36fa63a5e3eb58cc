// A metric over two numbers of the runs: the surface between them in colour, its lines of equal height, and the runs.
import { isoline, levels, surface } from '../lib/contour.js';
import { number } from '../lib/format.js';
import { colour } from '../lib/theme.js';
import { chart } from './chart.js';
import { shown, tip, told } from './parallel-chart.js';
import { along, colourScale } from './scatter-chart.js';
import { table } from './table.js';

const SIZE = 61; // steps along each side
const LINES = 8;

/** `x`, `y`, `by` are numeric dimensions; null when fewer than three runs have all of them. */
export function contourChart({ names, x, y, by }) {
  const there = names.map((name, index) => index).filter((index) => [x, y, by].every(({ values }) => values[index] !== null));
  if (there.length < 3) return null;
  const [onX, onY] = [scaleOf(x), scaleOf(y)];
  const found = surface(there.map((index) => [onX.to(x.values[index]), onY.to(y.values[index]), by.values[index]]), SIZE);
  const [left, right] = edges(found.xs).map((side) => side.map(onX.from));
  const [low, high] = edges(found.ys).map((side) => side.map(onY.from));
  const cells = found.zs.flatMap((heights, row) => heights.map((height, column) => [left[column], right[column], low[row], high[row], height]));
  const lines = levels(found, LINES).flatMap((level) => isoline(found, level))
    .map(([from, until]) => [onX.from(from[0]), onY.from(from[1]), onX.from(until[0]), onY.from(until[1])]);
  const option = () => ({
    legend: undefined,
    grid: { left: 16, right: 110, top: 32, bottom: 32, containLabel: true },
    tooltip: { ...tip(), trigger: 'item', formatter: ({ data, seriesIndex }) => (seriesIndex === 2 ? told(names, [x, y, by], data[3]) : '') },
    xAxis: { ...along(x, { nameLocation: 'middle', nameGap: 28 }), min: left[0], max: right[SIZE - 1], scale: false, axisLabel: label() },
    yAxis: { ...along(y, {}), min: low[0], max: high[SIZE - 1], scale: false, axisLabel: label() },
    visualMap: { ...colourScale(by, 4), seriesIndex: 0 },
    series: [
      { type: 'custom', clip: true, silent: true, data: cells, encode: { x: [0, 1], y: [2, 3] }, renderItem: (params, values) => cell(values) },
      { type: 'custom', clip: true, silent: true, data: lines, encode: { x: [0, 2], y: [1, 3] },
        renderItem: (params, values) => stroke(values) },
      { type: 'scatter', symbolSize: 9, z: 5, itemStyle: { color: colour('--surface'), borderColor: colour('--ink'), borderWidth: 1.5 },
        data: there.map((index) => [x.values[index], y.values[index], by.values[index], index]) },
    ],
  });
  const behind = () => table({
    caption: `${by.key} by ${x.key} and ${y.key}`,
    columns: [
      { label: 'Run', head: true, cell: (index) => names[index] },
      ...[x, y, by].map((dimension) => ({ label: dimension.key, number: true, cell: (index) => shown(dimension, index) })),
    ],
    rows: there,
  });
  return chart({ title: `${by.key} between the runs, by ${x.key} and ${y.key}`, option, behind, height: 'tall' });
}

function label() {
  return { color: colour('--ink-soft'), hideOverlap: true, formatter: (value) => number(value) };
}

/** Distances are measured along the axis as it is drawn: a logarithmic one by powers of ten. */
function scaleOf({ log }) {
  return log ? { to: Math.log10, from: (value) => 10 ** value } : { to: (value) => value, from: (value) => value };
}

/** Where the cell around each step begins and ends; at the border it ends at the step. */
function edges(steps) {
  const middles = steps.slice(1).map((step, index) => (step + steps[index]) / 2);
  return [[steps[0], ...middles], [...middles, steps.at(-1)]];
}

/** Whole pixels, so that neighbours touch and do not show a seam. */
function cell(values) {
  const [left, top] = values.coord([values.value(0), values.value(3)]).map(Math.round);
  const [right, bottom] = values.coord([values.value(1), values.value(2)]).map(Math.round);
  return { type: 'rect', shape: { x: left, y: top, width: right - left, height: bottom - top }, style: { fill: values.visual('color') } };
}

function stroke(values) {
  const [x1, y1] = values.coord([values.value(0), values.value(1)]);
  const [x2, y2] = values.coord([values.value(2), values.value(3)]);
  return { type: 'line', shape: { x1, y1, x2, y2 }, style: { stroke: colour('--ink'), lineWidth: 1, opacity: 0.6 } };
}

