// One version of a model: where it comes from, what it takes and gives, its card, and how it stands to the champion.
import { api } from '../lib/api.js';
import { breadcrumbs, breakable, h, section } from '../lib/dom.js';
import { hear } from '../lib/events.js';
import { number, signed, unit, when } from '../lib/format.js';
import { signatureOf, typeText } from '../lib/mlmodel.js';
import { to, withQuery } from '../lib/places.js';
import { mainMetrics, metric, name as runName } from '../lib/runs.js';
import { championOf, gain, previousOf, versionsWithRuns } from '../lib/versions.js';
import { aliasBadges, badge } from '../parts/badges.js';
import { comments, saidOf } from '../parts/comments.js';
import { gainMark } from '../parts/gain.js';
import { history } from '../parts/history.js';
import { markdown } from '../parts/markdown.js';
import { peopleHere } from '../parts/people.js';
import { empty, later } from '../parts/states.js';
import { facts, table } from '../parts/table.js';

export async function versionPage({ model: name, version: number_ }, { signal, reload }) {
  const ofModel = `model:${name}`;
  const ofVersion = `version:${name}/${Number(number_)}`;
  const changes = await hear(signal, [ofModel, saidOf(ofVersion)]);
  const [version, entries] = await Promise.all([api.version(name, number_, signal), versionsWithRuns(name, signal)]);
  const entry = entries.find((one) => one.version.version === version.version) || { version, run: null };
  const champion = championOf(entries);
  const other = entry === champion ? previousOf(entries) : champion;
  const folder = modelFolder(version);
  const aliases = entry.version.aliases || version.aliases;
  const read = reader(version, folder, signal);
  const people = peopleHere();
  const said = comments(ofVersion, signal);
  changes.tell(async (changed) => {
    if (changed.includes(saidOf(ofVersion))) await said.look();
    if (changed.includes(ofModel)) reload();
  }, people.show);
  const content = [
    breadcrumbs([['Models', to.models()], [name, to.model(name)], [`Version ${version.version}`]]),
    h('div', { class: 'heading page' }, h('h1', {}, `${name}, version ${version.version}`), aliasBadges(aliases),
      version.current_stage && version.current_stage !== 'None' ? badge(version.current_stage, 'info') : null, people.element),
    version.description && h('p', { class: 'wrapped' }, version.description),
    about(version, entry.run, folder),
    h('div', { class: 'columns wide-left' },
      h('div', {},
        section(other ? `Metrics beside ${entry === champion ? 'the champion before' : 'the champion'}, version ${other.version.version}` : 'Metrics',
          metrics(entry, other, entry === champion ? 'Champion before' : 'Champion')),
        section('Model card', later(read('model_card.md'), card, 'Reading the card'))),
      h('div', {},
        section('Tags', tags(version.tags)),
        section('Signature', later(read('MLmodel'), signature, 'Reading MLmodel')))),
    history(name, version, signal),
    said.element,
  ];
  return { title: `${name} ${version.version}`, content };
}

/** Reads a file of the version as text; null when it has none, or where they were is gone. */
function reader(version, folder, signal) {
  const listed = folder ? api.modelFiles(folder, signal).catch(noFiles) : Promise.resolve([]);
  return async (file) => ((await listed).includes(file) ? api.versionText(version.name, version.version, file, signal) : null);
}

function noFiles(error) {
  if (error.status === 404) return [];
  throw error;
}

/** `runs:/RUN/model` and the proxy's own address name a run and a folder of it, `models:/m-…` a logged model. */
function modelFolder({ source = '' }) {
  const ofRun = /^runs:\/([^/]+)\/(.+)$/.exec(source) || /\/([0-9a-f]{32})\/artifacts\/(.+)$/.exec(source);
  if (ofRun) return { run: ofRun[1], path: ofRun[2] };
  const logged = /^models:\/(m-[0-9a-f]+)$/.exec(source);
  return logged ? { model: logged[1], path: '' } : null;
}

function about(version, run, folder) {
  const files = run && folder?.run && withQuery(to.runOf(run), { artifact: `${folder.path}/MLmodel` });
  return facts('About the version', [
    ['Source run', run ? h('a', { href: to.runOf(run) }, runName(run)) : version.run_id || '–'],
    ['Files', files ? h('a', { href: files }, version.source) : h('code', { class: 'id' }, version.source || '–')],
    ['Status', badge((version.status || 'READY').toLowerCase().replaceAll('_', ' '), version.status === 'READY' || !version.status ? 'good' : 'warn')],
    ['Created', when(version.creation_timestamp)],
    ['Changed', when(version.last_updated_timestamp)],
    ['By', version.user_id || '–'],
    ['Lineage', h('a', { href: to.lineage(`model:${version.name}/${version.version}`) }, 'made from, used by')],
    ['Load it', h('code', { class: 'id' }, `models:/${version.name}/${version.version}`)],
  ]);
}

function signature(text) {
  const found = text && signatureOf(text);
  if (!found) return empty('No signature', 'The version has no MLmodel file with a signature.');
  const part = (title, columns, ...more) => columns && columns.length > 0 && [
    h('h3', {}, title),
    table({
      caption: title,
      columns: [
        { label: 'Column', head: true, cell: (column) => column.name ?? '(the whole array)' },
        { label: 'Type', cell: (column) => h('code', {}, typeText(column)) },
        ...more,
      ],
      rows: columns,
    }),
  ];
  const required = { label: 'Required', cell: (column) => (column.required === false ? 'may be missing' : 'yes') };
  return [part('Takes', found.inputs, required), part('Gives', found.outputs), part('Params', found.params)];
}

function metrics(entry, other, who) {
  if (!entry.run) return empty('No source run', 'Metrics belong to the run that trained the model.');
  const rows = mainMetrics(entry.run).sort((left, right) => (left.key < right.key ? -1 : 1));
  if (rows.length === 0) return empty('The source run has no metrics');
  const beside = other?.run;
  return table({
    caption: 'Metrics',
    columns: [
      { label: 'Metric', head: true, class: 'name', cell: ({ key }) => breakable(key) },
      { label: 'This version', number: true, cell: ({ value }) => number(value) },
      beside && { label: who, number: true, cell: ({ key }) => number(metric(other.run, key)) },
      beside && { label: 'Difference', number: true, cell: ({ key }) => difference(entry, other, key) },
    ].filter(Boolean),
    rows,
  });
}

/** Better or worse is said of metrics on rows that the model was not fitted to; of others only by how much they differ. */
function difference(entry, other, key) {
  const by = gain(entry, other, key);
  if (by === null || unit(key) === 'rows') return '';
  return /^(test|validation)_/.test(key) ? gainMark(by, key) : signed(by);
}

function card(text) {
  if (!text) return empty('No model card', 'The job ', h('code', {}, 'train'), ' writes ', h('code', {}, 'model/model_card.md'), '.');
  return h('div', { class: 'document' }, markdown(text));
}

function tags(entries) {
  if (!entries || entries.length === 0) return empty('No tags');
  return table({
    caption: 'Tags',
    columns: [
      { label: 'Name', head: true, class: 'name', cell: (entry) => breakable(entry.key) },
      { label: 'Value', class: 'value', cell: (entry) => entry.value },
    ],
    rows: entries,
  });
}
