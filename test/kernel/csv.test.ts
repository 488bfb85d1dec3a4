import fc from 'fast-check';
import { expect, test } from 'vitest';
import { csvLine } from '../../src/kernel/csv.ts';

/** Reads one row as RFC 4180 says, character by character. */
function readRow(text: string): readonly string[] {
  const cells: string[] = [];
  let at = 0;
  for (;;) {
    let cell = '';
    if (text[at] === '"') {
      at += 1;
      for (; !(text[at] === '"' && text[at + 1] !== '"'); at += 1) {
        if (text[at] === '"') at += 1;
        cell += text[at] ?? '';
      }
      at += 1;
    } else {
      while (at < text.length && text[at] !== ',' && text[at] !== '\r') cell += text[at++] ?? '';
    }
    cells.push(cell);
    if (text[at] !== ',') break;
    at += 1;
  }
  expect(text.slice(at)).toBe('\r\n');
  return cells;
}

const cell = fc.oneof(fc.string({ unit: 'grapheme' }), fc.stringMatching(/^[=+\-@,"\r\n\tab]{0,6}$/));

test('whoever reads a row by RFC 4180 gets back what was written', () => {
  fc.assert(
    fc.property(fc.array(cell, { minLength: 1, maxLength: 5 }), (cells) => {
      expect(readRow(csvLine(cells))).toEqual(cells.map((one) => (/^[=+\-@\t\r]/.test(one) ? `'${one}` : one)));
    }),
  );
});

test('no cell is a formula to a spreadsheet', () => {
  fc.assert(
    fc.property(fc.array(cell, { minLength: 1, maxLength: 5 }), (cells) => {
      expect(readRow(csvLine(cells)).filter((one) => /^[=+\-@\t\r]/.test(one))).toEqual([]);
    }),
  );
  expect(csvLine(['=1+1', 'a "b", c', '+49 170'])).toBe('\'=1+1,"a ""b"", c",\'+49 170\r\n');
});
