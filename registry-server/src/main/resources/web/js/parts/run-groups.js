// Runs by the value of one param, tag or attribute: how many, and the mean, least and greatest of each shown metric.
import { h } from '../lib/dom.js';
import { number } from '../lib/format.js';
import { change, changed } from '../lib/places.js';
import { quoted } from '../lib/api.js';
import { named, withCondition } from '../lib/search.js';
import { empty } from './states.js';
import { table } from './table.js';

const ENTITY = { p: 'params', t: 'tags', a: 'attributes' };
const ATTRIBUTES = [['status', 'Status'], ['user_id', 'User']];

/** `params.depth` of `p:depth`, as the address has it; null for what cannot be grouped by. */
export function groupedBy(id) {
  return id && ENTITY[id[0]] && id[1] === ':' ? named(ENTITY[id[0]], id.slice(2)) : null;
}

/** A choice of what is known; the present one is always among them. */
export function groupChoice(known, present) {
  const option = (id, text) => h('option', { value: id, selected: id === present }, text);
  const keys = (kind, map) => [...map.keys()].sort().map((key) => option(`${kind}:${key}`, key));
  const tags = new Map([...known.tags].filter(([key]) => key !== 'mlflow.runName' && key !== 'mlflow.parentRunId'));
  const listed = present?.startsWith('a:') || known.params.has(present?.slice(2)) || tags.has(present?.slice(2));
  const select = h('select', { id: 'group-by', onchange: (event) => change({ group: event.target.value, token: '', page: '' }) },
    option('', 'nothing'),
    present && !listed && option(present, present.slice(2)),
    h('optgroup', { label: 'The run' }, ATTRIBUTES.map(([key, text]) => option(`a:${key}`, text))),
    known.params.size > 0 && h('optgroup', { label: 'Params' }, keys('p', known.params)),
    tags.size > 0 && h('optgroup', { label: 'Tags' }, keys('t', tags)));
  return h('label', { class: 'field' }, 'Group by ', select);
}

/** `answer` is that of `/api/v1/runs/groups`, `metrics` the keys that were asked for. */
export function groupTable({ answer, by, metrics, query }) {
  const groups = answer.groups || [];
  if (groups.length === 0) return empty('No run fits this search', 'Clear it to see all runs.');
  const summary = (group, key) => (group.metrics || []).find((entry) => entry.key === key);
  const cells = (key) => [
    { label: `${key}, mean`, number: true, cell: (group) => number(summary(group, key)?.mean) },
    { label: 'least', number: true, class: 'faint', cell: (group) => number(summary(group, key)?.min) },
    { label: 'greatest', number: true, class: 'faint', cell: (group) => number(summary(group, key)?.max) },
  ];
  return [
    table({
      caption: `Runs by ${by}`,
      id: 'groups',
      columns: [
        { label: by, head: true, cell: (group) => groupLink(group, by, query) },
        { label: 'Runs', number: true, cell: (group) => number(group.runs) },
        ...metrics.flatMap(cells),
      ],
      rows: groups,
    }),
    metrics.length === 0 && h('p', { class: 'faint' }, 'Choose metrics under Columns to see how the groups did.'),
    answer.more && h('p', { class: 'faint' }, `The ${number(groups.length)} largest groups; search to narrow them.`),
  ];
}

function groupLink(group, by, query) {
  const condition = group.value === undefined ? `${by} IS NULL` : `${by} = ${quoted(group.value)}`;
  const href = changed({ search: withCondition(query.search, condition), group: '', token: '', page: '' });
  return h('a', { href, title: 'The runs of this group' }, group.value ?? '(none)');
}
