import { broken } from './shapes.ts';

/** The rows of a CSV text, one by one; a value in quotes may hold anything, line ends included. */
export function* csvRows(text: string): Generator<readonly string[]> {
  let row: string[] = [];
  for (let at = 0; at < text.length; ) {
    const cell = text[at] === '"' ? quotedAt(text, at) : plainAt(text, at);
    row.push(cell.value);
    at = cell.end;
    if (text[at] === ',') {
      at += 1;
      if (at === text.length) row.push('');
      else continue;
    }
    if (text[at] === '\r') at += 1;
    if (at < text.length && text[at] !== '\n') throw broken('a CSV row', 'well formed');
    at += 1;
    yield row;
    row = [];
  }
}

type Cell = { readonly value: string; readonly end: number };

function quotedAt(text: string, start: number): Cell {
  let close = text.indexOf('"', start + 1);
  while (close >= 0 && text[close + 1] === '"') close = text.indexOf('"', close + 2);
  if (close < 0) throw broken('a CSV value', 'closed');
  const value = text.slice(start + 1, close);
  return { value: value.includes('"') ? value.replaceAll('""', '"') : value, end: close + 1 };
}

function plainAt(text: string, start: number): Cell {
  let end = start;
  while (end < text.length && text[end] !== ',' && text[end] !== '\n' && text[end] !== '\r') end += 1;
  return { value: text.slice(start, end), end };
}
