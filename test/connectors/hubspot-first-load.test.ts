import { describe, expect, test } from 'vitest';
import type { Cursor } from '../../src/contract/records.ts';
import { chunk } from '../../src/kernel/lists.ts';
import { must } from '../../src/kernel/must.ts';
import { asking, done, openHubspotStage, readAll } from './hubspot-stage.ts';

const HOUR_MS = 3_600_000;
const SEARCH = 'POST /crm/objects/2026-09/companies/search';
const LIST = 'GET /crm/objects/2026-09/companies';
const UNLIMITED = { searchPerSecond: 10_000, burstPer10s: 100_000, associationsPer10s: 100_000 };

/** A portal with this many companies of an hour ago, and one of this moment, which the index does not have yet. */
async function openCrowd(companies: number, firstLoad: string) {
  const stage = await openHubspotStage({ people: 4, settings: { firstLoad }, switches: UNLIMITED });
  const { hands, wind } = stage;
  for (let n = hands.companies.all().length; n < companies; n += 1) hands.companies.add({ name: `Company ${n}` });
  wind(HOUR_MS);
  const fresh = hands.companies.add({ name: 'Of this moment' });
  const everyId = () =>
    hands.companies
      .all()
      .map(({ id }) => id)
      .sort();
  return { ...stage, fresh, everyId };
}

describe('a first load', () => {
  test('by the search takes half the requests, and shows what the index does not have yet', async () => {
    const { company, calls, everyId, fresh } = await openCrowd(2600, 'fewest_calls');
    const shown: string[] = [];
    const made = await calls(async () => shown.push(...(await readAll(company, null, asking('name'))).seen.keys()));
    expect(shown.sort()).toEqual(everyId());
    expect(shown).toContain(fresh);
    // Twenty pages first, then the six hundred left, then the list from there on.
    expect(made).toMatchObject({ [LIST]: 21, [SEARCH]: 3 });
  });

  test.each(['auto', 'list'])('is by the list where the search spares too little for its pace (%s)', async (firstLoad) => {
    const { company, calls, everyId } = await openCrowd(2600, firstLoad);
    let shown = 0;
    const made = await calls(async () => {
      shown = (await readAll(company, null, asking('name'))).seen.size;
    });
    expect(shown).toBe(everyId().length);
    expect(made).toMatchObject({ [LIST]: 27 });
    expect(made).not.toHaveProperty([SEARCH]);
  });

  test('is by the search by itself where an address cannot hold the properties', async () => {
    const { company, calls, everyId } = await openCrowd(2600, 'auto');
    const many = Array.from({ length: 300 }, (_, n) => `a_property_with_a_rather_long_name_${n}`);
    let shown = 0;
    const made = await calls(async () => {
      shown = (await readAll(company, null, asking('name', ...many))).seen.size;
    });
    expect(shown).toBe(everyId().length);
    expect(made).toMatchObject({ [SEARCH]: 3, [LIST]: 21, 'POST /crm/objects/2026-09/companies/batch/read': 21 });
  });

  test('of deals with several companies asks once for all of its pages which of them is the primary one', async () => {
    const { port, calls, companyIds } = await openHubspotStage({ switches: UNLIMITED });
    const deal = port('deal');
    const [first = '', second = ''] = companyIds;
    const creates = Array.from({ length: 220 }, (_, n) => ({
      verb: 'create' as const,
      key: `0190a000-0000-7000-8000-000000000${100 + n}`,
      fields: { dealname: `Deal ${n}`, dealstage: 'closedwon', company: second, companies: [first, second] },
    }));
    const ask = asking('dealname', 'company');
    for (const part of chunk(creates, 100)) for (const outcome of await must(deal.write, 'a writer').apply(part, ask)) done(outcome);
    let primaries: unknown[] = [];
    const made = await calls(async () => {
      const { seen } = await readAll(deal, null, ask);
      primaries = [...seen.values()].flatMap((one) => (one.kind === 'present' ? [one.fields.company] : []));
    });
    expect(primaries.filter((one) => one === second).length).toBeGreaterThanOrEqual(creates.length);
    expect(made['POST /crm/associations/2026-09/deals/companies/batch/read']).toBe(1);
    expect(made['GET /crm/objects/2026-09/deals']).toBeGreaterThan(2);
  });

  test('that ends after any page goes on from there, whichever way it is on', async () => {
    const { company, everyId } = await openCrowd(2600, 'fewest_calls');
    const shown = new Set<string>();
    const ways = new Set<unknown>();
    let cursor: Cursor | null = null;
    for (let look = 0; look < 3 || cursor?.phase === 'backfill'; look += 1) {
      let pages = 0;
      for await (const page of company.read.changes(cursor, asking('name'))) {
        for (const { id } of page.seen) shown.add(id);
        cursor = page.cursor;
        ways.add(page.cursor.way);
        pages += 1;
        if (pages === 21) break;
      }
      if (look > 20) throw new Error('the read does not come to an end');
    }
    expect([...shown].sort()).toEqual(everyId());
    expect([...ways]).toEqual(expect.arrayContaining(['list', 'search', 'enter']));
  });

  test('that goes on in the list reads it from its beginning when the record that it stopped at has gone', async () => {
    const { company, everyId, hands } = await openCrowd(250, 'fewest_calls');
    const [first = '', second = '', ...rest] = everyId();
    hands.companies.remove(second);
    const cursor = { v: 1, phase: 'backfill', way: 'enter', after: second, startedAt: '2026-11-20T10:00:00.000Z' };
    const { seen } = await readAll(company, cursor, asking('name'));
    expect([...seen.keys()].sort()).toEqual([first, ...rest].sort());
  });

  test('of which the way is one that nobody knows is read afresh', async () => {
    const { company } = await openHubspotStage();
    const cursor = { v: 1, phase: 'backfill', way: 'by_hand', after: '1', startedAt: '2026-11-20T10:00:00.000Z' };
    await expect(readAll(company, cursor, asking('name'))).rejects.toMatchObject({ kind: 'cursor_expired' });
  });

  test('in a way that there is not is a mistake of the settings', async () => {
    await expect(openHubspotStage({ settings: { firstLoad: 'telepathy' } })).rejects.toMatchObject({ kind: 'misconfigured' });
  });
});
