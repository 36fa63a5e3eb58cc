// Light, dark, or as the system says; and the same colours for charts.

const KEY = 'millrace.theme';
const NEXT = { system: 'light', light: 'dark', dark: 'system' };
const SIGN = { system: '◐', light: '☀', dark: '☾' };
const TEXT = { system: 'as the system', light: 'light', dark: 'dark' };
const changed = new EventTarget();
const probe = document.body.appendChild(document.createElement('i'));
probe.hidden = true;

export function startTheme(button) {
  show(button, document.documentElement.dataset.theme || 'system');
  button.addEventListener('click', () => {
    const now = NEXT[document.documentElement.dataset.theme || 'system'];
    if (now === 'system') delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = now;
    try {
      localStorage.setItem(KEY, now);
    } catch (blocked) {
      // The choice then lasts until the page is loaded again.
    }
    show(button, now);
    changed.dispatchEvent(new Event('change'));
  });
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => changed.dispatchEvent(new Event('change')));
}

function show(button, theme) {
  button.textContent = SIGN[theme];
  button.setAttribute('aria-label', `Colours: ${TEXT[theme]}`);
  button.title = `Colours: ${TEXT[theme]}`;
}

export function onThemeChange(listener) {
  changed.addEventListener('change', listener);
}

/** The present colour of a CSS variable such as `--accent`, as canvas wants it. */
export function colour(name) {
  probe.style.color = `var(${name})`;
  return getComputedStyle(probe).color;
}

/** Colours of series, in order; drawn with different marks too, so that colour is never the only sign. */
export function seriesColours() {
  return [1, 2, 3, 4, 5, 6, 7, 8].map((number) => colour(`--series-${number}`));
}

/** From the least to the greatest value; told apart without seeing colours by their lightness. */
export function scaleColours() {
  return [1, 2, 3, 4, 5].map((number) => colour(`--scale-${number}`));
}
