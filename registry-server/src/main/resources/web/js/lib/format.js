// How numbers, times and sizes are written everywhere.
import { h } from './dom.js';

const LARGEST = 1.7976931348623157e308;
const whole = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 });
const small = new Intl.NumberFormat('en-US', { minimumFractionDigits: 4, maximumFractionDigits: 4 });
const middle = new Intl.NumberFormat('en-US', { minimumFractionDigits: 2, maximumFractionDigits: 2 });
const precise = new Intl.NumberFormat('en-US', { maximumSignificantDigits: 4 });

/**
 * The same number of decimals for numbers of one size, so that a column lines up. MLflow writes NaN and infinities as
 * text, or infinity as the largest double. Missing is an en dash.
 */
export function number(value) {
  if (value === null || value === undefined || value === '') return '–';
  const given = typeof value === 'number' ? value : Number(value);
  if (Number.isNaN(given)) return 'NaN';
  if (given >= LARGEST) return '∞';
  if (given <= -LARGEST) return '−∞';
  if (Number.isInteger(given) && Math.abs(given) < 1e15) return minus(whole.format(given));
  const size = Math.abs(given);
  if (size !== 0 && (size < 1e-4 || size >= 1e9)) return minus(given.toExponential(3));
  if (size < 0.001) return minus(precise.format(given));
  return minus((size < 10 ? small : middle).format(given));
}

/** A difference with its sign written, 0 without. */
export function signed(value) {
  return value > 0 ? `+${number(value)}` : number(value);
}

function minus(text) {
  return text.replace(/^-/, '−');
}

/** The unit of a metric, read from its name; empty when it has none. */
export function unit(metric) {
  if (/(^|_)rows(_|$)/.test(metric)) return 'rows';
  if (/_seconds$/.test(metric)) return 's';
  if (/_ms$|_millis$/.test(metric)) return 'ms';
  if (/_bytes$/.test(metric)) return 'B';
  return '';
}

/** Is less better? Losses and errors; everything else is better when greater. */
export function lessIsBetter(metric) {
  return /(loss|rmse|mae|mse|brier|error|mape)/.test(metric);
}

export function bytes(size) {
  if (size === null || size === undefined) return '–';
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  let value = size;
  let step = 0;
  while (value >= 1000 && step < units.length - 1) {
    value /= 1000;
    step++;
  }
  return `${step === 0 ? value : value.toPrecision(3)} ${units[step]}`;
}

export function duration(millis) {
  if (millis === null || millis === undefined || Number.isNaN(millis) || millis < 0) return '–';
  if (millis < 1000) return `${Math.round(millis)} ms`;
  const seconds = millis / 1000;
  if (seconds < 60) return `${seconds.toFixed(1)} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min ${Math.floor(seconds % 60)} s`;
  const hours = Math.floor(minutes / 60);
  return hours < 48 ? `${hours} h ${minutes % 60} min` : `${Math.floor(hours / 24)} d ${hours % 24} h`;
}

/** `2026-11-24 13:41:54` in UTC. */
export function timestamp(millis) {
  return new Date(millis).toISOString().slice(0, 19).replace('T', ' ');
}

/** A day, or day and minute when the time of day matters: what windows are called. */
export function windowName(millis) {
  const text = new Date(millis).toISOString();
  return text.slice(11, 16) === '00:00' ? text.slice(0, 10) : text.slice(0, 16).replace('T', ' ');
}

function ago(millis, now) {
  const seconds = Math.round((now - millis) / 1000);
  if (seconds < 60) return seconds < 5 ? 'just now' : `${seconds} s ago`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ago`;
  if (seconds < 48 * 3600) return `${Math.floor(seconds / 3600)} h ago`;
  if (seconds < 30 * 86400) return `${Math.floor(seconds / 86400)} d ago`;
  return timestamp(millis).slice(0, 10);
}

/** A `time` element: how long ago, with the exact moment as its title. */
export function when(millis) {
  if (!millis) return '–';
  const exact = new Date(millis).toISOString();
  return h('time', { datetime: exact, title: `${timestamp(millis)} UTC` }, ago(millis, Date.now()));
}

/** How long something that began at `millis` has gone on. */
export function goingOn(millis) {
  return h('span', { 'data-since': millis }, duration(Date.now() - millis));
}

/** Writes again how long ago times are and how long things have gone on; not where a screen reader reads out changes. */
export function keepTimes() {
  const now = Date.now();
  for (const place of document.querySelectorAll('main time[title], main [data-since]')) {
    if (place.closest('[aria-live="polite"]')) continue;
    const text = place.dataset.since ? duration(now - Number(place.dataset.since)) : ago(Date.parse(place.dateTime), now);
    if (place.textContent !== text) place.textContent = text;
  }
}

export function plural(count, one, many = `${one}s`) {
  return `${number(count)} ${count === 1 ? one : many}`;
}

export function shortId(id) {
  return id ? id.slice(0, 8) : '';
}
