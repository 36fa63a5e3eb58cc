// Who you are here, your tokens; for administrators users, everybody's tokens, webhooks and what was changed by whom.
import { api } from '../lib/api.js';
import { breakable, h, section } from '../lib/dom.js';
import { timestamp, when } from '../lib/format.js';
import { change, changed } from '../lib/places.js';
import { badge } from '../parts/badges.js';
import { empty, failed, later } from '../parts/states.js';
import { table } from '../parts/table.js';
import { makeWebhook, webhookFields, webhookList } from '../parts/webhooks.js';

export async function settingsPage(params, { query, signal, reload }) {
  const me = await api.me(signal);
  const content = [h('div', { class: 'heading page' }, h('h1', {}, 'Settings'))];
  content.push(section('You', you(me, reload)));
  if (me.authentication) {
    content.push(section(me.administrator ? 'Tokens of everybody' : 'Your tokens',
      later(api.tokens(me.administrator, signal), (tokens) => tokenList(tokens, reload)), newToken(reload)));
  }
  if (me.administrator) {
    content.push(section('Users', later(api.users(signal), (users) => userList(users, reload)), newUser(reload)));
    content.push(section('Webhooks', later(api.webhooks(signal), (webhooks) => webhookList(webhooks, reload)),
      form('Make a webhook', webhookFields(field), makeWebhook, reload)));
    content.push(section(query.target ? `What was changed of ${query.target}` : 'What was changed', query.target && h('p', {}, h('a', { href: changed({ target: '', page_token: '' }) }, 'Of everything')),
      later(api.audit({ ...query, max_results: 50 }, signal), (page) => auditList(page, query))));
  }
  return { title: 'Settings', content };
}

function you(me, reload) {
  if (!me.authentication) {
    return h('p', {}, 'This registry trusts whoever reaches it. Start it with ', h('code', {}, '--auth'),
      ' to ask everybody for a token; users and their roles can be set up here before.');
  }
  return [
    h('p', {}, 'You are ', h('strong', {}, me.user), ' ', me.grants.map(grantBadge)),
    h('button', { type: 'button', class: 'quiet', onclick: async () => { await api.signOut(); reload(); } }, 'Sign out'),
  ];
}

function grantBadge({ role, scope }) {
  return [badge(scope === '*' ? role : `${role} of ${scope}`, 'info'), ' '];
}

/** Calls and shows again; what the server says no to stands below the form. */
function form(label, fields, call, reload) {
  const problem = h('div', {});
  const submit = async (event) => {
    event.preventDefault();
    try {
      const done = await call(Object.fromEntries(new FormData(event.target)));
      if (done instanceof Node) problem.replaceChildren(done);
      else reload();
    } catch (error) {
      problem.replaceChildren(failed(error));
    }
  };
  return [h('form', { onsubmit: submit, class: 'actions', 'aria-label': label }, fields, h('button', { type: 'submit' }, label)), problem];
}

function field(label, name, attributes = {}) {
  return h('label', { class: 'field' }, `${label} `, h('input', { name, autocomplete: 'off', ...attributes }));
}

function tokenList(tokens, reload) {
  if (tokens.length === 0) return empty('No tokens', 'Make one below for a client or a pipeline.');
  return table({
    caption: 'Tokens',
    columns: [
      { label: 'Token', head: true, cell: (token) => h('code', {}, `${token.hint}…`) },
      { label: 'Of', cell: (token) => token.user },
      { label: 'For', cell: (token) => token.name },
      { label: 'Scopes', cell: (token) => (token.scopes ? breakable(token.scopes.join(', ')) : 'all') },
      { label: 'Made', cell: (token) => when(token.created_at) },
      { label: 'Last used', cell: (token) => (token.last_used_at ? when(token.last_used_at) : 'never') },
      { label: 'Ends', cell: (token) => (token.expires_at ? timestamp(token.expires_at).slice(0, 16) : 'never') },
      { label: 'Revoke', cell: (token) => h('button', {
        type: 'button', class: 'quiet', 'aria-label': `Revoke ${token.hint} of ${token.user}`,
        onclick: async () => { await api.revoke(token.id); reload(); },
      }, 'Revoke') },
    ],
    rows: tokens,
  });
}

function newToken(reload) {
  const fields = [
    field('What for', 'name', { placeholder: 'nightly pipeline' }),
    field('Days until it ends', 'days', { type: 'number', min: 1, max: 3650, placeholder: 'with your session' }),
    field('Scopes', 'scopes', {
      placeholder: 'all that you may',
      title: 'read, write, approve or admin, alone or with :experiments, :models, :experiment:NAME or :model:NAME; or endpoints. Separate several by commas.',
    }),
    field('Your token', 'by', {
      type: 'password', title: 'A token that is created in a session ends with the session, unless you confirm with a token that ends later.',
    }),
  ];
  const make = async ({ name, days, scopes, by }) => {
    const wanted = scopes.split(',').map((scope) => scope.trim()).filter(Boolean);
    const made = await api.createToken({
      name, lifetime_days: days ? Number(days) : undefined, scopes: wanted.length > 0 ? wanted : undefined,
    }, by.trim());
    return h('div', { class: 'state', role: 'status' },
      h('p', {}, 'Copy it now, it is shown this once:'), h('p', {}, h('code', { class: 'secret' }, made.secret)),
      h('button', { type: 'button', onclick: reload }, 'I have it'));
  };
  return form('Make a token', fields, make, reload);
}

function userList(users, reload) {
  if (users.length === 0) return empty('No users yet', 'Give somebody a role below; with ', h('code', {}, '--auth'), ' they then need a token.');
  return table({
    caption: 'Users',
    columns: [
      { label: 'User', head: true, cell: (user) => user.name },
      { label: 'Roles', cell: (user) => (user.grants || []).map(grantBadge) },
      { label: 'Since', cell: (user) => when(user.created_at) },
      { label: 'Delete', cell: (user) => h('button', {
        type: 'button', class: 'quiet', 'aria-label': `Delete ${user.name}`,
        onclick: async () => {
          if (!window.confirm(`Delete ${user.name} with all tokens?`)) return;
          try {
            await api.deleteUser(user.name);
            reload();
          } catch (error) {
            window.alert(error.message);
          }
        },
      }, 'Delete') },
    ],
    rows: users,
  });
}

function newUser(reload) {
  const fields = [
    field('Name', 'name', { required: true }),
    h('label', { class: 'field' }, 'Role ', h('select', { name: 'role' },
      ['viewer', 'editor', 'approver', 'admin'].map((role) => h('option', {}, role)))),
    field('On', 'scope', { value: '*', required: true, title: '*, experiment:NAME or model:NAME; NAME may end in *' }),
  ];
  const put = async ({ name, role, scope }) => {
    const known = (await api.users()).find((user) => user.name === name);
    const others = (known?.grants || []).filter((grant) => grant.scope !== scope);
    await api.putUser(name, [...others, { role, scope }]);
  };
  return form('Give the role', fields, put, reload);
}

function auditList({ entries = [], next_page_token: next }, query) {
  if (entries.length === 0) return empty('Nothing was changed yet');
  return [
    table({
      caption: 'Changes, the newest first',
      columns: [
        { label: 'When', head: true, cell: (entry) => when(entry.at) },
        { label: 'Who', cell: (entry) => (entry.user === '-' ? h('span', { class: 'faint' }, 'anyone') : entry.user) },
        { label: 'What', cell: (entry) => h('code', {}, entry.action) },
        { label: 'Of', cell: (entry) => entry.target },
        { label: 'Details', class: 'said', cell: (entry) => breakable(detail(entry.detail)) },
        { label: 'Answer', cell: (entry) => badge(String(entry.status), entry.status < 400 ? 'good' : 'bad') },
      ],
      rows: entries,
    }),
    next && h('p', {}, h('button', { type: 'button', onclick: () => change({ ...query, page_token: next }) }, 'Older')),
  ];
}

function detail(json) {
  return Object.entries(JSON.parse(json)).map(([name, value]) => `${name}: ${value}`).join(', ');
}
