// Runs of several experiments, newest first: what ran, how it ended, what it wrote.
import { h } from '../lib/dom.js';
import { duration, number, when } from '../lib/format.js';
import { to } from '../lib/places.js';
import { durationOf, job, metric, name, outcome } from '../lib/runs.js';
import { jobBadge, outcomeText, statusBadge } from './badges.js';
import { table } from './table.js';

export function recentRuns(runs, experiments) {
  const names = new Map(experiments.map((experiment) => [experiment.experiment_id, experiment.name]));
  return table({
    caption: 'Newest runs',
    columns: [
      { label: 'Run', head: true, cell: (run) => h('a', { href: to.runOf(run) }, name(run)) },
      { label: 'Job', cell: (run) => jobBadge(job(run)) },
      { label: 'Status', cell: (run) => statusBadge(run.info.status) },
      { label: 'Outcome', cell: (run) => outcomeText(outcome(run)) },
      { label: 'Rows out', number: true, cell: (run) => number(metric(run, 'rows_out')) },
      { label: 'Duration', number: true, cell: (run) => duration(durationOf(run)) },
      { label: 'Started', cell: (run) => when(run.info.start_time) },
      { label: 'Experiment', cell: (run) => h('a', { href: to.experiment(run.info.experiment_id) }, names.get(run.info.experiment_id) || run.info.experiment_id) },
    ],
    rows: runs,
  });
}
