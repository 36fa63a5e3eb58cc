// A box that narrows a list on the page by part of a name, as one types. The words are in the address: `name`.
import { h, onlyWhenChanged } from '../lib/dom.js';
import { noted } from '../lib/places.js';
import { keysHere } from '../lib/shortcuts.js';

/** `{field, list, update}`: `render(shown, all)` draws what is left of `all`, whose items have a `name`; `update` takes others. */
export function nameFilter(id, query, all, signal, render) {
  const list = h('section', { class: 'card' });
  let items = all;
  const show = (text) => {
    const wanted = text.toLowerCase();
    const shown = items.filter((item) => item.name.toLowerCase().includes(wanted));
    onlyWhenChanged(list, [shown, items.length], () => render(shown, items));
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
  const update = (now) => {
    items = now;
    show(input.value.trim());
  };
  return { update, field: h('label', { class: 'field push' }, 'Find ', input), list };
}
