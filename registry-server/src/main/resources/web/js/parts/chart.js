// Apache ECharts, loaded when the first chart is shown. A chart is a figure: caption, canvas, and the table behind it.
import { h } from '../lib/dom.js';
import { colour, onThemeChange, seriesColours } from '../lib/theme.js';

const LIBRARY = '/webjars/echarts/5.5.0/echarts.min.js';
let library;
const alive = new Set();

function load() {
  library ??= new Promise((resolve, reject) => {
    const script = h('script', { src: LIBRARY });
    script.onload = () => resolve(window.echarts);
    script.onerror = () => {
      library = undefined;
      script.remove();
      reject(new Error('The chart library could not be loaded; the tables hold the same numbers.'));
    };
    document.head.append(script);
  });
  return library;
}

/**
 * A figure whose `update(option, behind, title)` draws again. `option` is a function, because colours are read at drawing time.
 * `behind()` makes the table with the same numbers, when it is opened, or is null; `ready(instance)` is called once with ECharts' own object.
 */
export function chart({ title, option, behind, height = 'medium', onclick, ready }) {
  const canvas = h('div', { class: `chart ${height}`, role: 'img', 'aria-label': `${title}. The table below holds the numbers.` });
  const details = behind && h('details', { class: 'behind' }, h('summary', {}, 'Table'));
  const tabled = { behind };
  const fill = () => details?.open && details.replaceChildren(details.firstElementChild, tabled.behind());
  details?.addEventListener('toggle', fill);
  const caption = h('figcaption', {}, title);
  const figure = h('figure', {}, caption, canvas, details);
  const state = { canvas, option, instance: null, ready };
  figure.update = (next, table, text) => {
    state.option = next;
    if (text) caption.textContent = text;
    if (table) tabled.behind = table;
    fill();
    draw(state);
  };
  new ResizeObserver(() => shown(state, onclick)).observe(canvas);
  return figure;
}

async function shown(state, onclick) {
  if (state.canvas.clientWidth === 0) return;
  if (state.instance) {
    state.instance.resize();
    return;
  }
  try {
    const echarts = await load();
    if (state.instance || !state.canvas.isConnected) return;
    state.instance = echarts.init(state.canvas);
  } catch (failed) {
    state.canvas.textContent = failed.message;
    return;
  }
  if (onclick) state.instance.on('click', onclick);
  state.ready?.(state.instance);
  alive.add(state);
  draw(state);
}

function draw(state) {
  state.instance?.setOption({ ...frame(), ...state.option() }, { notMerge: true });
}

/** Frees charts that left the page; the router calls it after each change. */
export function disposeLost() {
  for (const state of alive) {
    if (state.canvas.isConnected) continue;
    state.instance.dispose();
    alive.delete(state);
  }
}

onThemeChange(() => alive.forEach(draw));

/** What all charts share. Tooltips are drawn on the canvas, so that data never becomes markup. */
function frame() {
  const text = { color: colour('--ink-soft'), fontFamily: getComputedStyle(document.body).fontFamily };
  return {
    animation: false,
    color: seriesColours(),
    textStyle: text,
    grid: { left: 8, right: 24, top: 40, bottom: 8, containLabel: true },
    legend: { type: 'scroll', top: 4, left: 0, textStyle: text, pageTextStyle: text, pageIconColor: text.color },
    tooltip: {
      trigger: 'axis',
      renderMode: 'richText',
      confine: true,
      backgroundColor: colour('--surface'),
      borderColor: colour('--line'),
      textStyle: { color: colour('--ink') },
    },
  };
}

/** An axis in the page's colours. */
export function axis(given) {
  const soft = colour('--ink-soft');
  return {
    nameTextStyle: { color: soft },
    axisLabel: { color: soft, hideOverlap: true },
    axisLine: { lineStyle: { color: colour('--line') } },
    splitLine: { lineStyle: { color: colour('--line-soft') } },
    ...given,
  };
}

const MARKS = ['circle', 'rect', 'triangle', 'diamond', 'roundRect', 'pin', 'arrow', 'emptyCircle'];

/** The look of the series at this place: its own mark beside its own colour. */
export function line(index, given) {
  return { type: 'line', symbol: MARKS[index % MARKS.length], symbolSize: 7, lineStyle: { width: 2 }, ...given };
}
