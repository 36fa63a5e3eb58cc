// Elements from calls. Children that are not nodes become text, never markup.

/** `h('a', {href: '#/', class: 'x', onclick: f}, 'text', node, [more])`; null and false children are left out. */
export function h(name, attributes = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (key.startsWith('on')) element.addEventListener(key.slice(2), value);
    else if (key === 'value' || key === 'checked' || key === 'indeterminate') element[key] = value;
    else element.setAttribute(key, value === true ? '' : String(value));
  }
  append(element, children);
  return element;
}

function append(element, children) {
  for (const child of children.flat(Infinity)) {
    if (child === null || child === undefined || child === false) continue;
    element.append(child instanceof Node ? child : String(child));
  }
}

/** A name that may break after its dots, dashes and underscores, so that long ones need not be cut or scrolled. */
export function breakable(name) {
  const pieces = String(name).split(/(?<=[._/-])/);
  return pieces.flatMap((piece, index) => (index === 0 ? [piece] : [document.createElement('wbr'), piece]));
}

/** A heading with what belongs beside it (a count, a switch, a link). */
export function heading(level, text, ...beside) {
  return h('div', { class: 'heading' }, h(`h${level}`, {}, text), ...beside);
}

/** A region of the page with its own heading, so that screen readers can list it. */
export function section(title, ...children) {
  return h('section', { class: 'card', 'aria-label': title }, heading(2, title), ...children);
}

/** Where this page stands: `[['Experiments', '#/experiments'], ['fraud']]`. */
export function breadcrumbs(steps) {
  const items = steps.map(([text, href]) =>
    h('li', {}, href ? h('a', { href }, text) : h('span', { 'aria-current': 'page' }, text)));
  return h('nav', { class: 'crumbs', 'aria-label': 'Where you are' }, h('ol', {}, items));
}

/** Runs `render` again only when `value` is another one; focus, scroll and an open dialog outlive it. */
export function onlyWhenChanged(element, value, render) {
  const text = JSON.stringify(value);
  if (element.shown === text || element.querySelector('dialog[open]')) return;
  element.shown = text;
  const focused = element.contains(document.activeElement) ? document.activeElement.id : '';
  const scrolled = [...element.querySelectorAll('.scroll')].map((place) => place.scrollLeft);
  element.replaceChildren(...[render()].flat(Infinity).filter(Boolean));
  [...element.querySelectorAll('.scroll')].forEach((place, index) => { place.scrollLeft = scrolled[index] || 0; });
  if (focused) document.getElementById(focused)?.focus({ preventScroll: true });
}

/** Scrolls to `part`, and again while what stands above it grows, until the reader does something or leaves. */
export function keepInView(part, signal) {
  const reading = new AbortController();
  const growing = new ResizeObserver(() => part.scrollIntoView());
  growing.observe(document.getElementById('main'));
  reading.signal.addEventListener('abort', () => growing.disconnect());
  signal.addEventListener('abort', () => reading.abort());
  for (const move of ['wheel', 'touchmove', 'pointerdown', 'keydown']) {
    addEventListener(move, () => reading.abort(), { signal: reading.signal, passive: true });
  }
}

export function announce(text) {
  document.getElementById('announcer').textContent = text;
}
