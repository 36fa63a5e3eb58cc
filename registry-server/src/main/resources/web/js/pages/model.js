// One model: its versions with aliases and stages, each measured against the champion.
import { api } from '../lib/api.js';
import { breadcrumbs, h, section } from '../lib/dom.js';
import { hear } from '../lib/events.js';
import { number, plural, when } from '../lib/format.js';
import { to } from '../lib/places.js';
import { job, metric, name as runName } from '../lib/runs.js';
import { championOf, comparedMetrics, gain, versionsWithRuns } from '../lib/versions.js';
import { aliasBadges, badge } from '../parts/badges.js';
import { comments, saidOf } from '../parts/comments.js';
import { gainMark } from '../parts/gain.js';
import { history } from '../parts/history.js';
import { peopleHere } from '../parts/people.js';
import { empty } from '../parts/states.js';
import { facts, table } from '../parts/table.js';
import { versionChart } from '../parts/version-chart.js';

export async function modelPage({ model: name }, { signal, reload }) {
  const ofModel = `model:${name}`;
  const changes = await hear(signal, [ofModel, saidOf(ofModel)]);
  const [model, entries, drifts] = await Promise.all([
    api.model(name, signal),
    versionsWithRuns(name, signal),
    api.driftModels(signal).catch(() => []),
  ]);
  const champion = championOf(entries);
  const keys = comparedMetrics(entries, 3);
  const people = peopleHere();
  const said = comments(ofModel, signal);
  changes.tell(async (changed) => {
    if (changed.includes(saidOf(ofModel))) await said.look();
    if (changed.includes(ofModel)) reload();
  }, people.show);
  const content = [
    breadcrumbs([['Models', to.models()], [name]]),
    h('div', { class: 'heading page' }, h('h1', {}, name), h('span', { class: 'faint' }, plural(entries.length, 'version')), people.element,
      drifts.some((entry) => entry.model === name) && h('a', { class: 'push', href: to.drift(name) }, 'Drift of this model →')),
    model.description && h('p', { class: 'wrapped' }, model.description),
    facts('About the model', [
      ['Champion', champion ? h('a', { href: to.version(name, champion.version.version) }, `version ${champion.version.version}`) : 'none yet'],
      ['Created', when(model.creation_timestamp)],
      ['Changed', when(model.last_updated_timestamp)],
      ...(model.tags || []).map((entry) => [entry.key, entry.value]),
    ]),
    section('Versions', entries.length === 0
      ? empty('No versions', 'The job ', h('code', {}, 'register'), ' adds the newest trained model as a version.')
      : versionTable(entries, champion, keys)),
    keys.length > 0 && entries.filter(({ run }) => run).length > 1 && section('Quality by version', versionChart(entries, keys[0])),
    history(name, null, signal),
    said.element,
  ];
  return { title: name, content };
}

function versionTable(entries, champion, keys) {
  return table({
    caption: 'Versions',
    columns: [
      { label: 'Version', head: true, cell: ({ version }) => h('a', { href: to.version(version.name, version.version) }, `version ${version.version}`) },
      { label: 'Aliases', cell: ({ version }) => aliasBadges(version.aliases).map((mark) => [mark, ' ']) },
      { label: 'Stage', cell: ({ version }) => stage(version) },
      ...keys.map((key) => ({ label: key, number: true, cell: (entry) => measured(entry, champion, key) })),
      { label: 'Source run', cell: ({ version, run }) => sourceRun(version, run) },
      { label: 'Created', cell: ({ version }) => when(version.creation_timestamp) },
    ],
    rows: entries,
    rowClass: (entry) => (entry === champion ? 'champion' : null),
  });
}

function stage(version) {
  return !version.current_stage || version.current_stage === 'None' ? '–' : badge(version.current_stage, 'info');
}

function measured(entry, champion, key) {
  const value = entry.run ? metric(entry.run, key) : undefined;
  return [number(value), ' ', gainMark(gain(entry, champion, key), key)];
}

function sourceRun(version, run) {
  if (!run) return version.run_id ? h('code', {}, version.run_id.slice(0, 8)) : '–';
  return [h('a', { href: to.runOf(run) }, runName(run)), job(run) ? h('span', { class: 'faint' }, ` ${job(run)}`) : null];
}
