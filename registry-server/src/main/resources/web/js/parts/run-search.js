// The box that searches as one types: what it makes of the words, and what is wrong with them, stand below it.
import { h } from '../lib/dom.js';
import { changed } from '../lib/places.js';

const PAUSE = 250; // ms without a key before the server is asked
export const EXAMPLES = ['gbt', 'test_auc > 0.8', "tags.`millrace.job` = 'train'", 'status = failed', "params.algorithm LIKE 'g%'", 'started > 2026-11-01'];

/**
 * `{element, tell}`. `search(text, again)` is called after a pause and on Enter; `again` is true from the second time on
 * within one go at the box. `tell({filter, problem})` says below it how the text was read.
 */
export function runSearch(query, search) {
  const said = h('p', { class: 'search-said', id: 'search-said', role: 'status' });
  const input = h('input', {
    id: 'run-search', name: 'search', type: 'search', value: query.search || '', list: 'search-examples', autocomplete: 'off',
    spellcheck: 'false', 'aria-describedby': 'search-said',
    placeholder: 'words of a name, auc > 0.8, depth = 5, or MLflow’s filter grammar',
  });
  let timer = null;
  let asked = input.value.trim();
  let again = false;
  const now = () => {
    clearTimeout(timer);
    const text = input.value.trim();
    if (text === asked) return;
    asked = text;
    search(text, again);
    again = true;
  };
  input.addEventListener('input', () => {
    clearTimeout(timer);
    timer = setTimeout(now, PAUSE);
  });
  input.addEventListener('blur', () => { again = false; });
  const submit = (event) => {
    event.preventDefault();
    now();
  };
  const tell = ({ filter, problem }) => {
    input.setAttribute('aria-invalid', String(Boolean(problem)));
    said.classList.toggle('problem', Boolean(problem));
    const told = problem ? [`⚠ ${problem}`] : filter && filter !== asked ? ['Searched for ', h('code', {}, filter)] : [];
    said.replaceChildren(...told);
  };
  const element = h('form', { class: 'toolbar', role: 'search', onsubmit: submit },
    h('label', { class: 'field grow' }, 'Search runs ', input),
    h('datalist', { id: 'search-examples' }, EXAMPLES.map((value) => h('option', { value }))),
    h('a', { class: 'button quiet', href: changed({ deleted: query.deleted ? '' : '1', token: '', page: '' }) },
      query.deleted ? 'Show active runs' : 'Show deleted runs'),
    said);
  return { element, tell };
}
