// Lineage drawn from left to right: boxes for things, arrows from what was there first to what came of it.
import { isBend, labelOf, layered } from '../lib/lineage.js';
import { to } from '../lib/places.js';
import { colour } from '../lib/theme.js';
import { chart } from './chart.js';
import { sideways } from './sideways.js';

const LOOK = {
  table: ['--info', '--info-soft'],
  run: ['--ink', '--surface-2'],
  model: ['--good', '--good-soft'],
  commit: ['--warn', '--warn-soft'],
  other: ['--ink-soft', '--surface-2'],
};
const WORD = { read: 'read by', wrote: 'wrote', registered: 'registered', scored: 'scored by', used: 'used by' };
const WIDE = 205;
const HIGH = 46;
const BOX = 160;
const IN = '  in ';
const OUT = '  out ';
const UNSEEN = { symbolSize: 0, label: { show: false }, tooltip: { show: false }, silent: true };

export function lineageChart(graph, behind) {
  const { places, links, layers, rows } = layered(graph);
  const option = () => ({
    tooltip: {
      trigger: 'item', renderMode: 'richText', confine: true, backgroundColor: colour('--surface'), borderColor: colour('--line'),
      textStyle: { color: colour('--ink') },
      formatter: ({ dataType, data }) => (dataType === 'edge' ? `${data.edge.from}\n${WORD[data.edge.kind]}\n${data.edge.to}` : data.told),
    },
    series: [{
      type: 'graph', layout: 'none', roam: false, left: 0, top: 8, width: layers * WIDE, height: rows * HIGH,
      edgeSymbolSize: 7,
      label: { show: true, width: BOX - 12, overflow: 'truncate', fontSize: 12 },
      lineStyle: { color: colour('--ink-soft'), width: 1.2, opacity: 0.8 },
      data: [
        ...corners(layers, rows),
        ...[...places].flatMap(([ref, place]) => joints(ref, at(place, rows))),
        ...graph.nodes.map((node) => box(node, places.get(node.ref), rows, node.ref === graph.ref)),
      ],
      links: links.map(({ from, to: target, edge, head, back }) => ({
        source: isBend(from) ? from : OUT + from, target: isBend(target) ? target : IN + target, edge, symbol: ['none', head ? 'arrow' : 'none'],
        lineStyle: { type: edge.source === 'registry' ? 'dashed' : 'solid', curveness: back ? 0.4 : 0 },
      })),
    }],
  });
  const figure = chart({
    title: `Lineage of ${graph.ref}, from left to right`, option, behind,
    onclick: ({ dataType, data }) => { if (dataType === 'node' && ['table', 'run', 'model'].includes(data.kind)) location.hash = to.lineage(data.id).slice(1); },
  });
  const canvas = figure.querySelector('.chart');
  canvas.style.height = `${rows * HIGH + 16}px`;
  canvas.style.width = `${layers * WIDE}px`;
  const place = document.createComment('');
  canvas.replaceWith(place);
  const scroll = sideways('Drawing of the lineage', canvas);
  place.replaceWith(scroll);
  const start = places.get(graph.ref).layer * WIDE + WIDE / 2;
  requestAnimationFrame(() => { scroll.scrollLeft = start - scroll.clientWidth / 2; });
  return figure;
}

/** Two points that nobody sees: ECharts fits what it is given into the drawing, and would stretch it otherwise. */
function corners(layers, rows) {
  return [[0, 0], [layers * WIDE, rows * HIGH]].map(([x, y], index) => ({ id: `  ${index}`, x, y, ...UNSEEN }));
}

/** Where arrows end: at the sides of boxes, since ECharts would let them end behind what is not round; or at a bend. */
function joints(ref, { x, y }) {
  if (isBend(ref)) return [{ id: ref, x, y, ...UNSEEN }];
  return [{ id: IN + ref, x: x - BOX / 2 - 2, y, ...UNSEEN }, { id: OUT + ref, x: x + BOX / 2, y, ...UNSEEN }];
}

function at({ layer, row, rows: mine }, rows) {
  return { x: (layer + 0.5) * WIDE, y: (row + 0.5 + (rows - mine) / 2) * HIGH };
}

function box(node, place, rows, chosen) {
  const [ink, ground] = LOOK[node.kind];
  return {
    id: node.ref, name: labelOf(node), kind: node.kind, ...at(place, rows),
    symbol: 'rect', symbolSize: [BOX, 30], told: [node.ref, node.run?.name, node.job, node.note].filter(Boolean).join('\n'),
    itemStyle: { color: colour(chosen ? '--accent' : ground) },
    label: { color: colour(chosen ? '--accent-ink' : ink) },
  };
}
