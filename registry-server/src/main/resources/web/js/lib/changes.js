// The audit's entries about a model, in words. Pure.

const SAID = {
  'POST registered-models/create': () => 'model created',
  'POST registered-models/rename': (detail) => `model renamed to ${detail.new_name}`,
  'PATCH registered-models/update': () => 'description of the model changed',
  'POST registered-models/set-tag': (detail) => `tag of the model: ${detail.key} = ${detail.value}`,
  'DELETE registered-models/delete-tag': (detail) => `tag of the model taken away: ${detail.key}`,
  'POST registered-models/alias': (detail) => `@${detail.alias} → version ${detail.version}`,
  'DELETE registered-models/alias': (detail) => `@${detail.alias} taken away`,
  'POST model-versions/create': () => 'registered as a version',
  'POST model-versions/transition-stage': (detail) => `version ${detail.version} → stage ${detail.stage}`,
  'PATCH model-versions/update': (detail) => `description of version ${detail.version} changed`,
  'POST model-versions/set-tag': (detail) => `tag of version ${detail.version}: ${detail.key} = ${detail.value}`,
  'DELETE model-versions/delete-tag': (detail) => `tag of version ${detail.version} taken away: ${detail.key}`,
  'DELETE model-versions/delete': (detail) => `version ${detail.version} deleted`,
};

/** What an entry says, and the call itself where there are no words for it. */
export function changeText({ action, detail }) {
  return SAID[action]?.(fields(detail)) ?? action;
}

/**
 * The entries that touch one version: those that name it, its registration (which names its source, not yet its number),
 * and moves of an alias away from it, as far as the entries reach back.
 *
 * @param entries the model's, newest first
 */
export function changesOf(entries, { version, source }) {
  const held = new Map();
  const touching = new Set();
  for (const entry of [...entries].reverse()) {
    const detail = fields(entry.detail);
    const moves = /registered-models\/alias$/.test(entry.action) && entry.status < 400;
    const names = detail.version === version || (entry.action === 'POST model-versions/create' && detail.source === source);
    if (names || (moves && held.get(detail.alias) === version)) touching.add(entry);
    if (moves) held.set(detail.alias, entry.action.startsWith('POST') ? detail.version : null);
  }
  return entries.filter((entry) => touching.has(entry));
}

function fields(detail) {
  try {
    return JSON.parse(detail);
  } catch (cut) {
    return {};
  }
}
