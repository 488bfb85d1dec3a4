import { afterEach, describe, expect, test } from 'vitest';
import { heardIn } from '../../connectors/salesforce/http/limits.ts';
import { all, ask, closeOrgs, DELTA, errorOf, id, isQuery, NO_PERSONS, NOW, openOrg, row, rows, V } from './salesforce-org.ts';

afterEach(closeOrgs);

describe('reading', () => {
  test('an empty org is read with one call beside that for its schema, and its cursor starts the deltas at the server’s own time', async () => {
    const { contact, paths } = await openOrg((seen) => (isQuery(seen) ? { body: { totalSize: 0, records: [] } } : undefined));
    const pages = await all(contact.read.changes(null, ask('Email')));
    expect(pages).toEqual([{ seen: [], total: 0, cursor: { v: 1, phase: 'delta', readAt: NOW, from: null, types: {} } }]);
    expect(paths()).toEqual(['GET /sobjects/Contact/describe', 'GET /query']);
  });

  test('values come in our words: times as ISO, sets as lists, owners by e-mail, line ends as one, what is not shown left out', async () => {
    const { contact } = await openOrg((seen) =>
      isQuery(seen)
        ? rows(
            row(1, {
              ...{ Email: null, FirstName: 'a\r\nb', Feedback_At__c: '2026-11-01T08:00:00.000+0000', Tags__c: 'x;y', NPS_Score__c: 9.5 },
              ...{ Owner: { attributes: {}, Email: 'Ada@acme.example' }, MailingAddress: { city: 'Oslo' } },
            }),
            row(2, { Owner: null, Tags__c: null }),
          )
        : undefined,
    );
    const asked = ask('Email', 'FirstName', 'Feedback_At__c', 'Tags__c', 'NPS_Score__c', 'owner_email', 'MailingAddress');
    const [page] = await all(contact.read.changes(null, asked));
    const present = { kind: 'present', changedAt: '2026-11-22T09:30:00.000Z', version: null };
    const shown = { Email: null, FirstName: 'a\nb', Feedback_At__c: '2026-11-01T08:00:00.000Z', Tags__c: ['x', 'y'], NPS_Score__c: 9.5 };
    expect(page?.seen).toEqual([
      { ...present, id: id(1), fields: { ...shown, owner_email: 'ada@acme.example' } },
      { ...present, id: id(2), fields: { owner_email: null, Tags__c: null } },
    ]);
  });

  test('a delta is one query that looks into the recycle bin from an overlap before the last poll', async () => {
    const { contact, seen, paths } = await openOrg((seen) =>
      isQuery(seen) ? rows(row(1, { IsDeleted: true }), row(2, { IsDeleted: false })) : undefined,
    );
    const from = { ...DELTA, types: { Email: 'email', ...NO_PERSONS } };
    const [page] = await all(contact.read.changes(from, ask('Email')));
    expect(paths()).toEqual(['GET /queryAll']);
    expect(seen[0]?.query.get('q')).toBe(
      'SELECT Id, SystemModstamp, IsDeleted, MasterRecordId, LastModifiedBy.Name, Email FROM Contact WHERE SystemModstamp >= 2026-11-22T09:50:00Z ORDER BY SystemModstamp, Id',
    );
    expect(page?.seen.map(({ kind }) => kind)).toEqual(['gone', 'present']);
    expect(page?.cursor).toEqual({ ...from, readAt: NOW });
  });

  test('a delta that was cut short goes on after its last row, among those of the same stamp too, and keeps the mark of its first poll', async () => {
    const next = `${V}/queryAll/01g000000000001AAA-2000`;
    const { contact, seen } = await openOrg((seen) => {
      if (!isQuery(seen)) return undefined;
      if (seen.path === next || seen.query.get('q')?.includes('Id >')) return rows(row(2));
      return { body: { totalSize: 2, done: false, nextRecordsUrl: next, records: [row(1)] } };
    });
    const pages = await all(contact.read.changes(DELTA, ask('Email')));
    expect(pages.map(({ cursor }) => cursor.from)).toEqual(['2026-11-22T09:30:00.000Z', null]);
    const resumed = { ...pages[0]?.cursor, v: 1, readAt: '2026-11-22T09:58:00.000Z' };
    const [last] = await all(contact.read.changes(resumed, ask('Email')));
    expect(seen.at(-1)?.query.get('q')).toContain(
      `WHERE (SystemModstamp > 2026-11-22T09:30:00Z OR (SystemModstamp = 2026-11-22T09:30:00Z AND Id > '${id(1)}')) ORDER BY`,
    );
    expect(last?.cursor).toMatchObject({ readAt: '2026-11-22T09:58:00.000Z', from: null });
  });

  test('a forgotten locator costs a query from where the read stood, and loses nothing', async () => {
    const next = `${V}/query/01g000000000001AAA-2000`;
    const { contact, seen } = await openOrg((seen) => {
      if (seen.path === next) return { status: 400, body: [{ errorCode: 'INVALID_QUERY_LOCATOR', message: 'invalid query locator' }] };
      if (!isQuery(seen)) return undefined;
      if (seen.query.get('q')?.includes('WHERE Id >')) return rows(row(2));
      return { body: { totalSize: 2, done: false, nextRecordsUrl: next, records: [row(1)] } };
    });
    const pages = await all(contact.read.changes(null, ask('Email')));
    expect(pages.flatMap(({ seen }) => seen.map((one) => one.id))).toEqual([id(1), id(2)]);
    expect(pages.map(({ total }) => total)).toEqual([2, 2]);
    expect(seen.at(-1)?.query.get('q')).toContain(`WHERE Id > '${id(1)}' ORDER BY Id`);
  });

  test.each([
    ['another version', { v: 2, phase: 'delta', readAt: NOW, from: null, types: {} }],
    ['another connector', { v: 1, after: '100' }],
    ['the future', { ...DELTA, readAt: '2026-11-23T10:00:00.000Z' }],
    ['before what the recycle bin shows', { ...DELTA, readAt: '2026-11-01T10:00:00.000Z' }],
    ['nowhere', { ...DELTA, readAt: 'soon' }],
    ['a hand that wrote SOQL into it', { v: 1, phase: 'backfill', lastId: "' OR Id != '", read: 1, startedAt: NOW, types: {} }],
  ])('a cursor from %s is expired', async (_from, cursor) => {
    const { contact } = await openOrg((seen) => (isQuery(seen) ? rows() : undefined));
    expect((await errorOf(all(contact.read.changes(cursor, ask('Email'))))).kind).toBe('cursor_expired');
  });

  test('records by id come in the order asked, twice if asked twice, and what is deleted, unknown, or no id at all is gone', async () => {
    const { contact, seen } = await openOrg((seen) =>
      isQuery(seen) ? rows(row(2, { IsDeleted: true }), row(1, { Email: 'a@b.c' })) : undefined,
    );
    const short = id(1).slice(0, 15);
    const answers = await contact.read.byIds([id(1), id(2), id(3), "no'id", short], ask('Email'));
    expect(answers.map((one) => [one.kind, one.id])).toEqual([
      ['present', id(1)],
      ['gone', id(2)],
      ['gone', id(3)],
      ['gone', "no'id"],
      ['present', short],
    ]);
    expect(answers[2]?.changedAt).toBe(NOW);
    expect(seen.filter(isQuery).map(({ query }) => query.get('q'))).toEqual([expect.not.stringContaining("no'id")]);
  });

  test('a record that is merged away between two groups of columns leads to its winner', async () => {
    const wide = Array.from({ length: 500 }, (_, n) => `A_Rather_Long_Custom_Field_${n}__c`);
    const { contact, paths } = await openOrg((seen) => {
      if (!isQuery(seen)) return undefined;
      const isFirst = seen.query.get('q')?.includes('LastModifiedBy.Name') === true;
      const by = isFirst ? { LastModifiedBy: { attributes: {}, Name: 'Ada' } } : {};
      return rows(row(1, { IsDeleted: !isFirst, MasterRecordId: isFirst ? null : id(2), ...by }));
    });
    expect(await contact.read.byIds([id(1)], ask(...wide))).toEqual([
      { kind: 'gone', id: id(1), changedAt: '2026-11-22T09:30:00.000Z', changedBy: 'Ada', mergedInto: { object: 'contact', id: id(2) } },
    ]);
    expect(paths().filter((path) => path === 'GET /queryAll').length).toBeGreaterThan(2);
  });

  test('a row that says nothing of who changed it is shown without that', async () => {
    for (const LastModifiedBy of [null, { attributes: {} }, { Name: null }, { Name: '' }]) {
      const { contact } = await openOrg((seen) => (isQuery(seen) ? rows(row(1, { Email: 'a@b.c', LastModifiedBy })) : undefined));
      expect((await contact.read.byIds([id(1)], ask('Email')))[0]).not.toHaveProperty('changedBy');
    }
  });

  test('merges in a circle, which nobody should have made, are followed to an end', async () => {
    const { contact } = await openOrg((seen) =>
      isQuery(seen)
        ? rows(row(1, { IsDeleted: true, MasterRecordId: id(2) }), row(2, { IsDeleted: true, MasterRecordId: id(1) }))
        : undefined,
    );
    expect(await contact.read.byIds([id(1)], ask())).toMatchObject([{ kind: 'gone', mergedInto: { object: 'contact' } }]);
  });

  test('no address is longer than what Salesforce takes, however many columns and ids are asked for', async () => {
    const wide = Array.from({ length: 500 }, (_, n) => `A_Rather_Long_Custom_Field_${n}__c`);
    const { contact, seen } = await openOrg((seen) => {
      if (!isQuery(seen)) return undefined;
      const columns = (seen.query.get('q') ?? '').replace(/^SELECT | FROM .*$/g, '').split(', ');
      const cells = Object.fromEntries(columns.filter((name) => name.startsWith('A_')).map((name) => [name, name]));
      return rows(...Array.from({ length: 600 }, (_, n) => row(n, cells)));
    });
    const [page] = await all(contact.read.changes(DELTA, ask(...wide)));
    const [first] = page?.seen ?? [];
    expect(first?.kind === 'present' && Object.keys(first.fields)).toEqual(wide);
    await contact.read.byIds(
      Array.from({ length: 2000 }, (_, n) => id(n)),
      ask('Email'),
    );
    for (const { path, query } of seen) expect(`${path}?q=${encodeURIComponent(query.get('q') ?? '')}`.length).toBeLessThan(14_000);
  });

  test.each([
    [400, [{ errorCode: 'INVALID_FIELD', message: 'No such column' }], 'misconfigured'],
    [403, [{ errorCode: 'REQUEST_LIMIT_EXCEEDED', message: 'TotalRequests Limit exceeded.' }], 'quota_spent'],
    [403, [{ errorCode: 'REQUEST_LIMIT_EXCEEDED', message: 'ConcurrentPerOrgLongTxn Limit exceeded.' }], 'rate_limited'],
    [403, [{ errorCode: 'API_DISABLED_FOR_ORG', message: 'no' }], 'not_allowed'],
    [503, [{ errorCode: 'SERVER_UNAVAILABLE', message: 'later' }], 'unreachable'],
    [500, '<html>oops</html>', 'unreachable'],
    [410, [{ errorCode: 'UNSUPPORTED_API_VERSION', message: 'retired' }], 'misconfigured'],
    [404, [{ errorCode: 'NOT_FOUND', message: 'no such version' }], 'misconfigured'],
    [400, [{ errorCode: 'QUERY_TIMEOUT', message: 'slow' }], 'unreachable'],
    [200, '<html>a proxy</html>', 'broken_answer'],
    [200, { totalSize: 3, done: false, records: [] }, 'broken_answer'],
    [200, { totalSize: 1, done: true, records: [{ Id: 7 }] }, 'broken_answer'],
    [302, '', 'misconfigured'],
  ])('an answer %i %j is %s, and asked for once', async (status, body, kind) => {
    const { contact, seen } = await openOrg((seen) => (isQuery(seen) ? { status, body, headers: { location: '/elsewhere' } } : undefined));
    expect((await errorOf(all(contact.read.changes(null, ask('Email'))))).kind).toBe(kind);
    expect(seen.filter(isQuery)).toHaveLength(1);
  });

  test.each([
    ['api-usage=18/5000', { max: 5000, used: 18 }],
    ['api-usage=18/5000; per-app-api-usage=17/250(appName=Syncline)', { max: 250, used: 17 }],
    ['api-usage=4990/5000; per-app-api-usage=17/250(appName=Syncline)', { max: 5000, used: 4990 }],
    ['api-usage=0/0', undefined],
    ['something else', undefined],
  ])('of the day it is heard what leaves the hub less: %s', (told, day) => {
    expect(heardIn(new Headers({ 'sforce-limit-info': told })).day).toEqual(day);
  });

  test('how long to stay away is passed on', async () => {
    const { contact } = await openOrg(() => ({ status: 503, body: 'down', headers: { 'retry-after': '7' } }));
    expect((await errorOf(all(contact.read.changes(null, ask('Email'))))).retryAfterMs).toBe(7_000);
  });
});
