// Single keys that do something, and the list of them behind `?`. They can be switched off (WCAG 2.1.4).
import { h } from './dom.js';
import { remember, remembered } from './remembered.js';

const PLACES = {
  h: ['Home', '#/'], e: ['Experiments', '#/experiments'], m: ['Models', '#/models'], d: ['Drift', '#/drift'],
  t: ['Tables', '#/tables'], f: ['Features', '#/features'], l: ['Lineage', '#/lineage'], s: ['Settings', '#/settings'],
};
let ofPage = {};
let afterG = 0;

/** Keys of the present page, `{key: [what it does, action]}`, until it is left. */
export function keysHere(signal, keys) {
  ofPage = keys;
  signal.addEventListener('abort', () => { if (ofPage === keys) ofPage = {}; });
}

const isOff = () => remembered('shortcuts') === 'off';

export function startShortcuts(button) {
  button.addEventListener('click', showKeys);
  addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (event.target.closest?.('input:not([type=checkbox]):not([type=range]), textarea, select, dialog, [contenteditable]')) return;
    if (event.key === '?') {
      event.preventDefault();
      showKeys();
    } else if (!isOff()) {
      pressed(event);
    }
  });
}

function pressed(event) {
  const place = Date.now() - afterG < 1500 && PLACES[event.key];
  afterG = event.key === 'g' && !place ? Date.now() : 0;
  if (place) {
    event.preventDefault();
    [, location.hash] = place;
  } else if (ofPage[event.key]) {
    event.preventDefault();
    ofPage[event.key][1]();
  }
}

function showKeys() {
  const row = ([key, text]) => h('tr', {}, h('th', { scope: 'row' }, key.split(' ').map((one) => [h('kbd', {}, one), ' '])), h('td', {}, text));
  const list = (caption, entries) => entries.length > 0 && h('table', { class: 'keys' },
    h('caption', {}, caption), h('tbody', {}, entries.map(row)));
  const off = h('input', { type: 'checkbox', checked: !isOff(), onchange: (event) => remember('shortcuts', event.target.checked ? null : 'off') });
  const dialog = h('dialog', { 'aria-label': 'Keys', onclose: () => dialog.remove() },
    h('h2', {}, 'Keys'),
    h('div', { class: 'columns' },
      h('div', {}, list('On this page', Object.entries(ofPage).map(([key, [text]]) => [key, text]))),
      h('div', {}, list('Everywhere', [['?', 'This list'], ...Object.entries(PLACES).map(([key, [text]]) => [`g ${key}`, text])]))),
    h('form', { method: 'dialog', class: 'actions' },
      h('label', { class: 'field' }, off, ' Single keys work'), h('button', { type: 'submit', class: 'push' }, 'Close')));
  document.body.append(dialog);
  dialog.showModal();
}
