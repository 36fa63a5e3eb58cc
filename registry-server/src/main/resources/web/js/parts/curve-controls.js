// How curves are drawn: along what, how smooth, on which scale. The choice is in the address: `x`, `smooth`, `log`.
import { h } from '../lib/dom.js';
import { AXES } from '../lib/curve.js';
import { here, noted } from '../lib/places.js';

/** `{axis, smooth, log}` as the address says. */
export function curveLook({ x, smooth, log }) {
  const weight = Number(smooth);
  return { axis: x in AXES ? x : 'step', smooth: weight > 0 && weight < 1 ? weight : 0, log: log === '1' };
}

/** Fields that write into the address and call `draw(look)`; the page is not left. */
export function curveControls(query, draw, ...more) {
  const look = curveLook(query);
  const note = (values) => {
    noted(values, true);
    draw(curveLook(here().query));
  };
  const shown = h('output', { for: 'smooth' }, look.smooth.toFixed(2));
  const thin = h('span', { class: 'faint small', hidden: look.smooth === 0 }, 'The thin line is as measured.');
  const axis = h('select', { id: 'curve-x', onchange: (event) => note({ x: event.target.value === 'step' ? '' : event.target.value }) },
    Object.entries(AXES).map(([value, text]) => h('option', { value, selected: value === look.axis }, text)));
  const smooth = h('input', { id: 'smooth', type: 'range', min: 0, max: 0.99, step: 0.01, oninput: (event) => {
    shown.textContent = Number(event.target.value).toFixed(2);
    thin.hidden = Number(event.target.value) === 0;
    note({ smooth: Number(event.target.value) > 0 ? event.target.value : '' });
  } });
  smooth.value = look.smooth;
  const log = h('input', { id: 'log', type: 'checkbox', checked: look.log, onchange: (event) => note({ log: event.target.checked ? '1' : '' }) });
  return h('form', { class: 'toolbar curve-controls', 'aria-label': 'How curves are drawn', onsubmit: (event) => event.preventDefault() },
    h('label', { class: 'field' }, 'Along ', axis),
    h('label', { class: 'field' }, 'Smoothing ', smooth, shown),
    h('label', { class: 'field' }, log, ' Logarithmic scale'),
    thin,
    more);
}
