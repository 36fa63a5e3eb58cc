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
const WIDE = 215;
const HIGH = 46;
const BOX = 176;

export function lineageChart(graph, behind) {
  const { places, layers, rows } = layered(graph);
  const option = () => ({
    tooltip: {
      trigger: 'item', renderMode: 'richText', confine: true, backgroundColor: colour('--surface'), borderColor: colour('--line'),
      textStyle: { color: colour('--ink') },
      formatter: ({ dataType, data }) => (dataType === 'edge' ? `${data.source}\n${WORD[data.kind]}\n${data.target}` : data.told),
    },
    series: [{
      type: 'graph', layout: 'none', roam: false, left: BOX / 2 + 8, right: BOX / 2 + 8, top: 24, bottom: 24,
      edgeSymbol: ['none', 'arrow'], edgeSymbolSize: 7,
      label: { show: true, width: BOX - 12, overflow: 'truncate', fontSize: 12 },
      lineStyle: { color: colour('--ink-soft'), width: 1.2, curveness: 0.12, opacity: 0.8 },
      data: graph.nodes.map((node) => box(node, places.get(node.ref), rows, node.ref === graph.ref)),
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
  canvas.style.height = `${rows * HIGH + 60}px`;
  canvas.style.minWidth = `${layers * WIDE}px`;
  const scroll = h('div', { class: 'scroll', tabindex: '0', role: 'group', 'aria-label': 'Drawing of the lineage' });
  canvas.replaceWith(scroll);
  scroll.append(canvas);
  return figure;
}

function box(node, { layer, row, rows: mine }, rows, chosen) {
  const [symbol, ink, ground] = LOOK[node.kind];
  return {
    id: node.ref, name: labelOf(node), kind: node.kind, x: layer * WIDE, y: (row + 0.5 + (rows - mine) / 2) * HIGH,
    symbol, symbolSize: [BOX, 30], told: [node.ref, node.job, node.note].filter(Boolean).join('\n'),
    itemStyle: { color: colour(chosen ? '--accent' : ground), borderColor: colour(ink), borderWidth: 1 },
    label: { color: colour(chosen ? '--accent-ink' : ink) },
  };
}
