// Reading a lineage graph: where its things have their pages, and where they stand in a drawing from left to right.
import { to } from './places.js';

/** The page of a thing, or null: rows of other programs, runs that the registry does not have. */
export function pageOf(node) {
  const table = /^([^:@]+)@(\d+)$/.exec(node.ref);
  if (node.kind === 'table' && table) return to.table(table[1], { version: table[2] });
  const model = /^model:(.+)\/(\d+)$/.exec(node.ref);
  if (model) return to.version(model[1], model[2]);
  return node.run ? to.run(node.run.experiment_id, node.ref.slice('run:'.length)) : null;
}

/** Short enough for a box: `raw.x@3`, `fraud/2`, `train 3f2a91bc`. */
export function labelOf(node) {
  if (node.kind === 'run') return `${node.job || 'run'} ${node.ref.slice(4, 12)}`;
  return node.ref.replace(/^model:/, '');
}

/** `{layer, row, layers, rows}` by reference: each thing to the right of all it was made from, where no cycle forbids. */
export function layered({ nodes, edges }) {
  const forward = withoutCycles(nodes, edges);
  const layer = longestPaths(nodes, forward);
  const columns = [];
  for (const { ref } of nodes) (columns[layer.get(ref)] ??= []).push(ref);
  for (let sweep = 0; sweep < 4; sweep++) {
    for (const column of sweep % 2 ? [...columns].reverse() : columns) untangle(column, columns, forward);
  }
  const places = new Map();
  columns.forEach((column, index) => column.forEach((ref, row) => places.set(ref, { layer: index, row, rows: column.length })));
  return { places, layers: columns.length, rows: Math.max(1, ...columns.map((column) => column.length)) };
}

/** The edges without those that lead back: a promotion both reads and names its model. */
function withoutCycles(nodes, edges) {
  const next = new Map(nodes.map(({ ref }) => [ref, []]));
  for (const edge of edges) next.get(edge.from)?.push(edge.to);
  const state = new Map();
  const back = new Set();
  for (const { ref } of nodes) {
    if (state.has(ref)) continue;
    const path = [[ref, 0]];
    state.set(ref, 'open');
    while (path.length > 0) {
      const top = path[path.length - 1];
      const target = next.get(top[0])[top[1]++];
      if (target === undefined) {
        state.set(top[0], 'done');
        path.pop();
      } else if (state.get(target) === 'open') {
        back.add(`${top[0]}\n${target}`);
      } else if (!state.has(target)) {
        state.set(target, 'open');
        path.push([target, 0]);
      }
    }
  }
  return edges.filter((edge) => !back.has(`${edge.from}\n${edge.to}`));
}

function longestPaths(nodes, edges) {
  const layer = new Map(nodes.map(({ ref }) => [ref, 0]));
  for (let round = 0; round < nodes.length; round++) {
    let moved = false;
    for (const { from, to: target } of edges) {
      if (layer.get(target) > layer.get(from)) continue;
      layer.set(target, layer.get(from) + 1);
      moved = true;
    }
    if (!moved) break;
  }
  return layer;
}

/** Orders a column by the middle of what its things are joined to, which takes most crossings out. */
function untangle(column, columns, edges) {
  const row = new Map();
  columns.forEach((other) => other.forEach((ref, index) => row.set(ref, (index + 0.5) / other.length)));
  const middle = new Map(column.map((ref) => {
    const joined = edges.filter((edge) => edge.from === ref || edge.to === ref)
      .map((edge) => row.get(edge.from === ref ? edge.to : edge.from));
    return [ref, joined.length === 0 ? row.get(ref) : joined.reduce((sum, at) => sum + at, 0) / joined.length];
  }));
  column.sort((left, right) => middle.get(left) - middle.get(right));
}
