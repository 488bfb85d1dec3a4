import { expect } from 'vitest';
import type { EntityMapping } from '../../src/mapping/mapping.ts';
import type { Mappings } from '../../src/mapping/mappings.ts';
import { cycleOnce } from '../../src/sync/until-quiet.ts';
import { test } from '../support/database.ts';
import { shippedMappings } from '../support/mappings.ts';
import { openWorld, type World } from './world.ts';

/** The mappings of contacts, changed. */
const changed = (mappings: Mappings, change: (mapping: EntityMapping) => EntityMapping): Mappings => ({
  ...mappings,
  byStream: new Map(
    [...mappings.byStream].map(([key, mapping]) => [
      key,
      mapping.kind === 'entity' && mapping.object === 'contact' ? change(mapping) : mapping,
    ]),
  ),
});

const without = (mapping: EntityMapping, hub: string): EntityMapping => ({
  ...mapping,
  lines: mapping.lines.filter((line) => line.hub !== hub),
});

/** Goes on with other mappings, like a process that was started anew with them; the writes. */
async function goOnWith(world: World, mappings: Mappings): Promise<number> {
  let writes = 0;
  for (let round = 0; round < 8; round += 1) {
    const wrote = await cycleOnce({ ...world.engine, mappings, opened: new Map() }, AbortSignal.timeout(20_000));
    writes += wrote;
    if (wrote === 0 && round > 0) return writes;
  }
  throw new Error(`still writing, ${writes} writes`);
}

test('a field that is mapped later is read from every record once, it alone, and fills in what the other side lacks', async ({ hub }) => {
  await using world = await openWorld(hub, { remap: (mappings) => changed(mappings, (mapping) => without(mapping, 'job_title')) });
  const shipped = await withJobTitle(world);
  for (const name of ['Ada', 'Bea', 'Cyd']) {
    world.hs.contacts.add({ email: `${name.toLowerCase()}@example.com`, firstname: name, lastname: 'Byron', jobtitle: `${name}'s job` });
  }
  await world.settle();
  expect(world.inSalesforce('Email', 'ada@example.com')[0]?.Title ?? null).toBeNull();

  expect(await goOnWith(world, shipped)).toBe(3);
  expect(world.inSalesforce('Email', 'cyd@example.com')[0]?.Title).toBe("Cyd's job");
  expect(await goOnWith(world, shipped)).toBe(0);
});

test('a filter that is opened later lets in whom it had kept out', async ({ hub }) => {
  const gate = { when: { field: 'country', operator: 'is', value: 'JP' }, leaves: 'freeze', creates: true } as const;
  await using world = await openWorld(hub, {
    remap: (mappings) =>
      changed(mappings, (mapping) => (mapping.connector === 'hubspot' ? { ...mapping, gates: { ...mapping.gates, in: gate } } : mapping)),
  });
  world.hs.contacts.add({ email: 'ada@example.com', firstname: 'Ada', lastname: 'Lovelace', country: 'GB' });
  world.hs.contacts.add({ email: 'haruka@example.jp', firstname: 'Haruka', lastname: 'Sato', country: 'JP' });
  await world.settle();
  expect(world.sf.all('Contact')).toHaveLength(1);

  const opened = changed(world.engine.mappings, (mapping) => ({ ...mapping, gates: { ...mapping.gates, in: { ...gate, when: null } } }));
  expect(await goOnWith(world, opened)).toBe(1);
  expect(world.inSalesforce('Email', 'ada@example.com')).toHaveLength(1);
  expect(await goOnWith(world, opened)).toBe(0);
});

/** The mappings with the line that the world was opened without. */
async function withJobTitle(world: World): Promise<Mappings> {
  const shipped = await shippedMappings();
  return changed(world.engine.mappings, (mapping) => {
    const whole = shipped.byStream.get(`${mapping.connector}.${mapping.object}`);
    const line = whole?.kind === 'entity' ? whole.lines.find(({ hub }) => hub === 'job_title') : undefined;
    return line === undefined ? mapping : { ...mapping, lines: [...mapping.lines, line] };
  });
}
