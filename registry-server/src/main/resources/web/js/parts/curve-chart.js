// Curves of one or several histories in one picture.
import { number, timestamp } from '../lib/format.js';
import { AXES, MOST_POINTS, placed, positive, smoothed } from '../lib/curve.js';
import { seriesColours } from '../lib/theme.js';
import { axis, line } from './chart.js';
import { table } from './table.js';

const MARKED = 40; // points that each get a mark; more would hide the line
const MOST_ROWS = 500;

/**
 * What `chart` needs.
 *
 * @param curves `[{name, points, start}]`, points as MLflow's metric history, `start` the run's
 * @param look of `curveLook`
 */
export function curvePicture(title, curves, look, height) {
  const drawn = curves.map(({ name, points, start }) => {
    const raw = placed(points, look.axis, start);
    const { shown, hidden } = look.log ? positive(raw) : { shown: raw, hidden: 0 };
    return { name, raw: shown, smooth: look.smooth > 0 ? smoothed(shown, look.smooth) : null, hidden };
  });
  const hidden = drawn.reduce((sum, curve) => sum + curve.hidden, 0);
  const unit = look.axis === 'relative' ? unitOf(drawn) : [1, ''];
  const option = () => ({
    ...(curves.length > 1 ? {} : { legend: undefined }),
    grid: { left: 8, right: 16, top: curves.length > 1 ? 40 : 12, bottom: 28, containLabel: true },
    useUTC: true,
    xAxis: axis({ ...along(look.axis, curves, unit), nameLocation: 'middle', nameGap: 24, min: 'dataMin', max: 'dataMax' }),
    yAxis: axis({ type: look.log ? 'log' : 'value', scale: true }),
    series: drawn.flatMap((curve, index) => series(curve, index, unit[0])),
  });
  const thinned = curves.some(({ points }) => points.length >= MOST_POINTS);
  const notes = [
    thinned && `evenly spaced points, at most ${MOST_POINTS}`,
    hidden > 0 && `${hidden} of the points are not above 0 and have no place on this scale`,
  ].filter(Boolean);
  return { title: notes.length > 0 ? `${title} (${notes.join('; ')})` : title, option, behind: () => behind(title, curves), height };
}

/** What one unit is in seconds, and its name: so that the longest curve has some ten to some hundred of them. */
function unitOf(drawn) {
  const span = drawn.reduce((most, { raw }) => Math.max(most, raw.at(-1)?.[0] ?? 0), 0);
  return [[3600, 'hours', 7200], [60, 'minutes', 120], [1, 'seconds', 2], [0.001, 'milliseconds', 0]].find(([, , least]) => span >= least);
}

function along(kind, curves, [, unit]) {
  if (kind === 'time') return { type: 'time', name: AXES.time };
  if (kind === 'relative') return { type: 'value', name: `${unit} since the start` };
  const stepless = curves.every(({ points }) => points.every((point) => !point.step));
  return { type: 'value', minInterval: 1, name: stepless ? 'point' : 'step' };
}

function series({ name, raw, smooth }, index, unit) {
  const scaled = (curve) => (unit === 1 ? curve : curve.map(([x, y]) => [x / unit, y]));
  const colour = seriesColours()[index % 8];
  const shared = { name, itemStyle: { color: colour }, sampling: 'lttb' };
  const main = line(index, { ...shared, data: scaled(smooth || raw), showSymbol: raw.length <= MARKED });
  if (!smooth) return [main];
  const faint = { ...shared, type: 'line', data: scaled(raw), symbol: 'none', silent: true, lineStyle: { width: 1, opacity: 0.35, color: colour }, tooltip: { show: false } };
  return [faint, main];
}

function behind(title, curves) {
  const rows = curves.flatMap(({ name, points }) => points.map((point) => ({ name, point })));
  return table({
    caption: `History of ${title}`,
    columns: [
      curves.length > 1 && { label: 'Curve', head: true, cell: (row) => row.name },
      { label: 'Step', number: true, cell: (row) => number(row.point.step || 0) },
      { label: 'Value', number: true, cell: (row) => number(row.point.value) },
      { label: 'Time (UTC)', cell: (row) => timestamp(row.point.timestamp) },
    ].filter(Boolean),
    rows: rows.slice(-MOST_ROWS),
  });
}
