// The signature in an MLmodel file. The file is YAML, whose `signature:` values are JSON text; only these are read.

/** `{inputs, outputs, params}` as lists, or null when the file has no signature that can be read. */
export function signatureOf(text) {
  const block = /^signature:[ \t]*\n((?:[ \t]+.*(?:\n|$))+)/m.exec(text)?.[1];
  if (!block) return null;
  const found = {};
  for (const name of ['inputs', 'outputs', 'params']) found[name] = valueOf(block, name);
  return found.inputs || found.outputs ? found : null;
}

/** The scalar of this key: the rest of its line and the deeper lines that follow it, unquoted, read as JSON. */
function valueOf(block, name) {
  const lines = block.split('\n');
  const start = lines.findIndex((line) => new RegExp(`^\\s+${name}:`).test(line));
  if (start < 0) return null;
  const depth = /^\s*/.exec(lines[start])[0].length;
  const parts = [lines[start].slice(lines[start].indexOf(':') + 1).trim()];
  for (let at = start + 1; at < lines.length && /^\s*/.exec(lines[at])[0].length > depth; at++) parts.push(lines[at].trim());
  try {
    return columns(JSON.parse(unquoted(parts.join(' ').replace(/^[>|]-?\s*/, ''))));
  } catch (notJson) {
    return null;
  }
}

function unquoted(text) {
  if (text.startsWith("'")) return text.slice(1, text.lastIndexOf("'")).replaceAll("''", "'");
  if (text.startsWith('"')) return JSON.parse(text);
  return text;
}

function columns(value) {
  return Array.isArray(value) ? value : null;
}

/** What a column of a signature holds: its type, or the element type and shape of a tensor. */
export function typeText(column) {
  const tensor = column['tensor-spec'];
  return tensor ? `${tensor.dtype} [${tensor.shape.map((size) => (size === -1 ? 'n' : size)).join(', ')}]` : String(column.type);
}
