// A question in a dialog: what will be done, fields if any, and two buttons.
import { h } from '../lib/dom.js';

/** The fields' values as an object when it was agreed to, otherwise null. */
export function ask({ title, text, fields = [], action }) {
  return new Promise((resolve) => {
    let answer = null;
    const agree = (event) => {
      event.preventDefault();
      answer = Object.fromEntries(new FormData(event.target));
      dialog.close();
    };
    const dialog = h('dialog', { 'aria-label': title, onclose: () => { dialog.remove(); resolve(answer); } },
      h('form', { onsubmit: agree },
        h('h2', {}, title), text && h('p', {}, text), fields,
        h('div', { class: 'actions' },
          h('button', { type: 'submit' }, action),
          h('button', { type: 'button', class: 'quiet', onclick: () => dialog.close() }, 'Cancel'))));
    document.getElementById('main').append(dialog);
    dialog.showModal();
  });
}
