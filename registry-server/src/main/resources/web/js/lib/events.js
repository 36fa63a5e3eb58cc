// Hearing of changes: one stream of server-sent events per page. It says that something changed, never what.
import { here } from './places.js';

const FALLBACK = 15000;
const OWN = ownWindow();

/**
 * What tells this window from others, so that the server does not take the page just left for somebody else. It outlives
 * loading the page again, and is not copied with a tab.
 */
function ownWindow() {
  const key = 'millrace.window';
  const own = sessionStorage.getItem(key) || crypto.getRandomValues(new Uint32Array(4)).join('-');
  sessionStorage.removeItem(key);
  addEventListener('pagehide', () => sessionStorage.setItem(key, own));
  addEventListener('pageshow', () => sessionStorage.removeItem(key));
  return own;
}

/** What others call you where nobody has to sign in. */
export function ownName() {
  return localStorage.getItem('millrace.name') || '';
}

export function rename(name) {
  localStorage.setItem('millrace.name', name);
}

/**
 * Calls `look(topics)` when one of `topics` changed, one call at a time, and `people(names)` when somebody came to the
 * same page or left. Without a stream (an old proxy) it looks every 15 seconds. Ends when the page is left.
 */
export function listen(signal, topics, look, people = () => {}) {
  const address = new URLSearchParams([...topics.map((topic) => ['topic', topic]), ['place', here().path], ['name', ownName()], ['window', OWN]]);
  const stream = new EventSource(`/api/v1/events?${address}`);
  let waiting = new Set();
  let busy = false;
  let timer = null;
  const turn = async () => {
    if (busy || waiting.size === 0 || signal.aborted) return;
    busy = true;
    const changed = [...waiting];
    waiting = new Set();
    try {
      await look(changed);
    } catch (failed) {
      if (failed.name !== 'AbortError') console.warn(failed.message);
    } finally {
      busy = false;
      turn();
    }
  };
  const note = (changed) => {
    changed.forEach((topic) => waiting.add(topic));
    turn();
  };
  stream.addEventListener('changed', (event) => note(JSON.parse(event.data).topics));
  stream.addEventListener('people', (event) => people(JSON.parse(event.data).names));
  stream.addEventListener('open', () => {
    if (timer) note(topics); // what changed while there was no stream
    clearInterval(timer);
    timer = null;
  });
  stream.addEventListener('error', () => {
    timer ??= setInterval(() => !document.hidden && note(topics), FALLBACK);
  });
  signal.addEventListener('abort', () => {
    stream.close();
    clearInterval(timer);
  });
}
