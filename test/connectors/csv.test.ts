import { Buffer } from 'node:buffer';
import { describe, expect, test } from 'vitest';
import { csv } from '../../connectors/csv/index.ts';
import { must } from '../../src/kernel/must.ts';
import { columnsOf } from '../../src/mapping/arriving/row-item.ts';

const port = must(csv.files, 'the port of files');
const UNTOLD = { encoding: null, delimiter: null, quote: null, header: null } as const;
async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}
async function read(bytes: Uint8Array) {
  const { dialect, names } = port.look(bytes, UNTOLD, true);
  const lots = await Array.fromAsync(port.lots(once(bytes), dialect, null));
  return { dialect, names, rows: lots.flatMap((lot) => lot.rows).map(({ cells }) => cells) };
}

const JAPANESE = 'お名前,コメント\n佐藤花子,配送がとても早かったです\n';
// As a Japanese Windows writes it.
const SHIFT_JIS = Buffer.from(
  '82a896bc914f2c8352838183938367 0a8db293a189d48e712c947a91978acc82c682c482e091818a a982c182bd0a'.replaceAll(' ', ''),
  'hex',
);
const swapped = (bytes: Buffer): Buffer => Buffer.from(bytes).swap16();

describe('encodings', () => {
  test.each([
    ['utf-8', Buffer.from(JAPANESE)],
    ['utf-8', Buffer.from(`\ufeff${JAPANESE}`)],
    ['utf-16le', Buffer.from(`\ufeff${JAPANESE}`, 'utf16le')],
    ['utf-16le', Buffer.from('Name,Words\nAda,hello there\n', 'utf16le')],
    ['utf-16be', swapped(Buffer.from(`\ufeff${JAPANESE}`, 'utf16le'))],
  ])('%s is found out, with its mark and without', async (encoding, bytes) => {
    const { dialect, names, rows } = await read(bytes);
    expect(dialect.encoding).toBe(encoding);
    expect(names[0]).toMatch(/^(お名前|Name)$/);
    expect(rows[0]?.[0]).toMatch(/^(佐藤花子|Ada)$/);
  });

  test('Shift_JIS and Windows-1252 are told apart by which letters make sense', async () => {
    const japanese = await read(SHIFT_JIS);
    expect([japanese.dialect.encoding, japanese.names[0]]).toEqual(['shift_jis', 'お名前']);
    const western = await read(Buffer.from('Vorname;Straße;Preis\nJürgen;Größenweg 3;5 \x80\nRené;Café é;1\n', 'latin1'));
    expect([western.dialect.encoding, western.names, western.rows[0]]).toEqual([
      'windows-1252',
      ['Vorname', 'Straße', 'Preis'],
      ['Jürgen', 'Größenweg 3', '5 €'],
    ]);
  });
});

describe('dialects', () => {
  test.each([
    [',', 'a,b\n"x;y","1,5"\n'],
    [';', 'a;b\n"x,y";1,5\nz;2,5\n'],
    ['\t', 'a\tb\nx,y;z\t2\n'],
    ['|', 'a|b\nx,y|2\n'],
  ])('the delimiter %j is found out', async (delimiter, text) => {
    const { dialect, names } = await read(Buffer.from(text));
    expect([dialect.delimiter, names]).toEqual([delimiter, ['a', 'b']]);
  });

  test('lines may end in any way, mixed, and without an end', async () => {
    expect((await read(Buffer.from('a,b\r\n1,2\n3,4\r5,6'))).rows).toEqual([
      ['1', '2'],
      ['3', '4'],
      ['5', '6'],
    ]);
  });

  test('a table may have no names, or two rows of them, as SurveyMonkey exports it', async () => {
    const bare = await read(Buffer.from('1,ada@example.com,2026-01-01\n2,bo@example.com,2026-01-02\n'));
    expect([bare.dialect.header, columnsOf(bare.names), bare.rows.length]).toEqual([0, ['column 1', 'column 2', 'column 3'], 2]);
    const two = await read(Buffer.from('Respondent ID,Topics,,Why?\n,Price,Speed,Open-Ended Response\n1,Price,,good\n'));
    expect([two.names, two.rows]).toEqual([
      ['Respondent ID', 'Topics — Price', 'Topics — Speed', 'Why? — Open-Ended Response'],
      [['1', 'Price', '', 'good']],
    ]);
  });

  test('ten thousand columns and names that stand there twice are read', async () => {
    const names = Array.from({ length: 10_000 }, (_, i) => `c${i}`).join(',');
    expect((await read(Buffer.from(`${names}\n${names}\n`))).rows[0]).toHaveLength(10_000);
    expect(columnsOf(['Email', 'Email', 'Email (2)', '', 'Email'])).toEqual(['Email', 'Email (3)', 'Email (2)', 'column 4', 'Email (4)']);
  });
});
