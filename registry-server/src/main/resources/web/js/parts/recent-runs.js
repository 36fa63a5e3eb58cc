// Runs in a short form: what ran, how it ended, what it wrote; with their experiments, or with what they measured.
import { h } from '../lib/dom.js';
import { number, when } from '../lib/format.js';
import { to } from '../lib/places.js';
import { job, metric, name, qualityMetrics } from '../lib/runs.js';
import { durationText, jobBadge, statusAndWhy } from './badges.js';
import { table } from './table.js';

/** `experiments` names those that the runs may be of; without it all are of one, and their quality is shown instead. */
export function recentRuns(runs, experiments) {
  return table({
    caption: 'Newest runs',
    columns: [
      { label: 'Run', head: true, cell: (run) => h('a', { href: to.runOf(run) }, name(run)) },
      { label: 'Status', cell: statusAndWhy },
      { label: 'Job', cell: (run) => jobBadge(job(run)) },
      { label: 'Rows out', number: true, cell: (run) => number(metric(run, 'rows_out')) },
      { label: 'Duration', number: true, cell: durationText },
      { label: 'Started', cell: (run) => when(run.info.start_time) },
      ...(experiments ? [experimentColumn(experiments)] : qualityMetrics(runs, 2).map(metricColumn)),
    ],
    rows: runs,
  });
}

function experimentColumn(experiments) {
  const names = new Map(experiments.map((experiment) => [experiment.experiment_id, experiment.name]));
  const link = ({ experiment_id: id }) => h('a', { href: to.experiment(id) }, names.get(id) || id);
  return { label: 'Experiment', cell: (run) => link(run.info) };
}

function metricColumn(key) {
  return { label: key, number: true, cell: (run) => number(metric(run, key)) };
}
