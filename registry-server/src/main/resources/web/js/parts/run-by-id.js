// A link to a run of which only the id is known: its experiment is asked for, once for all places that show it.
import { api } from '../lib/api.js';
import { h } from '../lib/dom.js';
import { shortId } from '../lib/format.js';
import { to } from '../lib/places.js';
import { name } from '../lib/runs.js';

/** The first digits at once; the run's name with its link when the registry knows it. */
export function runById(id, signal) {
  const place = h('span', { 'aria-busy': 'true' }, h('code', {}, shortId(id)));
  api.run(id, signal).then(
    (run) => place.replaceChildren(h('a', { href: to.runOf(run), title: name(run) }, shortId(id))),
    () => { place.title = `${id} is not in this registry`; },
  ).finally(() => place.removeAttribute('aria-busy'));
  return place;
}
