// Who else looks at this page now.
import { h } from '../lib/dom.js';
import { ownName } from '../lib/events.js';

export function peopleHere() {
  const element = h('span', { class: 'people faint', role: 'status' });
  const show = (names) => {
    const others = names.map((one) => one || 'somebody');
    const own = others.indexOf(ownName() || 'somebody');
    if (own >= 0) others.splice(own, 1);
    else others.pop();
    const distinct = [...new Set(others)];
    element.textContent = distinct.length === 0 ? '' : `Also here: ${distinct.slice(0, 5).join(', ')}${distinct.length > 5 ? ' …' : ''}`;
  };
  return { element, show };
}
