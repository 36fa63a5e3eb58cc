// The Markdown that model cards use: headings, paragraphs, lists, tables, code, emphasis. Made of nodes, so that HTML in
// a card stays text. Links become text with their address, because a card's author is not this site's.
import { h } from '../lib/dom.js';

export function markdown(text) {
  const lines = text.replace(/\r\n/g, '\n').split('\n');
  const blocks = [];
  for (let at = 0; at < lines.length;) at = block(lines, at, blocks);
  return blocks;
}

/** Adds the block that begins at this line and answers where the next begins. */
function block(lines, at, blocks) {
  const line = lines[at];
  if (line.trim() === '') return at + 1;
  if (line.startsWith('```')) return code(lines, at, blocks);
  const title = /^(#{1,6})\s+(.*)$/.exec(line);
  if (title) {
    blocks.push(h(`h${Math.min(6, title[1].length + 2)}`, {}, inline(title[2])));
    return at + 1;
  }
  if (line.startsWith('|') && /^\|?[\s:|-]+$/.test(lines[at + 1] || '')) return rows(lines, at, blocks);
  if (/^\s*([-*]|\d+\.)\s/.test(line)) return list(lines, at, blocks);
  return paragraph(lines, at, blocks);
}

function code(lines, at, blocks) {
  let end = at + 1;
  while (end < lines.length && !lines[end].startsWith('```')) end++;
  blocks.push(h('pre', { class: 'text', tabindex: '0' }, lines.slice(at + 1, end).join('\n')));
  return end + 1;
}

function rows(lines, at, blocks) {
  let end = at + 2;
  while (end < lines.length && lines[end].startsWith('|')) end++;
  const cells = (line) => line.replace(/^\||\|\s*$/g, '').split('|').map((cell) => cell.trim());
  blocks.push(h('div', { class: 'scroll' }, h('table', {},
    h('thead', {}, h('tr', {}, cells(lines[at]).map((cell) => h('th', { scope: 'col' }, inline(cell))))),
    h('tbody', {}, lines.slice(at + 2, end).map((line) => h('tr', {}, cells(line).map((cell) => h('td', {}, inline(cell)))))))));
  return end;
}

function list(lines, at, blocks) {
  const isItem = (line) => /^\s*([-*]|\d+\.)\s/.test(line);
  let end = at;
  const items = [];
  while (end < lines.length && (isItem(lines[end]) || /^\s+\S/.test(lines[end]))) {
    if (isItem(lines[end])) items.push(lines[end].replace(/^\s*([-*]|\d+\.)\s+/, ''));
    else items[items.length - 1] += ` ${lines[end].trim()}`;
    end++;
  }
  blocks.push(h(/^\s*\d/.test(lines[at]) ? 'ol' : 'ul', {}, items.map((item) => h('li', {}, inline(item)))));
  return end;
}

function paragraph(lines, at, blocks) {
  let end = at + 1;
  while (end < lines.length && lines[end].trim() !== '' && !/^(#|```|\||\s*[-*]\s|\s*\d+\.\s)/.test(lines[end])) end++;
  blocks.push(h('p', {}, inline(lines.slice(at, end).join(' '))));
  return end;
}

const INLINE = /(`[^`]+`|\*\*[^*]+\*\*|\*[^*\s][^*]*\*|\[[^\]]+\]\([^)]*\))/;

function inline(text) {
  return text.split(INLINE).map((piece) => {
    if (/^`.*`$/.test(piece)) return h('code', {}, piece.slice(1, -1));
    if (/^\*\*.*\*\*$/.test(piece)) return h('strong', {}, piece.slice(2, -2));
    if (/^\*.*\*$/.test(piece) && piece.length > 2) return h('em', {}, piece.slice(1, -1));
    const link = /^\[([^\]]+)\]\(([^)]*)\)$/.exec(piece);
    return link ? h('span', {}, link[1], h('span', { class: 'faint' }, ` (${link[2]})`)) : piece;
  });
}
