import { afterEach, describe, expect, test } from 'vitest';
import type { AnyPort } from '../../src/contract/connector.ts';
import { HubError } from '../../src/contract/errors.ts';
import type { Cursor, Observation } from '../../src/contract/records.ts';
import type { Fault } from '../../src/sandbox/faults.ts';
import { ask as askFor, closeOrgs, id, isQuery, KEY, openOrg, all as readPages, row, V } from './salesforce-org.ts';
import { ask, closeStages, openStage, readAll, seenIn } from './salesforce-stage.ts';

afterEach(closeStages);
afterEach(closeOrgs);

const ODD = {
  ...ask,
  fields: [...ask.fields, 'Description', 'Interests__c', 'HasOptedOutOfEmail', 'Birthdate', 'CreatedDate', 'Legacy_Id__c'],
};
const SMALL = { pageSize: 5, bulkPageRows: 7 };
const JOBS = 'services/data/v68.0/jobs/query';

/** An org of which all but a few contacts are gathered by a job. */
async function openBulk(switches: Parameters<typeof openStage>[0] = {}) {
  const org = await openStage({ ...SMALL, ...switches }, { kind: 'token', settings: { bulkFrom: 20 } });
  const [one, other] = org.hand.all('Contact').slice(-20);
  org.hand.edit(one?.Id ?? '', { Description: 'She said "yes",\nthen\r\n\r\nleft, "', NPS_Score__c: 9, HasOptedOutOfEmail: true });
  org.hand.edit(other?.Id ?? '', {
    Birthdate: '1990-02-28',
    NPS_Mean__c: 8.25,
    Feedback_At__c: '2026-11-01T08:00:00Z',
    Legacy_Id__c: '007',
  });
  return { ...org, count: (name: string) => org.stage.requests.get(name) ?? 0 };
}

const sorted = (seen: readonly Observation[]) => [...seen].sort((a, b) => (a.id < b.id ? -1 : 1));

describe('a first load of many', () => {
  test('is gathered by a job, and shows to the letter what pages show, for less calls', async () => {
    const { contact, count, calls, hand } = await openBulk({ bulkPageRows: 20 });
    const fields = (await contact.fields('all')).map(({ name }) => name).filter((name) => ODD.fields.includes(name));
    const [pages, made] = await calls(readAll(contact, null, { ...ODD, fields }));
    expect(pages.at(-1)?.cursor).toMatchObject({ phase: 'delta', from: null });
    expect(count(`POST /${JOBS}`)).toBe(1);
    const seen = sorted(seenIn(pages));
    expect(seen.map((one) => one.id)).toEqual(
      hand
        .all('Contact')
        .map(({ Id }) => Id)
        .sort(),
    );
    expect(seen).toEqual(
      await contact.read.byIds(
        seen.map((one) => one.id),
        { ...ODD, fields },
      ),
    );
    expect(made).toBeLessThan(hand.all('Contact').length / 5);
  });

  test('is read on by pages as long as the job takes, and looks at it ever more rarely', async () => {
    const { contact, hand, count } = await openBulk({ bulkDelayMs: 3_600_000 });
    expect(seenIn(await readAll(contact, null))).toHaveLength(hand.all('Contact').length);
    expect(count(`GET /${JOBS}/*`)).toBeLessThanOrEqual(3);
  });

  const faults: readonly (readonly [string, Fault])[] = [
    [
      'no jobs for this object',
      { on: `POST /${JOBS}`, answer: 400, body: [{ errorCode: 'API_ERROR', message: 'not supported by the Bulk API' }] },
    ],
    ['a job that is forgotten', { on: `GET /${JOBS}/*/results`, answer: 404, times: 99, skip: 2 }],
    ['a job that nobody knows', { on: `GET /${JOBS}/*`, answer: 404, times: 99 }],
  ];
  test.each(faults)('goes on by pages after %s, and misses nobody', async (_why, fault) => {
    const { contact, hand, stage } = await openBulk();
    stage.fail(fault);
    const seen = seenIn(await readAll(contact, null));
    expect(new Set(seen.map((one) => one.id))).toEqual(new Set(hand.all('Contact').map(({ Id }) => Id)));
    expect(seen).toHaveLength(hand.all('Contact').length);
  });

  test('that is cut short, at any request and with the job or without it, goes on where it stood', async () => {
    for (let skip = 0; ; skip += 1) {
      const { hand, connect } = await openCut(skip);
      const seen: string[] = [];
      let cursor: Cursor | null = null;
      let wasCut = false;
      while (cursor === null || cursor.phase === 'backfill') {
        try {
          for await (const page of connect().read.changes(cursor, ask)) {
            seen.push(...page.seen.map((one) => one.id));
            cursor = page.cursor;
          }
        } catch (error) {
          expect(error instanceof HubError && error.kind).toBe('unreachable');
          wasCut = true;
        }
      }
      expect(new Set(seen)).toEqual(new Set(hand.all('Contact').map(({ Id }) => Id)));
      expect(seen.length).toBe(new Set(seen).size);
      if (!wasCut) return expect(skip).toBeGreaterThan(8);
    }
  });

  test('is left to pages where the job brings its rows in no order, so that none is missed', async () => {
    const left = Array.from({ length: 6 }, (_, n) => id(n + 3));
    const line = (one: string) => `"${one}","2026-11-22T09:30:00.000Z"`;
    const { contact, seen } = await openOrg(
      (ask) => {
        if (ask.path.endsWith('/results')) {
          const body = ['"Id","SystemModstamp"', ...[left[5], left[1], left[4]].map((one) => line(one ?? '')), ''].join('\n');
          return { body, headers: { 'sforce-locator': 'more', 'sforce-numberofrecords': '3', 'content-type': 'text/csv' } };
        }
        if (ask.path.includes('/jobs/query')) return { body: { id: '750000000000001AAA', state: 'JobComplete' } };
        if (!isQuery(ask)) return undefined;
        const q = ask.query.get('q') ?? '';
        if (q.includes(`Id > '${id(2)}'`)) return { body: { totalSize: 6, done: true, records: left.map((_, n) => row(n + 3)) } };
        const more = ask.path.endsWith('-2');
        const records = more ? [row(2)] : [row(1)];
        return { body: { totalSize: 8, done: false, nextRecordsUrl: `${V}/query/01g-2`, records } };
      },
      { fields: [KEY], session: { settings: { bulkFrom: 1 } } },
    );
    const pages = await readPages(contact.read.changes(null, askFor()));
    expect(pages.flatMap((page) => page.seen.map((one) => one.id))).toEqual([id(1), id(2), ...left]);
    expect(seen.filter(({ path }) => path.endsWith('/results'))).toHaveLength(1);
  });
});

/** An org of which the request after so many others is cut off. */
async function openCut(skip: number) {
  const org = await openBulk();
  org.stage.fail({ on: 'GET /services/data/v68.0/*', lose: 'after', skip });
  return { ...org, connect: (): AnyPort => org.contact };
}
