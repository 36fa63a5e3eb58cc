// Reading a lineage graph: where its things have their pages, and where they stand in a drawing from left to right.
import { to } from './places.js';

const BEND = ' ';

/** The page of a thing, or null: rows of other programs, runs that the registry does not have. */
export function pageOf(node) {
  const table = /^([^:@]+)@(\d+)$/.exec(node.ref);
  if (node.kind === 'table' && table) return to.table(table[1], { version: table[2] });
  const model = /^model:(.+)\/(\d+)$/.exec(node.ref);
  if (model) return to.version(model[1], model[2]);
  return node.run ? to.run(node.run.experiment_id, node.ref.slice('run:'.length)) : null;
}

/** Short enough for a box: `raw.x@3`, `fraud/2`, a run as its page is called, or `train 3f2a91bc` without a page. */
export function labelOf(node) {
  if (node.kind === 'run') return node.run?.name || `${node.job || 'run'} ${node.ref.slice(4, 12)}`;
  return node.ref.replace(/^model:/, '');
}

/**
 * Each thing to the right of all it was made from, where no cycle forbids. `places` gives layer and row by reference;
 * arrows over several layers pass through bends, which have places, too, so that nothing lies on them. `links` are the
 * pieces of arrows: `{from, to, edge, head}`, where `head` is the last piece and `back` leads against the layers.
 */
export function layered({ nodes, edges = [] }) {
  const forward = withoutCycles(nodes, edges);
  const layer = longestPaths(nodes, forward);
  const columns = [];
  for (const { ref } of nodes) (columns[layer.get(ref)] ??= []).push(ref);
  const links = [];
  for (const edge of forward) {
    let before = edge.from;
    for (let at = layer.get(edge.from) + 1; at < layer.get(edge.to); at++) {
      const bend = `${BEND}${edge.from}\n${edge.to}\n${at}`;
      columns[at].push(bend);
      links.push({ from: before, to: bend, edge, head: false });
      before = bend;
    }
    links.push({ from: before, to: edge.to, edge, head: true });
  }
  for (let sweep = 0; sweep < 8; sweep++) {
    for (const column of sweep % 2 ? [...columns].reverse() : columns) untangle(column, columns, links);
  }
  const places = new Map();
  columns.forEach((column, index) => column.forEach((ref, row) => places.set(ref, { layer: index, row, rows: column.length })));
  const kept = new Set(forward);
  edges.filter((edge) => !kept.has(edge)).forEach((edge) => links.push({ from: edge.from, to: edge.to, edge, head: true, back: true }));
  return { places, links, layers: columns.length, rows: Math.max(1, ...columns.map((column) => column.length)) };
}

export function isBend(ref) {
  return ref.startsWith(BEND);
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
function untangle(column, columns, links) {
  const row = new Map();
  columns.forEach((other) => other.forEach((ref, index) => row.set(ref, (index + 0.5) / other.length)));
  const mine = new Set(column);
  const touching = new Map();
  for (const link of links) {
    for (const end of [link.from, link.to]) if (mine.has(end)) touching.set(end, [...(touching.get(end) || []), link]);
  }
  const middle = new Map(column.map((ref) => {
    const joined = (touching.get(ref) || []).map((link) => row.get(link.from === ref ? link.to : link.from));
    return [ref, joined.length === 0 ? row.get(ref) : joined.reduce((sum, at) => sum + at, 0) / joined.length];
  }));
  column.sort((left, right) => middle.get(left) - middle.get(right));
}
