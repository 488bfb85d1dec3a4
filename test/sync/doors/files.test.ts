import { Buffer } from 'node:buffer';
import { sql } from 'kysely';
import { expect } from 'vitest';
import type { HubError } from '../../../src/contract/errors.ts';
import type { Hub } from '../../../src/hub/database.ts';
import { equationsOf } from '../../../src/hub/records/accounting.ts';
import { connect, setEnabled } from '../../../src/sync/connecting/connect.ts';
import type { Engine } from '../../../src/sync/engine.ts';
import { eraseResponse } from '../../../src/sync/erasing/erase-response.ts';
import { type ImportWish, importFile } from '../../../src/sync/importing/import-file.ts';
import { rehearse } from '../../../src/sync/importing/rehearse.ts';
import { reconcile } from '../../../src/sync/reconciling/reconcile.ts';
import { undo } from '../../../src/sync/undo/undo.ts';
import { test } from '../../support/database.ts';
import { withFiles } from '../../support/mappings.ts';
import { openEngine } from '../../support/stage.ts';

const LIST = `
connector: csv
object: contact
connection: list
hub: contact
direction: in
match:
  - { on: [email], confirm: [first_name, last_name, phone] }
table: { id: Id, decimal: ",", dates: dmy, zone: Europe/Berlin }
fields:
  - { hub: email, remote: E-mail }
  - { hub: first_name, remote: First }
  - { hub: last_name, remote: Last }
  - { hub: phone, remote: Phone, nulls: ignore }
`;

async function open(hub: Hub, files: Readonly<Record<string, string>> = { 'csv.contact.list.yaml': LIST }): Promise<Engine> {
  const shipped = await openEngine(hub);
  const engine = { ...shipped, mappings: withFiles(shipped.mappings, files) };
  const connected = await connect(engine, {
    connector: 'csv',
    name: 'list',
    origin: null,
    auth: { kind: 'none', values: {} },
    settings: {},
  });
  if (!connected.ok) throw new Error(connected.message);
  await setEnabled(engine, 'list', true);
  return engine;
}

async function* inPieces(bytes: Uint8Array, size = 7_001): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

const wish = (text: string | Uint8Array, over: Partial<ImportWish> = {}): ImportWish => {
  const bytes = typeof text === 'string' ? Buffer.from(text) : text;
  return {
    connection: 'list',
    file: 'list.csv',
    size: bytes.length,
    bytes: inPieces(bytes),
    actor: 'test',
    signal: AbortSignal.timeout(60_000),
    ...over,
  };
};
const HEAD = 'Id,E-mail,First,Last,Phone\n';
const row = (n: number): string => `${n},p${n}@example.com,First ${n},Last ${n},\n`;
const many = (count: number): string => HEAD + Array.from({ length: count }, (_, i) => row(i)).join('');

const records = async (hub: Hub) =>
  (
    await sql<{ fields: Record<string, string> }>`select fields from record where archived is null order by fields ->> 'email'`.execute(hub)
  ).rows.map(({ fields }) => fields);
const errors = async (hub: Hub) =>
  (
    await sql<{ line: number; field: string; reason: string }>`select line, field, reason from import_error order by line, field`.execute(
      hub,
    )
  ).rows;
const failure = (work: Promise<unknown>): Promise<HubError> =>
  work.then(
    () => Promise.reject(new Error('it went well')),
    (error: HubError) => error,
  );

test('a list becomes contacts, as one run with its counts, and the same list again changes nothing', async ({ hub }) => {
  const engine = await open(hub);
  const first = await importFile(engine, wish(many(1_200)));
  expect(first).toMatchObject({ rows: 1_200, refused: 0, seen: { changed: 1_200, unchanged: 0 } });
  expect(await records(hub)).toHaveLength(1_200);
  const stamps = async () => (await sql`select remote_id, xmin::text, changed_at from observation order by remote_id`.execute(hub)).rows;
  const before = await stamps();
  const again = await importFile(engine, wish(many(1_200)));
  expect(again).toMatchObject({ rows: 1_200, seen: { changed: 0, unchanged: 1_200 } });
  expect(await stamps()).toEqual(before);
  const { rows } = await sql<{
    kind: string;
    counts: object;
    error: unknown;
  }>`select kind, counts, error from run where kind = 'import' order by id`.execute(hub);
  expect(rows.map(({ counts, error }) => [counts, error])).toEqual([
    [expect.objectContaining({ seen: 1_200, changed: 1_200, refused: 0 }), null],
    [expect.objectContaining({ seen: 1_200, unchanged: 1_200, refused: 0 }), null],
  ]);
});

test('an import that was cut off goes on where it was: nothing is lost, nothing doubled, and it is one run', async ({ hub }) => {
  const engine = await open(hub);
  const text = many(3_000);
  const cut = new AbortController();
  const told = ({ rows }: { rows: number }) => rows >= 1_000 && cut.abort(new Error('killed'));
  await failure(importFile(engine, wish(text, { signal: cut.signal, told })));
  const half = (await sql<{ n: number; at: number }>`select rows as n, at from file_import`.execute(hub)).rows[0];
  expect(half?.n).toBe(1_000);
  const done = await importFile(engine, wish(text));
  expect(done).toMatchObject({ rows: 3_000, seen: { seen: 3_000, changed: 3_000, unchanged: 0 } });
  expect(await records(hub)).toHaveLength(3_000);
  expect((await sql`select 1 from run where kind = 'import'`.execute(hub)).rows).toHaveLength(1);
});

test('another file is no continuation of the one that was cut off', async ({ hub }) => {
  const engine = await open(hub);
  // Both begin with the same megabyte, and differ before the place where the first was cut off.
  const start = HEAD + Array.from({ length: 1_300 }, (_, i) => `${i},p${i}@example.com,First ${'x'.repeat(900)},Last ${i},\n`).join('');
  const cut = new AbortController();
  const told = ({ rows }: { rows: number }) => rows >= 1_800 && cut.abort(new Error('killed'));
  await failure(
    importFile(engine, wish(start + Array.from({ length: 1_000 }, (_, i) => row(20_000 + i)).join(''), { signal: cut.signal, told })),
  );
  const other = start + Array.from({ length: 1_000 }, (_, i) => row(30_000 + i)).join('');
  expect((await failure(importFile(engine, wish(other)))).kind).toBe('cursor_expired');
  expect(await importFile(engine, wish(other))).toMatchObject({ rows: 2_300, seen: { changed: 1_000, unchanged: 1_300 } });
});

test('rows that cannot be read are told with their line, and the others are read', async ({ hub }) => {
  const engine = await open(hub);
  const long = `"${'y'.repeat(2_000_000)}"`;
  const text = [
    'Id,E-mail,First,Last,Phone',
    '1,a@example.com,Ada,Lovelace,',
    ',b@example.com,No,Id,',
    '3,c@example.com,Too,Few',
    '4,d@example.com,Too,Many,1,2',
    '5,e@example.com,Extra,Blank,,,',
    '6,f@example.com,"Two\nlines",Ok,',
    '7,g@example.com,Nul\u0000,No,',
    `8,h@example.com,${long},Big,`,
    '',
    '9,i@example.com,A "quote" within,Ok,\r',
    '10,j@example.com,Last,Row,',
  ].join('\n');
  const came = await importFile(engine, wish(text));
  expect(came).toMatchObject({ rows: 10, refused: 5 });
  expect(await errors(hub)).toEqual([
    { line: 3, field: '', reason: 'there is no id in Id' },
    { line: 4, field: '', reason: 'the row has 4 cells, and there are 5 columns' },
    { line: 5, field: '', reason: 'the row has 6 cells, and there are 5 columns' },
    { line: 9, field: '', reason: 'First holds a NUL character, which no text may hold' },
    { line: 10, field: '', reason: 'the row has 2000017 letters, and 1048576 at most are taken' },
  ]);
  expect((await records(hub)).map(({ first_name }) => first_name)).toEqual(['Ada', 'Extra', 'Two\nlines', 'A "quote" within', 'Last']);
});

test('a quote that is never closed stops the import with its line; what came before is kept, and the mended file goes on', async ({
  hub,
}) => {
  const engine = await open(hub);
  const text = `${many(600)}700,q@example.com,"Never closed,x,\n${row(701)}`;
  const error = await failure(importFile(engine, wish(text)));
  expect([error.kind, error.message]).toEqual(['broken_answer', expect.stringMatching(/^In line 602 a quote is opened and never closed/)]);
  expect((await sql<{ n: number }>`select count(*)::int as n from observation`.execute(hub)).rows[0]?.n).toBe(600);
  const { rows } = await sql<{ error: { message: string } }>`select error from run where kind = 'import'`.execute(hub);
  expect(rows[0]?.error.message).toContain('line 602');
  await importFile(engine, wish(text.replace('"Never', 'Never')));
  expect(await records(hub)).toHaveLength(602);
});

test('files that are no tables are refused for what they are', async ({ hub }) => {
  const engine = await open(hub);
  const told = async (bytes: Uint8Array | string) => (await failure(importFile(engine, wish(bytes)))).message;
  expect(await told(Buffer.from([0x50, 0x4b, 0x03, 0x04, 1, 2]))).toMatch(/Excel workbook/);
  expect(await told(Buffer.from([0x1f, 0x8b, 8, 0]))).toMatch(/gzip/);
  expect(await told('<!DOCTYPE html><p>Sign in</p>')).toMatch(/HTML/);
  expect(await told('')).toBe('The file is empty');
  expect(await told('a,b\n1,2\n')).toMatch(/^The file has no column "Id", which .* names\. It has: "a", "b"\.$/);
});

test('a rehearsal tells what would come of it, value by value, and stores nothing', async ({ hub }) => {
  const engine = await open(hub, {
    'csv.contact.list.yaml': LIST.replace('  - { hub: phone', '  - { hub: company_number, remote: Phone2 }\n  - { hub: phone').replace(
      '  - { hub: company_number, remote: Phone2 }\n',
      '',
    ),
  });
  await importFile(engine, wish(`${HEAD}1,a@example.com,Ada,L,\n2,b@example.com,Bo,M,\n`));
  const problems: unknown[] = [];
  const came = await rehearse(
    engine,
    wish(`${HEAD}1,a@example.com,Ada,L,\n2,b@example.com,Bob,M,\n3,c@example.com,C,N,\n,x,y,z,\n`),
    (some) => problems.push(...some),
  );
  expect(came).toMatchObject({ rows: 4, made: 1, changed: 1, unchanged: 1, refused: 1 });
  expect(problems).toHaveLength(1);
  expect(await records(hub)).toHaveLength(2);
});

test('an import is taken back like any run', async ({ hub }) => {
  const engine = await open(hub);
  await importFile(engine, wish(`${HEAD}1,a@example.com,Ada,L,\n`));
  const { run } = await importFile(engine, wish(`${HEAD}1,a@example.com,Adele,L,\n2,b@example.com,Bo,M,\n`));
  expect((await records(hub)).map(({ first_name }) => first_name)).toEqual(['Adele', 'Bo']);
  const undone = await undo(engine, { run }, { actor: 'test' });
  expect(undone).toMatchObject({ counts: { records: 2, spared: 0 } });
  await reconcile(engine, 'contact', AbortSignal.timeout(10_000));
  expect((await records(hub)).map(({ first_name }) => first_name)).toEqual(['Ada']);
});

const ANSWERS = `
connector: csv
object: response
connection: list
hub: contact
table: { id: [{ is: s1 }, Response ID], delimiter: ";", zone: UTC }
response:
  survey: { id: { is: s1 }, name: { is: After the purchase } }
  submitted: Date
  questions:
    - { at: How likely?, id: nps, kind: nps }
    - { at: Topics, id: topics, separator: "|" }
  others: true
  belongs_to: shop
attach: [{ by: email, from: E-mail }]
metrics: [{ question: nps, metric: nps }]
`;

test('the same response by webhook and by file is one, and what the tool itself has shown later stands', async ({ hub }) => {
  const engine = await open(hub, { 'csv.response.list.yaml': ANSWERS });
  const shop = await connect(engine, {
    connector: 'webhook',
    name: 'shop',
    origin: null,
    auth: { kind: 'token', values: { token: 'x' } },
    settings: {},
  });
  if (!shop.ok) throw new Error(shop.message);
  await setEnabled(engine, 'shop', true);
  const file =
    'Response ID;Date;E-mail;How likely?;Topics;Why?\nr1;2026-11-20 12:04:02;a@example.com;9;price|speed;Fast\nr2;2026-11-21 08:00:00;b@example.com;3;;\n';
  await importFile(engine, wish(file, { object: 'response' }));
  const stored = async () =>
    (
      await sql<{ name: string; remote_id: string; scores: unknown; comment: string | null }>`
      select c.name, r.remote_id, r.scores, r.comment from response r join connection c on c.id = r.connection_id order by r.remote_id`.execute(
        hub,
      )
    ).rows;
  expect(await stored()).toMatchObject([
    { name: 'shop', remote_id: 's1:r1', scores: [{ metric: 'nps', score: 9, question: 'nps' }], comment: 'Fast' },
    { name: 'shop', remote_id: 's1:r2', scores: [{ metric: 'nps', score: 3, question: 'nps' }], comment: null },
  ]);
  const { rows } = await sql<{
    answers: { question: { id: string }; value: unknown }[];
  }>`select answers from response where remote_id = 's1:r1'`.execute(hub);
  expect(rows[0]?.answers.map(({ question, value }) => [question.id, value])).toEqual([
    ['nps', 9],
    ['topics', ['price', 'speed']],
    ['Why?', 'Fast'],
  ]);
  expect(await importFile(engine, wish(file, { object: 'response' }))).toMatchObject({ rows: 2, seen: { changed: 0 } });
  expect(await stored()).toHaveLength(2);
});

test('a response that was erased is not brought back by its file', async ({ hub }) => {
  const engine = await open(hub, { 'csv.response.list.yaml': ANSWERS.replace('  belongs_to: shop\n', '') });
  const file =
    'Response ID;Date;E-mail;How likely?;Topics;Why?\nr1;2026-11-20 12:04:02;a@example.com;9;price;Fast\nr2;2026-11-21 08:00:00;;3;;\n';
  await importFile(engine, wish(file, { object: 'response' }));
  const ids = async () =>
    (await sql<{ id: string; remote_id: string }>`select id, remote_id from response order by remote_id`.execute(hub)).rows;
  const [first] = await ids();
  expect(await eraseResponse(engine, first?.id ?? '', 'admin')).toBe('erased');
  const again = file.replace(';9;', ';8;');
  const { run } = await importFile(engine, wish(again, { object: 'response' }));
  expect(await ids()).toMatchObject([{ remote_id: 's1:r2' }]);
  expect((await equationsOf(hub, [run])).get(run)).toMatchObject({ accepted: 2, erased: 1, holds: true });
});
