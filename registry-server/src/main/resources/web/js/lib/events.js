// Hearing of changes: one stream of server-sent events per window. It says that something changed, never what.
import { here } from './places.js';

const FALLBACK = 15000;
const PATIENCE = 1500; // ms that a page waits for its stream; after that it is read first, and again with the stream
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
 * Begins to hear of changes of `topics`, before the page reads anything: when this resolves, the server has noted who
 * listens, so that a change is either in what is read from then on or told. `{tell}` of it: `tell(look, people)` calls
 * `look(topics)` when one of them changed, one call at a time, and `people(names)` when somebody came to the same page
 * or left. Without a stream (an old proxy, none left) it looks every 15 seconds. Ends with `signal`, when the page is left.
 */
export async function hear(signal, topics) {
  const key = JSON.stringify([here().path, topics]);
  if (current?.key !== key || !current.isOpen()) {
    current?.close();
    current = stream(key, topics);
  }
  const { ready, tell } = current;
  await ready;
  return { tell: (look, people = () => {}) => tell({ signal, look, people }) };
}

let current = null; // a page read again, or shown with another of its parts, goes on with its stream
addEventListener('hashchange', () => {
  if (current && JSON.parse(current.key)[0] !== here().path) current.close();
});

function stream(key, topics) {
  const place = here().path;
  const address = new URLSearchParams([...topics.map((topic) => ['topic', topic]), ['place', place], ['name', ownName()], ['window', OWN]]);
  const source = new EventSource(`/api/v1/events?${address}`);
  let page = null;
  let names = null;
  let waiting = new Set();
  let timer = null;
  let reading = false; // whether a page may have read what a stream that was not there yet did not tell
  const turn = async () => {
    if (!page || page.busy || waiting.size === 0 || page.signal.aborted) return;
    const own = page;
    own.busy = true;
    const changed = [...waiting];
    waiting = new Set();
    try {
      await own.look(changed);
    } catch (failed) {
      if (failed.name !== 'AbortError') console.warn(failed.message);
    } finally {
      own.busy = false;
      turn();
    }
  };
  const note = (changed) => {
    changed.forEach((topic) => waiting.add(topic));
    turn();
  };
  const ready = new Promise((begin) => {
    const read = () => {
      reading = true;
      begin();
    };
    source.addEventListener('ready', () => {
      if (reading) note(topics);
      clearInterval(timer);
      timer = null;
      read();
    });
    source.addEventListener('error', () => {
      timer ??= setInterval(() => !document.hidden && note(topics), FALLBACK);
      read();
    });
    setTimeout(read, PATIENCE);
  });
  source.addEventListener('changed', (event) => note(JSON.parse(event.data).topics));
  source.addEventListener('people', (event) => {
    ({ names } = JSON.parse(event.data));
    if (page && !page.signal.aborted) page.people(names);
  });
  const tell = (next) => {
    if (next.signal.aborted) return;
    page = next;
    if (names) page.people(names);
    turn();
  };
  const close = () => {
    source.close();
    clearInterval(timer);
  };
  return { key, ready, tell, close, isOpen: () => source.readyState !== EventSource.CLOSED };
}
