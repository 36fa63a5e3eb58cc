// A place that scrolls sideways when what it holds is too wide, with a shade at each side where there is more.
import { h } from '../lib/dom.js';

/** `content` in a region called `label`, which the keyboard reaches. */
export function sideways(label, content) {
  const place = h('div', { class: 'scroll', tabindex: '0', role: 'group', 'aria-label': label }, content);
  const mark = () => {
    place.classList.toggle('more-left', place.scrollLeft > 1);
    place.classList.toggle('more-right', place.scrollLeft + place.clientWidth < place.scrollWidth - 1);
  };
  place.addEventListener('scroll', mark, { passive: true });
  const sizes = new ResizeObserver(mark);
  sizes.observe(place);
  sizes.observe(content);
  return place;
}
