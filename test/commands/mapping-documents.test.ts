import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { expect, onTestFinished } from 'vitest';
import { listDrafts } from '../../src/hub/mappings/drafts.ts';
import { activeRevision } from '../../src/hub/mappings/texts.ts';
import { must } from '../../src/kernel/must.ts';
import { activeTexts } from '../../src/sync/mappings/active.ts';
import { proposeDrafts } from '../../src/sync/mappings/propose.ts';
import { applyPlan } from '../../src/sync/plan/apply.ts';
import { makePlan } from '../../src/sync/plan/plan.ts';
import { test } from '../support/database.ts';
import { openEngine } from '../support/stage.ts';

const AS = { actor: 'ada', signal: AbortSignal.timeout(120_000) };
const NAME = 'hubspot.contact.yaml';
const CITY = '{ hub: city, remote: city }';
const OFF = '{ hub: city, remote: city, direction: off } # cities differ';

async function emptyFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'mappings-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  return folder;
}

/** A hub whose mappings come from a folder, as its commands know it. */
async function openCommands(databaseUrl: string) {
  const own = await emptyFolder();
  await cp('mappings', own, { recursive: true });
  const env = {
    ...process.env,
    DATABASE_URL: databaseUrl,
    SYNCLINE_KEY: Buffer.alloc(32, 7).toString('base64'),
    SYNCLINE_MAPPINGS: own,
  };
  return {
    own,
    run: async (...args: string[]) => {
      const child = spawn(process.execPath, ['src/syncline.js', ...args], { env, stdio: ['ignore', 'pipe', 'pipe'] });
      const [out, err, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'exit')]);
      return { out, err, code: code as unknown };
    },
  };
}

test('documents go out to files and come back as drafts, a difference is a patch, and only an applied plan makes anything active', {
  timeout: 180_000,
}, async ({ database, hub }) => {
  const { own, run } = await openCommands(database.url);
  const there = join(await emptyFolder(), 'out');
  expect(await run('mapping', 'export', '--to', there)).toMatchObject({ code: 0 });
  const shipped = (await readdir('mappings')).filter((name) => name.endsWith('.yaml'));
  expect((await readdir(there)).toSorted()).toEqual(shipped.toSorted());
  const before = await readFile(join('mappings', NAME), 'utf8');

  // To look at a file that has changed does not make it active, though it is one of the hub's own folder.
  await writeFile(join(own, NAME), before.replace(CITY, OFF));
  const seen = await run('mapping', 'diff');
  expect(seen).toMatchObject({ err: '', code: 2 });
  expect(seen.out).toContain(`-  - ${CITY}\n+  - ${OFF}\n`);
  expect(await activeRevision(hub)).toBe(1);
  await writeFile(join(own, NAME), before);

  const file = join(there, NAME);
  await writeFile(file, before.replace('direction: out', 'direction: sideways'));
  const refused = await run('mapping', 'import', file);
  expect(refused).toMatchObject({ out: '', code: 1 });
  expect(refused.err).toMatch(/hubspot\.contact\.yaml:\d+:\d+ fields\[\d+\]\.direction: /);
  expect(await listDrafts(hub)).toEqual([]);

  await writeFile(file, before.replace(CITY, OFF));
  const imported = await run('mapping', 'import', there, '--reason', 'Cities differ');
  expect(imported).toMatchObject({ code: 0, err: expect.stringContaining('Nobody works by drafts') });
  expect(imported.out).toContain(`${NAME}: a draft now\n`);
  expect(imported.out.match(/says what is active/g)).toHaveLength(shipped.length - 1);
  expect(await listDrafts(hub)).toMatchObject([{ name: NAME, origin: 'import', author: 'command line', reason: 'Cities differ' }]);
  expect(await run('mapping', 'import', file)).toMatchObject({ code: 1, err: expect.stringContaining('There are drafts already of') });
  expect(await run('mapping', 'diff', '--drafts')).toMatchObject({ code: 2, out: seen.out.replaceAll(`(${own})`, '(draft)') });
  expect((await activeTexts(hub)).get(NAME)).toBe(before);

  const engine = await openEngine(hub);
  const proposed = await proposeDrafts(engine, [NAME], { author: 'ada', reason: '' });
  if (proposed.kind !== 'proposed') throw new Error(JSON.stringify(proposed));
  const plan = await makePlan(engine, { changes: proposed.changes }, AS);
  expect(await applyPlan(engine, plan.id, AS)).toMatchObject({ kind: 'applied' });
  expect((await activeTexts(hub)).get(NAME)).toBe(before.replace(CITY, OFF));
  const versions = JSON.parse((await run('mapping', 'versions', NAME, '--json')).out) as readonly { id: string }[];
  expect(versions).toMatchObject([
    { active: true, author: 'ada', reason: 'Cities differ', origin: 'import' },
    { active: false, author: join(own, NAME) },
  ]);
  const first = must(versions[1], 'the first version');
  expect((await run('mapping', 'diff', '--to', first.id)).out).toContain(`-  - ${OFF}\n+  - ${CITY}\n`);
  expect((await run('mapping', 'export', '--at', first.id)).out).toBe(before);
});
