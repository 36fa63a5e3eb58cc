// What people type into the search box → MLflow's filter grammar. Pure: no page, no requests.
import { quoted } from './api.js';

const ENTITY = /^\s*(metrics?|param(eter)?s?|tags?|attr(ibutes?)?|run|datasets?)\./;
const QUOTED_ATTRIBUTE = /^\s*[`"]/;
const ATTRIBUTES = { status: 'status', run_name: 'run_name', name: 'run_name', run_id: 'run_id', id: 'run_id', user_id: 'user_id', user: 'user_id',
  start_time: 'start_time', started: 'start_time', end_time: 'end_time', ended: 'end_time', artifact_uri: 'artifact_uri' };
const WORDY = new RegExp(`^\\s*(${Object.keys(ATTRIBUTES).join('|')})\\s+(NOT\\s+IN|IN|I?LIKE)\\b`, 'i');
const CONDITION = /([^\s=<>!'"`]*`[^`]+`|[^\s=<>!'"`]+)\s*(!=|>=|<=|==?|>|<)\s*('[^']*'|"[^"]*"|[^\s]+)/g;
const BEGUN = /[^\s=<>!'"`]*(`[^`]+`|[^\s=<>!'"`]+)\s*(!=|>=|<=|==?|>|<|!)\s*$/; // a condition still being typed
const BEGUN_WORDS = /\b(I?LIKE|IN|IS|IS\s+NOT|NOT\s+IN|NOT)\s*$/i;
const KEY_ALONE = /^\s*(metrics?|params?|tags?|attributes?)\.\S*\s*$/;
const DAY = /^\d{4}-\d\d-\d\d([T ]\d\d:\d\d(:\d\d)?Z?)?$/;

/**
 * `{filter}`, or `{problem}` when it can be seen here already that the text means nothing. A clause that begins with an
 * entity (`metrics.auc > 0.9`) is passed on as it is; `auc > 0.9` gets the entity that `known` has for the key, otherwise
 * a metric's for < and >, a param's for = and !=; any other word is looked for in the names of runs.
 *
 * @param known `{metrics: Set, params: Map, tags: Map}` of keys, as `lib/known.js` collects them
 */
export function readSearch(text, known) {
  if (unclosed(text)) return { problem: 'A quote is opened and not closed.' };
  const parts = clauses(text);
  if (parts.some((part) => /(^|\s)OR(\s|$)/.test(outsideQuotes(part)))) {
    return { problem: 'There is no OR in a search: everything typed must hold. Search twice, or use LIKE with %.' };
  }
  return { filter: parts.flatMap((part) => clause(part, known)).join(' AND ') };
}

/** The words of a search that are looked for in names. */
export function plainWords(text) {
  return clauses(text).filter((part) => !isGrammar(part)).flatMap((part) => words(part.replace(CONDITION, ' ')));
}

/** `params.depth`, with back quotes around a key that needs them. */
export function named(entity, key) {
  return `${entity}.${/^[\w.-]+$/.test(key) ? key : `\`${key}\``}`;
}

/** One more condition behind what is searched for already. */
export function withCondition(text, condition) {
  return text ? `${text} AND ${condition}` : condition;
}

function isGrammar(part) {
  const compares = /[=<>!]|\s(I?LIKE|IN|IS|NOT)\b/i.test(outsideQuotes(part));
  return (ENTITY.test(part) && compares) || QUOTED_ATTRIBUTE.test(part) || WORDY.test(part) || KEY_ALONE.test(part);
}

function clause(part, known) {
  if (isGrammar(part) && (KEY_ALONE.test(part) || BEGUN_WORDS.test(part))) return []; // still being typed
  if (WORDY.test(part)) return [part.replace(/\w+/, (word) => `attributes.${ATTRIBUTES[word.toLowerCase()]}`)];
  if (isGrammar(part) && !mixed(part)) return part.match(BEGUN) ? [] : [part.trim()];
  const conditions = [];
  const rest = part.replace(CONDITION, (whole, key, operator, value) => {
    conditions.push(condition(unquoted(key), operator.replace('==', '='), value, known));
    return ' ';
  }).replace(BEGUN, ' ');
  return [...words(rest).map((word) => `attributes.run_name ILIKE ${quoted(`%${word}%`)}`), ...conditions];
}

/** `metrics.auc > 0.9 gbt`: a condition and words after it. */
function mixed(part) {
  if (QUOTED_ATTRIBUTE.test(part) || /\b(I?LIKE|IN|IS)\b/i.test(outsideQuotes(part))) return false;
  const rest = part.replace(CONDITION, ' ');
  return rest !== part && words(rest).length > 0;
}

function condition(key, operator, value, known) {
  if (ENTITY.test(key)) return `${key} ${operator} ${value}`;
  const plain = unquoted(value);
  const attribute = ATTRIBUTES[key.toLowerCase()];
  if (attribute?.endsWith('_time')) return `attributes.${attribute} ${operator} ${DAY.test(plain) ? Date.parse(plain.length === 10 ? plain : utc(plain)) : plain}`;
  if (attribute) return `attributes.${attribute} ${operator} ${quoted(attribute === 'status' ? plain.toUpperCase() : plain)}`;
  if (key === 'job') return `tags.\`millrace.job\` ${operator} ${quoted(plain)}`;
  const compares = operator.includes('<') || operator.includes('>');
  if (known.metrics.has(key) || (compares && !known.params.has(key) && !known.tags.has(key))) return `${named('metrics', key)} ${operator} ${plain}`;
  return `${named(known.tags.has(key) && !known.params.has(key) ? 'tags' : 'params', key)} ${operator} ${quoted(plain)}`;
}

function utc(text) {
  return `${text.replace(' ', 'T').replace(/Z$/, '')}Z`;
}

function words(text) {
  return text.split(/\s+/).map((word) => word.replace(/^['"]|['"]$/g, '')).filter(Boolean);
}

function unquoted(text) {
  return /^(['"`]).*\1$/.test(text) ? text.slice(1, -1) : text;
}

/** The text with everything between quotes made blank, as long as it was. */
function outsideQuotes(text) {
  return text.replace(/'[^']*'|"[^"]*"|`[^`]*`/g, (whole) => ' '.repeat(whole.length));
}

function unclosed(text) {
  return /["`]/.test(outsideQuotes(text)) || /(^|[\s=(,])'/.test(outsideQuotes(text));
}

function clauses(text) {
  const bare = outsideQuotes(text);
  const parts = [];
  let from = 0;
  for (const { index, 0: whole } of bare.matchAll(/\sAND(?=\s|$)/gi)) {
    parts.push(text.slice(from, index));
    from = index + whole.length;
  }
  return [...parts, text.slice(from)].map((part) => part.trim()).filter(Boolean);
}
