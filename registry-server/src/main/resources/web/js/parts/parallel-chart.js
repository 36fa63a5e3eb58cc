// Parallel coordinates: one line for each run across its params and metrics, coloured by one of them.
import { number } from '../lib/format.js';
import { range, written } from '../lib/dimensions.js';
import { colour, scaleColours } from '../lib/theme.js';
import { chart } from './chart.js';
import { table } from './table.js';

/**
 * @param axes dimensions, at least two; `by` the one that colours
 * @param picked called with the indices of the runs that the brushes on the axes let through, null when there is none
 */
export function parallelChart({ names, axes, by, picked }) {
  const columns = axes.includes(by) ? axes : [...axes, by];
  const place = columns.indexOf(by);
  const option = () => ({
    legend: undefined,
    grid: undefined,
    tooltip: { ...tip(), trigger: 'item', formatter: ({ dataIndex }) => told(names, columns, dataIndex) },
    parallel: { left: 40, right: 110, top: 48, bottom: 24, parallelAxisDefault: axisLook() },
    parallelAxis: axes.map((dimension, dim) => ({
      dim: columns.indexOf(dimension), name: shortened(dimension.key), scale: true,
      ...(dimension.numeric ? { type: 'value', min: 'dataMin', max: 'dataMax' } : { type: 'category', data: dimension.words }),
      nameLocation: 'end', nameGap: dim % 2 === 0 ? 10 : 24,
    })),
    visualMap: {
      type: 'continuous', dimension: place, ...ends(by), inRange: { color: scaleColours() }, calculable: false, right: 0, top: 40,
      text: [shortened(by.key), ''], textStyle: { color: colour('--ink-soft') }, formatter: (value) => number(value), itemHeight: 140, precision: 4,
    },
    series: [{
      type: 'parallel', lineStyle: { width: 1.5, opacity: names.length > 60 ? 0.5 : 0.8 }, inactiveOpacity: 0.06, activeOpacity: 1,
      data: names.map((name, index) => ({ name, value: columns.map(({ values }) => values[index] ?? NaN) })),
    }],
  });
  const ready = (instance) => {
    instance.on('axisareaselected', () => {
      const series = instance.getModel().getSeries()[0];
      const inside = series.getRawIndicesByActiveState('active');
      const outside = series.getRawIndicesByActiveState('inactive');
      picked(inside.length + outside.length === 0 ? null : inside);
    });
  };
  const behind = () => table({
    caption: 'Values of the runs',
    columns: [
      { label: 'Run', head: true, cell: (index) => names[index] },
      ...columns.map((dimension) => ({ label: dimension.key, number: dimension.numeric, cell: (index) => shown(dimension, index) })),
    ],
    rows: names.map((name, index) => index),
  });
  return chart({ title: `${axes.map(({ key }) => key).join(', ')}; coloured by ${by.key}`, option, behind, height: 'tall', ready });
}

function axisLook() {
  const soft = colour('--ink-soft');
  return {
    nameTextStyle: { color: colour('--ink'), fontSize: 11 }, axisLabel: { color: colour('--ink'), textBorderColor: colour('--surface'), textBorderWidth: 3, formatter: (value) => (typeof value === 'number' ? number(value) : shortened(value)) },
    axisLine: { lineStyle: { color: soft } }, axisTick: { lineStyle: { color: colour('--line') } }, splitLine: { show: false },
    areaSelectStyle: { width: 18, borderColor: colour('--accent'), color: colour('--accent'), opacity: 0.25 },
  };
}

export function tip() {
  return { renderMode: 'richText', confine: true, backgroundColor: colour('--surface'), borderColor: colour('--line'), textStyle: { color: colour('--ink') } };
}

export function ends(dimension) {
  const [min, max] = range(dimension);
  return min === max ? { min: min - 0.5, max: max + 0.5 } : { min, max };
}

export function shown(dimension, index) {
  const value = written(dimension, index);
  return value === null ? '–' : dimension.numeric ? number(value) : value;
}

export function told(names, dimensions, index) {
  return [names[index], ...dimensions.map((dimension) => `${dimension.key}: ${shown(dimension, index)}`)].join('\n');
}

export function shortened(text) {
  return text.length <= 18 ? text : `${text.slice(0, 8)}…${text.slice(-8)}`;
}
