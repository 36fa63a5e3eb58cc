// Versions of a model with the runs that made them, so that they can be measured against the champion.
import { api, quoted } from './api.js';
import { metric, qualityMetrics } from './runs.js';

const MOST_RUNS = 50;

/** `{version, run}` newest first; `run` is null where there is none or it is gone. */
export async function versionsWithRuns(name, signal) {
  const versions = await api.versions(`name = ${quoted(name)}`, signal);
  versions.sort((left, right) => Number(right.version) - Number(left.version));
  const runs = await Promise.all(versions.map((version, index) => (index < MOST_RUNS ? runOf(version, signal) : null)));
  return versions.map((version, index) => ({ version, run: runs[index] }));
}

async function runOf(version, signal) {
  if (!version.run_id) return null;
  try {
    return await api.run(version.run_id, signal);
  } catch (error) {
    if (error.status === 404) return null;
    throw error;
  }
}

const withAlias = (entries, alias) => entries.find(({ version }) => (version.aliases || []).includes(alias));

export const championOf = (entries) => withAlias(entries, 'champion');

/** The champion before, where the job `promote` left its alias. */
export const previousOf = (entries) => withAlias(entries, 'previous');

/** The quality metrics that these versions have, the most telling first. */
export function comparedMetrics(entries, most) {
  return qualityMetrics(entries.map(({ run }) => run).filter(Boolean), most);
}

/** How much greater the metric is than the champion's, or null when either has none. */
export function gain(entry, champion, key) {
  if (!champion?.run || !entry.run || champion === entry) return null;
  const mine = metric(entry.run, key);
  const theirs = metric(champion.run, key);
  return mine === undefined || theirs === undefined ? null : Number(mine) - Number(theirs);
}
