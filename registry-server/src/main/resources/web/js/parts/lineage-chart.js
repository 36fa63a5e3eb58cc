// Lineage drawn from left to right: boxes for things, arrows from what was there first to what came of it.
import { labelOf, layered } from '../lib/lineage.js';
import { to } from '../lib/places.js';
import { colour } from '../lib/theme.js';
import { h } from '../lib/dom.js';
import { chart } from './chart.js';

const LOOK = {
  table: ['roundRect', '--info', '--info-soft'],
  run: ['rect', '--ink', '--surface-2'],
  model: ['roundRect', '--good', '--good-soft'],
  commit: ['rect', '--warn', '--warn-soft'],
  other: ['rect', '--ink-soft', '--surface-2'],
};
const WORD = { read: 'read by', wrote: 'wrote', registered: 'registered', scored: 'scored by', used: 'used by' };
const WIDE = 205;
const HIGH = 46;
const BOX = 170;

export function lineageChart(graph, behind) {
  const { places, layers, rows } = layered(graph);
  const option = () => ({
    tooltip: {
      trigger: 'item', renderMode: 'richText', confine: true, backgroundColor: colour('--surface'), borderColor: colour('--line'),
      textStyle: { color: colour('--ink') },
      formatter: ({ dataType, data }) => (dataType === 'edge' ? `${data.source}\n${WORD[data.kind]}\n${data.target}` : data.told),
    },
    series: [{
      type: 'graph', layout: 'none', roam: false, left: 0, top: 8, width: layers * WIDE, height: rows * HIGH,
      edgeSymbol: ['none', 'arrow'], edgeSymbolSize: 7,
      label: { show: true, width: BOX - 12, overflow: 'truncate', fontSize: 12 },
      lineStyle: { color: colour('--ink-soft'), width: 1.2, curveness: 0.12, opacity: 0.8 },
      data: [...corners(layers, rows), ...graph.nodes.map((node) => box(node, places.get(node.ref), rows, node.ref === graph.ref))],
      links: (graph.edges || []).map(({ from, to: target, kind, source }) => ({
        source: from, target, kind, lineStyle: { type: source === 'registry' ? 'dashed' : 'solid' },
      })),
    }],
  });
  const figure = chart({
    title: `Lineage of ${graph.ref}, from left to right`, option, behind,
    onclick: ({ dataType, data }) => { if (dataType === 'node' && data.kind !== 'commit' && data.kind !== 'other') location.hash = to.lineage(data.id).slice(1); },
  });
  const canvas = figure.querySelector('.chart');
  canvas.style.height = `${rows * HIGH + 16}px`;
  canvas.style.width = `${layers * WIDE}px`;
  const scroll = h('div', { class: 'scroll', tabindex: '0', role: 'group', 'aria-label': 'Drawing of the lineage' });
  canvas.replaceWith(scroll);
  scroll.append(canvas);
  const start = places.get(graph.ref).layer * WIDE + WIDE / 2;
  requestAnimationFrame(() => { scroll.scrollLeft = start - scroll.clientWidth / 2; });
  return figure;
}

/** Two points that nobody sees: ECharts fits what it is given into the drawing, and would stretch it otherwise. */
function corners(layers, rows) {
  return [[0, 0], [layers * WIDE, rows * HIGH]].map(([x, y], index) =>
    ({ id: ` ${index}`, x, y, symbolSize: 0, label: { show: false }, tooltip: { show: false }, silent: true, kind: 'other' }));
}

function box(node, { layer, row, rows: mine }, rows, chosen) {
  const [symbol, ink, ground] = LOOK[node.kind];
  return {
    id: node.ref, name: labelOf(node), kind: node.kind, x: (layer + 0.5) * WIDE, y: (row + 0.5 + (rows - mine) / 2) * HIGH,
    symbol, symbolSize: [BOX, 30], told: [node.ref, node.job, node.note].filter(Boolean).join('\n'),
    itemStyle: { color: colour(chosen ? '--accent' : ground), borderColor: colour(ink), borderWidth: 1 },
    label: { color: colour(chosen ? '--accent-ink' : ink) },
  };
}
