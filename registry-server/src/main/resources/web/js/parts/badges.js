// Small signs with words: status, job, alias, verdict. The word or the mark always says what the colour says.
import { h } from '../lib/dom.js';
import { duration, goingOn } from '../lib/format.js';
import { to } from '../lib/places.js';
import { durationOf, outcome } from '../lib/runs.js';

const STATUS = {
  RUNNING: ['▶', 'running', 'info'],
  SCHEDULED: ['◷', 'scheduled', 'info'],
  FINISHED: ['✓', 'finished', 'good'],
  FAILED: ['✕', 'failed', 'bad'],
  KILLED: ['◼', 'killed', 'warn'],
};

export const VERDICT = {
  ok: ['✓', 'ok', 'good'],
  watch: ['▲', 'watch', 'warn'],
  drift: ['✕', 'drift', 'bad'],
  not_enough_data: ['…', 'not enough data', 'none'],
};

export function badge(text, kind = 'none', mark) {
  return h('span', { class: `badge ${kind}` }, mark ? h('span', { 'aria-hidden': 'true' }, `${mark} `) : null, text);
}

export function statusBadge(status) {
  const [mark, text, kind] = STATUS[status] || ['', String(status).toLowerCase(), 'none'];
  return badge(text, kind, mark);
}

export function verdictBadge(verdict) {
  const [mark, text, kind] = VERDICT[verdict] || ['', String(verdict), 'none'];
  return badge(text, kind, mark);
}

/** `done`, or why not, such as `INPUT_UNREADABLE`. */
export function outcomeText(outcome) {
  if (!outcome) return '–';
  return outcome === 'done' ? 'done' : outcome.toLowerCase().replaceAll('_', ' ');
}

/** A run that did what it should needs no second word. */
export function statusAndWhy(run) {
  const why = outcome(run);
  return [statusBadge(run.info.status), why && why !== 'done' ? ` ${outcomeText(why)}` : null];
}

/** How long a run took, or has gone on until now. */
export function durationText(run) {
  return run.info.status === 'RUNNING' ? goingOn(run.info.start_time) : duration(durationOf(run));
}

export function jobBadge(job) {
  return job ? h('span', { class: 'badge job' }, job) : '–';
}

export function aliasBadges(aliases) {
  return (aliases || []).map((alias) => badge(`@${alias}`, alias === 'champion' ? 'champion' : 'info', alias === 'champion' ? '★' : null));
}

export function versionLink(version) {
  return h('a', { href: to.version(version.name, version.version) }, `${version.name}, version ${version.version}`);
}
