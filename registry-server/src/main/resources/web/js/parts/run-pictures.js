// Params and metrics of several runs in three pictures: parallel coordinates, scatter, contour. What they show is in the
// address: `axes`, `by` (the colour of all three), `sx` and `sy`, `cx` and `cy`, each with `log` behind it for a logarithmic axis.
import { dimensionsOf, logarithmic, varies } from '../lib/dimensions.js';
import { h, section } from '../lib/dom.js';
import { plural } from '../lib/format.js';
import { change, changed, to } from '../lib/places.js';
import { distinctNames, qualityMetrics } from '../lib/runs.js';
import { ask } from './ask.js';
import { contourChart } from './contour-chart.js';
import { parallelChart } from './parallel-chart.js';
import { scatterChart } from './scatter-chart.js';
import { empty } from './states.js';

const USUAL_AXES = 8;

export function runPictures(runs, query) {
  const dimensions = dimensionsOf(runs).filter(varies);
  const metrics = dimensions.filter(({ kind }) => kind === 'm');
  if (runs.length < 2 || dimensions.length < 2 || metrics.length === 0) {
    return section('Params against metrics', empty('Nothing to draw', 'At least two params or metrics, one of them a metric, must differ between the runs.'));
  }
  const best = `m:${qualityMetrics(runs, 1)[0]}`;
  const pick = (id, otherwise) => dimensions.find((one) => one.id === id) || otherwise;
  const by = pick(query.by, pick(best, metrics[0]));
  const view = { runs, query, dimensions, by, names: distinctNames(runs), pick };
  const colour = choice('Colour by', 'by', metrics.length > 0 ? dimensions.filter(({ numeric }) => numeric) : dimensions, by);
  return [parallel(view, colour), scatter(view), contour(view)];
}

/** A field that writes the chosen dimension into the address. */
function choice(label, name, dimensions, present) {
  const option = ({ id, key }) => h('option', { value: id, selected: id === present?.id }, key);
  const kind = (letter) => dimensions.filter((one) => one.kind === letter).map(option);
  const groups = [['Params', kind('p')], ['Metrics', kind('m')]].filter(([, options]) => options.length > 0);
  return h('label', { class: 'field' }, `${label} `,
    h('select', { id: `pick-${name}`, onchange: (event) => change({ [name]: event.target.value }) },
      groups.map(([title, options]) => h('optgroup', { label: title }, options))));
}

/** The same for an axis, with a box for its scale. */
function axisChoice(label, name, dimensions, present) {
  const box = h('input', { type: 'checkbox', id: `pick-${name}log`, checked: present.log, onchange: (event) => change({ [`${name}log`]: event.target.checked ? '1' : '' }) });
  return [choice(label, name, dimensions, present), present.possible && h('label', { class: 'field' }, box, ` ${label.toLowerCase()} by powers of ten`)];
}

function parallel({ runs, query, dimensions, by, names, pick }, colour) {
  const wanted = (query.axes || '').split(',').filter(Boolean).map(decodeURIComponent).map((id) => pick(id)).filter(Boolean);
  const axes = wanted.length > 1 ? wanted : usualAxes(dimensions, by);
  const keep = h('span', { role: 'status' });
  const picked = (inside) => {
    if (!inside) keep.replaceChildren();
    else if (inside.length === 0) keep.replaceChildren('No run passes all brushes.');
    else keep.replaceChildren(`${plural(inside.length, 'run')} let through. `, h('a', { href: changed({ runs: inside.map((at) => runs[at].info.run_id).join(',') }) }, 'Keep only these'));
  };
  const choose = async () => {
    const fields = h('div', { class: 'choices' }, dimensions.map(({ id, key, kind }) =>
      h('label', { class: 'choice' }, h('input', { type: 'checkbox', name: id, value: '1', checked: axes.some((one) => one.id === id) }), ` ${key} `,
        h('span', { class: 'faint small' }, kind === 'm' ? 'metric' : 'param'))));
    const chosen = await ask({ title: 'Axes', text: 'Tick two or more; what is the same in all runs is left out.', fields, action: 'Show' });
    if (chosen) change({ axes: Object.keys(chosen).map(encodeURIComponent).join(',') });
  };
  return section('Parallel coordinates',
    h('div', { class: 'toolbar' }, colour, h('button', { type: 'button', class: 'quiet', id: 'axes', onclick: choose }, `Axes (${axes.length}) …`),
      h('span', { class: 'faint' }, 'Drag along an axis to brush it, click beside the brush to take it away.'), keep),
    parallelChart({ names, axes, by, picked }));
}

function usualAxes(dimensions, by) {
  const params = dimensions.filter(({ kind }) => kind === 'p').slice(0, USUAL_AXES - 2);
  const metrics = dimensions.filter((one) => one.kind === 'm' && one !== by).slice(0, USUAL_AXES - 1 - params.length);
  return [...params, ...metrics, by];
}

function scatter({ runs, query, dimensions, by, names, pick }) {
  const x = logarithmic(pick(query.sx, dimensions.find((one) => one !== by)), query.sxlog === '1');
  const y = logarithmic(pick(query.sy, by), query.sylog === '1');
  return section('Scatter',
    h('div', { class: 'toolbar' }, axisChoice('Along', 'sx', dimensions, x), axisChoice('Up', 'sy', dimensions, y),
      h('span', { class: 'faint' }, 'Click a point to open its run.')),
    scatterChart({ names, x, y, by, open: (index) => { location.hash = to.runOf(runs[index]); } }));
}

function contour({ query, dimensions, by, names, pick }) {
  const numbers = dimensions.filter((one) => one.numeric && one !== by);
  if (numbers.length < 2) {
    return section('Contour', empty('No two numbers to draw over', `Besides ${by.key}, at least two numeric params or metrics must differ between the runs.`));
  }
  const chosen = (id, otherwise) => (numbers.includes(pick(id)) ? pick(id) : otherwise);
  const first = chosen(query.cx, numbers[0]);
  const x = logarithmic(first, query.cxlog === '1');
  const y = logarithmic(chosen(query.cy, numbers.find((one) => one !== first)), query.cylog === '1');
  const drawn = contourChart({ names, x, y, by });
  return section('Contour',
    h('div', { class: 'toolbar' }, axisChoice('Along', 'cx', numbers, x), axisChoice('Up', 'cy', numbers, y),
      h('span', { class: 'faint' }, 'Between the runs the surface is a guess: inverse distance weighting, power 2.')),
    drawn || empty('Too few runs', `Three or more runs must have ${x.key}, ${y.key} and ${by.key}.`));
}
