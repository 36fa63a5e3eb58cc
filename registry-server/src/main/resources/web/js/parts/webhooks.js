// Webhooks: who is told of changes of models. MLflow's calls; only administrators may make them.
import { api } from '../lib/api.js';
import { h } from '../lib/dom.js';
import { when } from '../lib/format.js';
import { ask } from './ask.js';
import { badge } from './badges.js';
import { empty, failed } from './states.js';
import { table } from './table.js';

const EVENTS = [
  ['REGISTERED_MODEL.CREATED', 'a model is created'],
  ['MODEL_VERSION.CREATED', 'a version is registered'],
  ['MODEL_VERSION_ALIAS.CREATED', 'an alias is set or moved'],
  ['MODEL_VERSION_ALIAS.DELETED', 'an alias is taken away'],
  ['MODEL_VERSION_TAG.SET', 'a version is tagged'],
  ['MODEL_VERSION_TAG.DELETED', 'a tag of a version is taken away'],
  ['PROMPT.CREATED', 'a prompt is created'],
  ['PROMPT_VERSION.CREATED', 'a version of a prompt is made'],
  ['PROMPT_TAG.SET', 'a prompt is tagged'],
  ['PROMPT_TAG.DELETED', 'a tag of a prompt is taken away'],
  ['PROMPT_VERSION_TAG.SET', 'a version of a prompt is tagged'],
  ['PROMPT_VERSION_TAG.DELETED', 'a tag of a version of a prompt is taken away'],
  ['PROMPT_ALIAS.CREATED', 'an alias of a prompt is set'],
  ['PROMPT_ALIAS.DELETED', 'an alias of a prompt is taken away'],
];
const WORDS = new Map(EVENTS);

export function webhookList(webhooks, reload) {
  const outcome = h('div', { role: 'status' });
  const list = webhooks.length === 0
    ? empty('No webhooks', 'A webhook tells another service when a model, a version, an alias or a tag changes. Make one below.')
    : table({
      caption: 'Webhooks',
      columns: [
        { label: 'Name', head: true, cell: (hook) => hook.name },
        { label: 'Tells', class: 'value', cell: (hook) => h('code', {}, hook.url) },
        { label: 'When', class: 'value', cell: (hook) => (hook.events || []).map(({ entity, action }) => WORDS.get(`${entity}.${action}`) || `${entity} ${action}`.toLowerCase()).join(', ') },
        { label: 'Status', cell: (hook) => (hook.status === 'ACTIVE' ? badge('active', 'good', '✓') : badge('off', 'warn', '◼')) },
        { label: 'Changed', cell: (hook) => when(hook.last_updated_timestamp) },
        { label: 'Do', cell: (hook) => actions(hook, reload, outcome) },
      ],
      rows: webhooks,
    });
  return [list, outcome];
}

function actions(hook, reload, outcome) {
  const act = (label, call) => h('button', {
    type: 'button', class: 'quiet', 'aria-label': `${label} ${hook.name}`,
    onclick: async () => {
      try {
        await call();
      } catch (error) {
        outcome.replaceChildren(failed(error));
      }
    },
  }, label);
  const active = hook.status === 'ACTIVE';
  return h('span', { class: 'tree' },
    act('Test', async () => outcome.replaceChildren(told(hook, await api.testWebhook(hook.webhook_id)))),
    act(active ? 'Switch off' : 'Switch on', async () => {
      await api.changeWebhook(hook.webhook_id, { status: active ? 'DISABLED' : 'ACTIVE' });
      reload();
    }),
    act('Delete', async () => {
      if (!await ask({ title: `Delete ${hook.name}?`, text: `${hook.url} is told nothing more; its secret is forgotten.`, action: 'Delete' })) return;
      await api.deleteWebhook(hook.webhook_id);
      reload();
    }));
}

/** What the receiver answered to an example of the webhook's first event. */
function told(hook, { success, response_status: status, response_body: body, error_message: problem }) {
  return h('div', { class: success ? 'state' : 'state failed told' },
    h('p', { class: 'state-title' }, success ? `✓ ${hook.name} was taken with status ${status}` : `✕ ${hook.name} was not taken`),
    h('p', { class: 'wrapped' }, problem || (status ? `Status ${status}. ` : ''), body ? h('code', {}, body.slice(0, 300)) : null));
}

/** Fields of the form that makes one, and what it sends. */
export function webhookFields(field) {
  return [
    field('Name', 'name', { required: true, placeholder: 'deploy-champion' }),
    field('URL', 'url', { required: true, type: 'url', class: 'long', placeholder: 'https://…' }),
    field('Secret to sign with', 'secret', { type: 'password', placeholder: 'none', autocomplete: 'new-password' }),
    h('fieldset', { class: 'events' }, h('legend', {}, 'Tell when'),
      EVENTS.map(([value, text], index) => h('label', { class: 'choice' },
        h('input', { type: 'checkbox', name: value, value: '1', checked: index === 2 }), ` ${text}`))),
  ];
}

export async function makeWebhook({ name, url, secret, ...ticked }) {
  const events = Object.keys(ticked).map((event) => ({ entity: event.split('.')[0], action: event.split('.')[1] }));
  if (events.length === 0) throw Object.assign(new Error('Tick at least one event to be told of.'), { status: 400 });
  await api.createWebhook({ name, url, secret: secret || undefined, events });
}
