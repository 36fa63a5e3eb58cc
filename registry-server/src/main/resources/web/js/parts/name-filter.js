// A box that narrows a list on the page by part of a name, as one types. The words are in the address: `name`.
import { h } from '../lib/dom.js';
import { noted } from '../lib/places.js';
import { keysHere } from '../lib/shortcuts.js';

/** `{field, list}`: `render(shown)` draws what is left of `all`, whose items have a `name`. */
export function nameFilter(id, query, all, signal, render) {
  const list = h('section', { class: 'card' });
  const show = (text) => {
    const wanted = text.toLowerCase();
    list.replaceChildren(...[render(all.filter((item) => item.name.toLowerCase().includes(wanted)))].flat(Infinity).filter(Boolean));
  };
  let again = false;
  const input = h('input', {
    id, type: 'search', value: query.name || '', placeholder: 'part of a name', autocomplete: 'off',
    oninput: (event) => {
      const text = event.target.value.trim();
      noted({ name: text }, again);
      again = true;
      show(text);
    },
    onblur: () => { again = false; },
  });
  show(query.name || '');
  keysHere(signal, { '/': ['Find by name', () => input.select()] });
  return { field: h('label', { class: 'field push' }, 'Find ', input), list };
}
