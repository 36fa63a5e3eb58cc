// What people said about a run, a model or a version; others' comments appear as they are written.
import { api } from '../lib/api.js';
import { h, onlyWhenChanged, section } from '../lib/dom.js';
import { ownName, rename } from '../lib/events.js';
import { when } from '../lib/format.js';
import { markdown } from './markdown.js';
import { empty, failed } from './states.js';

/** What changes when somebody comments on `target`. */
export const saidOf = (target) => `comments:${target}`;

/** `{element, look}`: `look` shows the present state, to be called when `saidOf(target)` changed. */
export function comments(target, signal) {
  const list = h('div', { class: 'comments', 'aria-live': 'polite' });
  const problem = h('div', {});
  let me = { authentication: false, user: '-' };
  const look = async () => {
    const found = await api.comments(target, signal);
    onlyWhenChanged(list, found, () => found.length === 0
      ? empty('No comments yet', 'Say what a reviewer should know; Markdown works.')
      : found.map((comment) => shown(comment, me, look, problem)));
  };
  const element = section('Comments', list, form(target, () => me, look, problem), problem);
  api.me(signal).then((found) => { me = found; element.classList.toggle('signed', me.authentication); return look(); })
    .catch((error) => error.name !== 'AbortError' && problem.replaceChildren(failed(error)));
  return { element, look };
}

function isOwn(comment, me) {
  return comment.author === (me.authentication ? me.user : ownName() || 'somebody');
}

function shown(comment, me, look, problem) {
  const remove = async () => {
    if (!window.confirm('Delete this comment?')) return;
    try {
      await api.deleteComment(comment.id);
      await look();
    } catch (error) {
      problem.replaceChildren(failed(error));
    }
  };
  return h('article', { class: 'comment', 'aria-label': `Comment of ${comment.author}` },
    h('p', { class: 'faint' }, h('strong', {}, comment.author), ' ', when(comment.created_at),
      comment.edited_at ? ' · edited' : null,
      isOwn(comment, me) || (me.authentication && me.administrator)
        ? h('button', { type: 'button', class: 'quiet push', onclick: remove, 'aria-label': `Delete the comment of ${comment.author}` }, 'Delete')
        : null),
    markdown(comment.text));
}

function form(target, me, look, problem) {
  const text = h('textarea', { id: 'comment', name: 'text', rows: 3, required: true, maxlength: 10000, 'aria-label': 'Comment' });
  const name = h('input', { name: 'author', value: ownName(), placeholder: 'your name', maxlength: 100, autocomplete: 'name' });
  const submit = async (event) => {
    event.preventDefault();
    try {
      if (!me().authentication) rename(name.value.trim());
      await api.comment(target, text.value, name.value.trim());
      text.value = '';
      problem.replaceChildren();
      await look();
    } catch (error) {
      problem.replaceChildren(failed(error));
    }
  };
  return h('form', { onsubmit: submit, class: 'comment-form', 'aria-label': 'Comment' }, text,
    h('div', { class: 'actions' }, h('label', { class: 'field who' }, 'As ', name), h('button', { type: 'submit' }, 'Comment')));
}
