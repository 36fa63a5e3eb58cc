// What was changed of a model or one of its versions, by whom: from the audit, which administrators may read.
import { api } from '../lib/api.js';
import { changesOf, changeText } from '../lib/changes.js';
import { h, section } from '../lib/dom.js';
import { when } from '../lib/format.js';
import { withQuery } from '../lib/places.js';
import { badge } from './badges.js';
import { empty, later } from './states.js';
import { table } from './table.js';

const MOST = 1000;

/** `version`: only what touches this one. */
export function history(model, version, signal) {
  const found = api.me(signal).then((me) => (me.administrator ? api.audit({ target: `model:${model}`, max_results: MOST }, signal) : null));
  return section('History', later(found, (page) => shown(model, version, page), 'Reading the audit'));
}

function shown(model, version, page) {
  if (!page) return empty('Only administrators read the audit', 'It tells who moved which alias or stage, and when; ask one of them.');
  const entries = version ? changesOf(page.entries || [], version) : page.entries || [];
  const whole = h('a', { href: withQuery('#/settings', { target: `model:${model}` }) }, 'the whole audit of the model');
  if (entries.length === 0) return empty('No change in the audit', 'What this server is asked to change from now on appears here; see also ', whole, '.');
  return [
    table({
      caption: 'Changes, the newest first',
      columns: [
        { label: 'When', head: true, cell: (entry) => when(entry.at) },
        { label: 'What', class: 'value', cell: changeText },
        { label: 'Who', cell: (entry) => (entry.user === '-' ? h('span', { class: 'faint' }, 'anyone') : entry.user) },
        { label: 'Answer', cell: (entry) => (entry.status < 400 ? badge('done', 'good', '✓') : badge(`refused, ${entry.status}`, 'bad', '✕')) },
      ],
      rows: entries.slice(0, 100),
    }),
    h('p', { class: 'faint' }, entries.length > 100 ? `The newest 100 of ${entries.length}; ` : 'See also ', whole,
      page.next_page_token ? `. Only its newest ${MOST} entries were looked at.` : '.'),
  ];
}
