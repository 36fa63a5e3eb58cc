// The files of a run as a tree whose folders are read when opened, and a preview of the chosen file beside it.
import { api } from '../lib/api.js';
import { h } from '../lib/dom.js';
import { bytes } from '../lib/format.js';
import { changed } from '../lib/places.js';
import { preview } from './preview.js';
import { empty, failed, later, loading } from './states.js';

const MOST_FOLDERS = 4;

/** `chosen` is the path in the URL; the folders above it are opened. */
export function artifactBrowser(runId, files, chosen, signal) {
  if (files.length === 0) return empty('No artifacts', 'Reports, models and plots that a run writes can be looked at here.');
  const context = { runId, chosen, signal };
  return h('div', { class: 'artifacts' },
    h('div', { class: 'tree-pane' }, tree(files, { ...context, alone: files.length === 1 })),
    h('div', { class: 'preview-pane', 'aria-live': 'off' }, chosen ? chosenFile(context) : hint(files, context)));
}

function hint(files, context) {
  const offer = (report) => empty('Choose a file to look at it',
    report ? h('a', { href: changed({ artifact: report.path }), id: 'open-report' }, `Open ${report.path}`) : null);
  return later(reportAmong(files, context), offer, 'Reading artifacts');
}

/** The report that most come for: a page at the top, or in one of the first folders. */
async function reportAmong(files, { runId, signal }) {
  const isPage = (file) => /\.html?$/.test(file.path);
  const folders = files.filter((file) => file.is_dir).slice(0, MOST_FOLDERS);
  const inside = files.some(isPage) ? [] : await Promise.all(folders.map((folder) => api.artifacts(runId, folder.path, signal)));
  return [...files, ...inside.flat()].find(isPage);
}

function chosenFile({ runId, chosen, signal }) {
  const folder = chosen.includes('/') ? chosen.slice(0, chosen.lastIndexOf('/')) : '';
  return later(api.artifacts(runId, folder, signal), (files) => {
    const file = files.find((entry) => entry.path === chosen);
    if (!file) return failed({ status: 404, message: `There is no file ${chosen} in this run.` });
    return preview(runId, file, signal);
  }, 'Reading');
}

function tree(files, context) {
  const sorted = [...files].sort((left, right) => Number(right.is_dir || 0) - Number(left.is_dir || 0) || (left.path < right.path ? -1 : 1));
  return h('ul', { class: 'files' }, sorted.map((file) => h('li', {}, file.is_dir ? folder(file, context) : leaf(file, context))));
}

function leaf(file, { chosen }) {
  const name = file.path.split('/').pop();
  return h('a', {
    href: changed({ artifact: file.path }), id: `file-${file.path}`, class: 'file', 'aria-current': file.path === chosen ? 'true' : null,
  }, h('span', {}, name), h('span', { class: 'size' }, bytes(file.file_size)));
}

function folder(file, context) {
  const place = h('div', {});
  const details = h('details', { class: 'folder' }, h('summary', { id: `folder-${file.path}` }, file.path.split('/').pop()), place);
  const fill = async () => {
    if (!details.open || place.childNodes.length > 0) return;
    place.replaceChildren(loading('Reading'));
    try {
      place.replaceChildren(tree(await api.artifacts(context.runId, file.path, context.signal), { ...context, alone: false }));
    } catch (error) {
      if (error.name !== 'AbortError') place.replaceChildren(failed(error));
    }
  };
  details.addEventListener('toggle', fill);
  if (context.alone || context.chosen?.startsWith(`${file.path}/`)) details.open = true;
  return details;
}
