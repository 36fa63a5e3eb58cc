// Shown wherever the server asks who is there: a token opens a session in a cookie that scripts cannot read.
import { api } from '../lib/api.js';
import { h } from '../lib/dom.js';
import { failed } from '../parts/states.js';

/** `again` shows the page that was asked for. */
export function signIn(again) {
  const problem = h('div', {});
  const token = h('input', {
    id: 'token', type: 'password', autocomplete: 'current-password', required: true, size: 50, spellcheck: 'false',
  });
  const submit = async (event) => {
    event.preventDefault();
    try {
      await api.signIn(token.value.trim());
      token.value = '';
      again();
    } catch (error) {
      problem.replaceChildren(failed(error));
      token.focus();
    }
  };
  return [
    h('div', { class: 'heading page' }, h('h1', {}, 'Sign in')),
    h('section', { class: 'card' },
      h('p', {}, 'This registry asks who you are. Paste a token; an administrator makes one with ',
        h('code', {}, 'scripts/registry token --user NAME'), ', or you make one yourself under Settings once you are in.'),
      h('form', { onsubmit: submit, class: 'actions' },
        h('label', { class: 'field' }, 'Token ', token), h('button', { type: 'submit' }, 'Sign in')),
      problem),
  ];
}
