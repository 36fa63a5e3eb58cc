// The keys of the table of runs.
import { announce } from '../lib/dom.js';
import { keysHere } from '../lib/shortcuts.js';
import { moveTo, openHere, tickHere } from './run-table.js';

/** `state` is the experiment page's: its `bulk`, and what was `found`. */
export function runKeys(state) {
  const onTable = (act) => () => state.found?.runs.length > 0 && !state.found.groups && act();
  const onRow = (act) => onTable(() => act() || announce('Move to a run with j or k first.'));
  const press = (id) => () => document.getElementById(id)?.click();
  keysHere(state.signal, {
    '/': ['Search runs', () => document.getElementById('run-search').select()],
    j: ['Next run', onTable(() => moveTo(1))],
    k: ['Previous run', onTable(() => moveTo(-1))],
    o: ['Open the run', onRow(openHere)],
    x: ['Tick the run', onRow(tickHere)],
    c: ['Compare the ticked runs', onTable(() => state.bulk.actions.compare())],
    t: ['Tag the ticked runs', onTable(() => state.bulk.actions.tag())],
    d: ['Delete or restore the ticked runs', onTable(() => state.bulk.actions.remove())],
    u: ['Untick all', onTable(() => state.bulk.actions.clear())],
    n: ['Next page', press('next-page')],
    p: ['Previous page', press('previous-page')],
    v: ['Choose columns', press('columns')],
  });
}
