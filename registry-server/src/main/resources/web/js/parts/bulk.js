// What can be done with the ticked runs at once: compare, tag, delete, restore.
import { api } from '../lib/api.js';
import { h } from '../lib/dom.js';
import { plural } from '../lib/format.js';
import { to } from '../lib/places.js';
import { ask } from './ask.js';

const AT_ONCE = 4;
export const MOST_COMPARED = 200;

/**
 * `{element, update, actions}`: `update()` after each tick, `actions` for the keyboard. `deleted` says whether the runs of
 * the table are deleted ones; `say(text)` hears how far the work is, and `done()` is called after it.
 */
export function bulk({ experiment, selected, deleted, shownIds, say, done, clear }) {
  const compare = h('a', { class: 'button', id: 'compare', role: 'link' });
  const count = h('span', { class: 'faint', role: 'status' });
  const actions = {
    compare: () => compare.href && (location.hash = compare.getAttribute('href')),
    tag: () => tagAll(selected, work),
    remove: () => (deleted ? restoreAll(selected, work) : deleteAll(selected, work)),
    clear,
  };
  const work = async (verb, call, keep) => {
    const ids = [...selected];
    const refused = await each(ids, call, (at) => say(`${verb}: ${at} of ${ids.length}`));
    if (!keep && refused.length === 0) selected.clear();
    say(`${verb}: ${plural(ids.length - refused.length, 'run')}${refused.length ? `; ${refused.length} refused: ${refused[0].message}` : ''}`);
    await done();
  };
  const buttons = [
    h('button', { type: 'button', class: 'quiet', id: 'bulk-tag', onclick: actions.tag }, 'Tag …'),
    h('button', { type: 'button', class: 'quiet', id: 'bulk-delete', onclick: actions.remove }, deleted ? 'Restore' : 'Delete …'),
    h('button', { type: 'button', class: 'quiet', id: 'bulk-clear', onclick: clear }, 'Untick all'),
  ];
  const update = () => {
    const shown = new Set(shownIds());
    const elsewhere = [...selected].filter((id) => !shown.has(id)).length;
    count.textContent = selected.size === 0 ? '' : `${plural(selected.size, 'run')} ticked${elsewhere ? `, ${elsewhere} not on this page` : ''}`;
    buttons.forEach((button) => { button.hidden = selected.size === 0; });
    const fits = selected.size >= 2 && selected.size <= MOST_COMPARED;
    compare.textContent = fits ? `Compare ${selected.size} runs`
      : selected.size > MOST_COMPARED ? `Compare: at most ${MOST_COMPARED}` : 'Compare: tick two or more';
    if (fits) compare.href = to.compare(experiment, [...selected]);
    else compare.removeAttribute('href');
    if (fits) compare.removeAttribute('aria-disabled');
    else compare.setAttribute('aria-disabled', 'true');
  };
  update();
  return { element: h('div', { class: 'bulk' }, compare, buttons, count), update, actions };
}

async function tagAll(selected, work) {
  if (selected.size === 0) return;
  const fields = [
    h('label', { class: 'field' }, 'Name ', h('input', { name: 'key', required: true, maxlength: 250, autocomplete: 'off' })),
    h('label', { class: 'field' }, 'Value ', h('input', { name: 'value', autocomplete: 'off' })),
  ];
  const tag = await ask({ title: `Tag ${plural(selected.size, 'run')}`, text: 'A tag of that name that a run has already gets the new value.', fields, action: 'Tag' });
  if (tag) await work('Tagged', (id) => api.setTag(id, tag.key.trim(), tag.value), true);
}

async function deleteAll(selected, work) {
  if (selected.size === 0) return;
  const agreed = await ask({
    title: `Delete ${plural(selected.size, 'run')}?`,
    text: ['They can be restored under “Show deleted runs” until ', h('code', {}, 'scripts/registry gc'), ' removes them.'], action: 'Delete',
  });
  if (agreed) await work('Deleted', api.deleteRun);
}

async function restoreAll(selected, work) {
  if (selected.size > 0) await work('Restored', api.restoreRun);
}

/** Calls for each id, a few at once; the errors of those that were refused. */
async function each(ids, call, progress) {
  const refused = [];
  const waiting = [...ids];
  let settled = 0;
  const worker = async () => {
    for (let id = waiting.shift(); id !== undefined; id = waiting.shift()) {
      try {
        await call(id);
      } catch (error) {
        refused.push(error);
      }
      progress(++settled);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  return refused;
}
