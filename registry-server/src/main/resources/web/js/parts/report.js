// An HTML report in a frame that may run nothing. This site's policy forbids inline styles, and a frame made from text
// inherits it, so the report's own styles are moved over as style sheet objects, which the policy allows.
import { h } from '../lib/dom.js';

export function report(name, html) {
  const frame = h('iframe', { class: 'report', title: name, sandbox: 'allow-same-origin', referrerpolicy: 'no-referrer' });
  frame.addEventListener('load', () => fill(frame, html), { once: true });
  return frame;
}

/** `allow-same-origin` lets us reach in; without `allow-scripts` nothing in the frame can reach out. */
function fill(frame, html) {
  const inside = frame.contentDocument;
  const source = new DOMParser().parseFromString(html.replaceAll(/\sstyle\s*=\s*(?=["'])/gi, ' data-style='), 'text/html');
  const css = [...source.querySelectorAll('style')].map((style) => style.textContent).join('\n');
  source.querySelectorAll('script, style, link, meta, base, iframe, object, embed, form').forEach((node) => node.remove());
  for (const element of source.querySelectorAll('*')) {
    for (const { name } of [...element.attributes]) if (name.startsWith('on')) element.removeAttribute(name);
  }
  inside.documentElement.lang = source.documentElement.lang || 'en';
  inside.body.replaceChildren(...[...source.body.childNodes].map((node) => inside.importNode(node, true)));
  for (const element of inside.querySelectorAll('[data-style]')) element.style.cssText = element.dataset.style;
  const sheet = new frame.contentWindow.CSSStyleSheet();
  sheet.replaceSync(css);
  inside.adoptedStyleSheets = [sheet];
  inside.body.className = source.body.className;
}
