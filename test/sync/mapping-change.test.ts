import { expect } from 'vitest';
import { CONNECTORS } from '../../connectors/index.ts';
import type { Hub } from '../../src/hub/database.ts';
import { findDraft, keepDraft } from '../../src/hub/mappings/drafts.ts';
import { activateVersions, activeDocuments, activeRevision, keepVersions } from '../../src/hub/mappings/texts.ts';
import { must } from '../../src/kernel/must.ts';
import { readFolder } from '../../src/mapping/load.ts';
import { activeTexts, readActive } from '../../src/sync/mappings/active.ts';
import { proposeDrafts } from '../../src/sync/mappings/propose.ts';
import { applyPlan } from '../../src/sync/plan/apply.ts';
import { makePlan } from '../../src/sync/plan/plan.ts';
import { test } from '../support/database.ts';
import { openWorld } from './world.ts';

const NAME = 'hubspot.contact.yaml';
const AS = { actor: 'ada', signal: AbortSignal.timeout(120_000) };
const CITY = '{ hub: city, remote: city }';
const OFF = '{ hub: city, remote: city, direction: off }';

/** Two CRMs in step, by mappings that Postgres holds, in which HubSpot's city goes nowhere. */
async function openMapped(hub: Hub) {
  const read = await readFolder('mappings');
  if (!read.ok) throw new Error('the mappings that ship cannot be read');
  const texts = new Map(read.texts).set(NAME, must(read.texts.get(NAME), NAME).replace(CITY, OFF));
  const first = { origin: 'folder', author: 'file', reason: 'first', baseId: null } as const;
  const versions = [...texts].map(([name, text]) => ({
    name,
    text: text.replaceAll('owner_email, nulls', 'owner_email, direction: off, nulls'),
    ...first,
  }));
  await hub.transaction().execute(async (tx) => activateVersions(tx, await keepVersions(tx, versions)));
  const active = must(await readActive(hub, CONNECTORS), 'mappings');
  const world = await openWorld(hub, { remap: () => active.mappings });
  const hsId = world.hs.contacts.add({ email: 'ada@example.com', firstname: 'Ada', lastname: 'Lovelace', city: 'London' });
  await world.settle();
  const there = () => must(world.inSalesforce('Email', 'ada@example.com')[0], 'Ada');
  return { world, hsId, there };
}

async function planOf(hub: Hub, engine: Parameters<typeof makePlan>[0], change: (text: string) => string) {
  const text = change(must((await activeTexts(hub)).get(NAME), NAME));
  await keepDraft(hub, { name: NAME, text, origin: 'editor', reason: 'Cities matter', author: 'ada' }, 'whatever');
  const proposed = await proposeDrafts(engine, [NAME], { author: 'ada', reason: 'Cities matter' });
  if (proposed.kind !== 'proposed') throw new Error(JSON.stringify(proposed));
  return makePlan(engine, { changes: proposed.changes }, AS);
}

test('a draft shows what it would do, does nothing before it is applied, and then the value flows; going back is a version like any other', {
  timeout: 120_000,
}, async ({ hub }) => {
  const { world, hsId, there } = await openMapped(hub);
  await using _ = world;
  expect(there().MailingCity).toBeNull();
  const plan = await planOf(hub, world.engine, (text) => text.replace(OFF, CITY));
  expect(plan).toMatchObject({ state: 'ready', error: null });
  expect(plan.summary?.counts.find(({ operation }) => operation === 'update')).toMatchObject({ connection: 'salesforce', records: 1 });
  await world.settle();
  expect(there().MailingCity).toBeNull();
  expect(await activeRevision(hub)).toBe(1);

  expect(await applyPlan(world.engine, plan.id, AS)).toEqual({ kind: 'applied', done: 1, drifted: 0 });
  expect(there().MailingCity).toBe('London');
  expect(await findDraft(hub, NAME)).toBeNull();
  // This engine was opened before: whoever works by it works by what is active all the same.
  world.hs.contacts.edit(hsId, { city: 'Paris' });
  await world.settle();
  expect(there().MailingCity).toBe('Paris');
  const version = await hub
    .selectFrom('mapping_text')
    .select(['author', 'reason'])
    .where('name', '=', NAME)
    .orderBy('id', 'desc')
    .executeTakeFirst();
  expect(version).toEqual({ author: 'ada', reason: 'Cities matter' });

  const back = await planOf(hub, world.engine, (text) => text.replace(CITY, OFF));
  expect(await applyPlan(world.engine, back.id, AS)).toMatchObject({ kind: 'applied' });
  world.hs.contacts.edit(hsId, { city: 'Rome' });
  await world.settle();
  expect(there().MailingCity).toBe('Paris');
  expect(await activeRevision(hub)).toBe(3);
});

test('a plan whose mapping somebody else has changed meanwhile does nothing, and says so', { timeout: 120_000 }, async ({ hub }) => {
  const { world, there } = await openMapped(hub);
  await using _ = world;
  const plan = await planOf(hub, world.engine, (text) => text.replace(OFF, CITY));
  const before = must(
    (await activeDocuments(hub)).find(({ name }) => name === NAME),
    NAME,
  );
  const other = { name: NAME, text: `${before.text}# also\n`, origin: 'editor', author: 'bob', reason: 'so', baseId: before.id } as const;
  await hub.transaction().execute(async (tx) => activateVersions(tx, await keepVersions(tx, [other])));
  expect(await applyPlan(world.engine, plan.id, AS)).toMatchObject({ kind: 'refused', reason: expect.stringContaining(NAME) });
  expect(await activeRevision(hub)).toBe(2);
  expect(there().MailingCity).toBeNull();
});
