// Histories of metrics as curves: where a point stands, and smoothing. Pure.

export const MOST_POINTS = 2500; // of one curve, which is what the server gives at once and more than a screen has columns

export const AXES = { step: 'step', time: 'wall time', relative: 'time since the start' };

/** MLflow writes NaN and infinities as text, or infinity as the largest double. */
function numberOf(value) {
  const number = Number(value);
  return Math.abs(number) === Number.MAX_VALUE ? Math.sign(number) * Infinity : number;
}

/**
 * `[[x, y], …]` in the order of x. Points that all have step 0 are numbered from 1 by `step`; `relative` is in seconds
 * since `start` or since the first point, whichever was earlier.
 */
export function placed(points, axis, start) {
  const inOrder = [...points].sort(axis === 'step'
    ? (left, right) => (left.step || 0) - (right.step || 0) || left.timestamp - right.timestamp
    : (left, right) => left.timestamp - right.timestamp || (left.step || 0) - (right.step || 0));
  const stepless = points.every((point) => !point.step);
  const begun = inOrder.reduce((least, point) => Math.min(least, point.timestamp), start || Infinity);
  const place = (point, index) => {
    if (axis === 'time') return point.timestamp;
    if (axis === 'relative') return (point.timestamp - begun) / 1000;
    return stepless ? index + 1 : point.step || 0;
  };
  return inOrder.map((point, index) => [place(point, index), numberOf(point.value)]);
}

/**
 * The points known with those that have come: `read(from)` gives points from a step on, at most MOST_POINTS. What comes late,
 * with an earlier step, is not seen until all are read again, which is when there are too many or all stand at one step.
 */
export async function grown(known, read) {
  const from = known.at(-1)?.step || 0;
  if (from <= 0 || known.length >= 2 * MOST_POINTS) return read();
  const more = await read(from);
  return more.length < MOST_POINTS ? [...known.filter((point) => (point.step || 0) < from), ...more] : read();
}

/**
 * Exponential moving average without the pull of its start, as TensorBoard draws it: s_n = w·s_(n−1) + (1−w)·y_n from
 * s_0 = 0, shown as s_n / (1 − wⁿ). Values that are not finite are left where they are and do not count.
 *
 * @param weight w, from 0 (as measured) to below 1
 */
export function smoothed(curve, weight) {
  if (!(weight > 0)) return curve;
  let sum = 0;
  let count = 0;
  return curve.map(([x, y]) => {
    if (!Number.isFinite(y)) return [x, y];
    sum = weight * sum + (1 - weight) * y;
    count++;
    return [x, sum / (1 - weight ** count)];
  });
}

/** What a logarithmic scale can show, and how many points it cannot. */
export function positive(curve) {
  const shown = curve.filter(([, y]) => y > 0);
  return { shown, hidden: curve.length - shown.length };
}
