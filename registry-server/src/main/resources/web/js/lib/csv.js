// CSV as RFC 4180 has it: quotes around fields with separators or line breaks, doubled quotes inside.

/** At most `most` records, the header among them; stops reading there, so large files stay cheap. */
export function csvRows(text, separator, most) {
  const records = [];
  let record = [];
  let field = '';
  let inQuotes = false;
  for (let at = 0; at < text.length && records.length < most; at++) {
    const char = text[at];
    if (inQuotes) {
      if (char !== '"') field += char;
      else if (text[at + 1] === '"') field += text[++at];
      else inQuotes = false;
    } else if (char === '"' && field === '') {
      inQuotes = true;
    } else if (char === separator) {
      record.push(field);
      field = '';
    } else if (char === '\n') {
      records.push([...record, field.replace(/\r$/, '')]);
      record = [];
      field = '';
    } else {
      field += char;
    }
  }
  if ((field !== '' || record.length > 0) && records.length < most) records.push([...record, field]);
  return records;
}
