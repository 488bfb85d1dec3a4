import { afterEach, describe, expect, test } from 'vitest';
import type { Fields, Update } from '../../src/contract/records.ts';
import { must } from '../../src/kernel/must.ts';
import {
  ask,
  closeOrgs,
  errorOf,
  FIELDS,
  id,
  isQuery,
  KEY,
  NOW,
  openOrg,
  type Reply,
  row,
  rows,
  type Seen,
  update,
  V,
  writer,
} from './salesforce-org.ts';

afterEach(closeOrgs);

describe('writing', () => {
  const isWrite = ({ path }: Seen) => path.startsWith(`${V}/composite`);
  const records = ({ body }: Seen): readonly Record<string, unknown>[] => (body as { records: Record<string, unknown>[] }).records;
  const allDone = (seen: Seen): Reply => ({
    body: records(seen).map((one, n) => ({ id: one.id ?? id(900 + n), success: true, errors: [] })),
  });
  const create = (key: string, fields: Update['fields']) => ({ verb: 'create' as const, key, fields });

  test('creates go by the hub’s own key where the org has it, updates by id, and assignment rules stay out', async () => {
    const { contact, seen } = await openOrg((seen) => (isWrite(seen) ? allDone(seen) : undefined), { fields: [...FIELDS, KEY] });
    const outcomes = await writer(contact).apply(
      [update(1, { FirstName: 'A', owner_email: 'ADA@acme.example' }), create('k1', { LastName: 'B' })],
      ask(),
    );
    expect(outcomes).toEqual([
      { done: true, id: id(1), observed: null },
      { done: true, id: id(900), observed: null },
    ]);
    const [made, changed] = seen.filter(isWrite);
    expect(`${made?.method} ${made?.path}`).toBe(`PATCH ${V}/composite/sobjects/Contact/Syncline_Id__c`);
    expect(made?.body).toEqual({ allOrNone: false, records: [{ attributes: { type: 'Contact' }, LastName: 'B', Syncline_Id__c: 'k1' }] });
    expect(`${changed?.method} ${changed?.path}`).toBe(`PATCH ${V}/composite/sobjects`);
    expect(changed?.body).toEqual({
      allOrNone: false,
      records: [{ attributes: { type: 'Contact' }, id: id(1), FirstName: 'A', OwnerId: '005000000000001AAA' }],
    });
    expect(made?.headers.get('sforce-auto-assign')).toBe('FALSE');
  });

  test('a bad row is an outcome at its own index, whatever Salesforce calls it', async () => {
    const failures = [
      ['UNABLE_TO_LOCK_ROW', 'unable to obtain exclusive access', [], 'locked'],
      ['ENTITY_IS_DELETED', 'entity is deleted', [], 'gone'],
      ['INVALID_CROSS_REFERENCE_KEY', 'invalid cross reference id', [], 'gone'],
      ['INVALID_CROSS_REFERENCE_KEY', 'invalid cross reference id', ['AccountId'], 'record_rejected'],
      ['DUPLICATE_VALUE', `duplicate value found: X duplicates value on record with id: ${id(77)}`, [], 'record_rejected'],
      ['DUPLICATES_DETECTED', 'Use one of these records?', [], 'record_rejected'],
      ['STRING_TOO_LONG', 'data value too large', ['FirstName'], 'record_rejected'],
      ['CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY', 'trigger: UNABLE_TO_LOCK_ROW', [], 'locked'],
      ['CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY', 'trigger: no', [], 'record_rejected'],
    ] as const;
    const { contact } = await openOrg((seen) => {
      if (!isWrite(seen)) return undefined;
      const errors = failures.map(([code, message, fields], n) => [{ [n % 2 ? 'statusCode' : 'errorCode']: code, message, fields }]);
      return { body: [...errors.map((one) => ({ success: false, errors: one })), { id: id(99), success: true, errors: [] }] };
    });
    const writes = [
      ...failures.map((_, n) => update(n, { FirstName: 'x' })),
      update(99, { FirstName: 'x' }),
      update(100, { FirstName: 'x' }),
    ];
    const outcomes = await writer(contact).apply(writes, ask());
    expect(outcomes.map((one) => (one.done ? 'done' : one.error.kind))).toEqual([
      ...failures.map(([, , , kind]) => kind),
      'done',
      'stale_write',
    ]);
    const tooLong = outcomes[6];
    expect(tooLong?.done === false && tooLong.error.fields).toEqual(['FirstName']);
  });

  test('a create that meets a record with its unique value is already there, under that record’s id', async () => {
    const message = `duplicate value found: Syncline_Id__c duplicates value on record with id: ${id(77)}`;
    const { contact } = await openOrg((seen) =>
      isWrite(seen) ? { body: [{ success: false, errors: [{ statusCode: 'DUPLICATE_VALUE', message }] }] } : undefined,
    );
    const [outcome] = await writer(contact).apply([create('k', { LastName: 'B' })], ask());
    expect(outcome?.done === false && [outcome.error.kind, outcome.error.existingId]).toEqual(['already_there', id(77)]);
  });

  test('a value that its field cannot take never leaves, and holds back no other row', async () => {
    const { contact, seen } = await openOrg((seen) => (isWrite(seen) ? allDone(seen) : undefined));
    const bad = [
      { NPS_Score__c: 'nine' },
      { Feedback_At__c: 'soon' },
      { Tags__c: ['a;b'] },
      { owner_email: 'nobody@acme.example' },
      { owner_email: 'twin@acme.example' },
    ];
    const outcomes = await writer(contact).apply(
      [...bad.map((fields, n) => update(n, fields)), update(9, { NPS_Score__c: 9, Tags__c: ['x', 'y'] })],
      ask(),
    );
    expect(outcomes.map((one) => (one.done ? 'done' : one.error.fields))).toEqual([...bad.map((fields) => Object.keys(fields)), 'done']);
    expect(seen.filter(isWrite).map(records)).toEqual([[{ attributes: { type: 'Contact' }, id: id(9), NPS_Score__c: 9, Tags__c: 'x;y' }]]);
  });

  test('a call that is refused for one row’s sake is halved until that row stands alone', async () => {
    const { contact } = await openOrg((seen) => {
      if (!isWrite(seen)) return undefined;
      const spoilt = records(seen).some((one) => one.FirstName === 'bad');
      return spoilt ? { status: 400, body: [{ errorCode: 'JSON_PARSER_ERROR', message: 'cannot read' }] } : allDone(seen);
    });
    const writes = Array.from({ length: 20 }, (_, n) => update(n, { FirstName: n === 13 ? 'bad' : 'good' }));
    const outcomes = await writer(contact).apply(writes, ask());
    expect(outcomes.map(({ done }) => done)).toEqual(writes.map((_, n) => n !== 13));
  });

  describe('more than a collection takes', () => {
    type Part = {
      readonly method: string;
      readonly url: string;
      readonly referenceId: string;
      readonly body: { records: Record<string, unknown>[] };
    };
    const partsOf = ({ body }: Seen) => (body as { compositeRequest: readonly Part[] }).compositeRequest;
    const isComposite = ({ path }: Seen) => path === `${V}/composite`;
    const done = (part: Part) => part.body.records.map((one, n) => ({ id: one.id ?? id(100 + n), success: true, errors: [] }));
    /** Answers each part with what it is given, or as done. */
    const together =
      (answer: (part: Part, n: number) => Reply | undefined) =>
      (seen: Seen): Reply | undefined => {
        if (!isComposite(seen)) return isWrite(seen) ? allDone(seen) : undefined;
        const compositeResponse = partsOf(seen).map((part, n) => {
          const { status = 200, body = done(part) } = answer(part, n) ?? {};
          return { referenceId: part.referenceId, httpStatusCode: status, httpHeaders: {}, body };
        });
        return { body: { compositeResponse } };
      };
    const creates = Array.from({ length: 1000 }, (_, n) =>
      create(`k${n}`, { LastName: 'B', AccountId: `001${String(n % 7).padStart(15, '0')}` }),
    );

    test('goes as five collections in one call, those of one parent side by side, and is answered in its own order', async () => {
      const { contact, seen } = await openOrg(
        together(() => undefined),
        { fields: [...FIELDS, KEY] },
      );
      const outcomes = await writer(contact).apply(creates, ask());
      expect(outcomes.every(({ done }) => done)).toBe(true);
      const calls = seen.filter(isWrite);
      expect(calls).toHaveLength(1);
      const parts = calls.flatMap(partsOf);
      expect(parts.map(({ method, url, body }) => [method, url, body.records.length])).toEqual(
        Array.from({ length: 5 }, () => ['PATCH', `${V}/composite/sobjects/Contact/Syncline_Id__c`, 200]),
      );
      expect(parts.map((part) => (part as { httpHeaders?: unknown }).httpHeaders)).toEqual(
        Array.from({ length: 5 }, () => ({ 'Sforce-Auto-Assign': 'FALSE' })),
      );
      const parents = parts.flatMap(({ body }) => body.records.map(({ AccountId }) => String(AccountId)));
      expect(parents).toEqual(parents.toSorted());
    });

    test('one collection that is refused is halved by itself; one that fell over is looked up; the others are done', async () => {
      const { contact, seen } = await openOrg(
        together((_part, n) => {
          if (n === 1) return { status: 400, body: [{ errorCode: 'JSON_PARSER_ERROR', message: 'cannot read' }] };
          return n === 3 ? { status: 500, body: [{ errorCode: 'UNKNOWN_EXCEPTION', message: 'oops' }] } : undefined;
        }),
      );
      const outcomes = await writer(contact).apply(creates, ask());
      expect(outcomes.filter(({ done }) => done)).toHaveLength(800);
      const lost = outcomes.flatMap((one) => (one.done ? [] : [one.error.kind]));
      expect(new Set(lost)).toEqual(new Set(['stale_write']));
      expect(seen.filter(isWrite).map(({ path }) => path.replace(V, ''))).toEqual([
        '/composite',
        '/composite/sobjects',
        '/composite/sobjects',
      ]);
    });

    test('throws when nobody answered, or the day is spent', async () => {
      for (const [status, body, kind] of [
        [500, 'oops', 'unreachable'],
        [403, [{ errorCode: 'REQUEST_LIMIT_EXCEEDED', message: 'TotalRequests Limit exceeded.' }], 'quota_spent'],
      ] as const) {
        const { contact, seen } = await openOrg((seen) => (isComposite(seen) ? { status, body } : undefined));
        expect((await errorOf(writer(contact).apply(creates, ask()))).kind).toBe(kind);
        expect(seen.filter(isWrite)).toHaveLength(1);
      }
    });

    test('beyond a call, what was done before one that nobody answered is kept', async () => {
      let calls = 0;
      const answer = together(() => undefined);
      const { contact } = await openOrg((seen) => (isWrite(seen) && ++calls > 1 ? { status: 500, body: 'oops' } : answer(seen)));
      const outcomes = await writer(contact).apply([...creates, create('last', { LastName: 'B' })], ask());
      expect(outcomes.filter(({ done }) => done)).toHaveLength(1000);
      expect(outcomes.flatMap((one) => (one.done ? [] : [one.error.kind]))).toEqual(['stale_write']);
    });
  });

  test('what became of creates is found by the key', async () => {
    const { contact, seen } = await openOrg(
      (seen) => (isQuery(seen) ? rows(row(5, { Syncline_Id__c: 'K-1', LastName: 'B' })) : undefined),
      { fields: [...FIELDS, KEY] },
    );
    const found = await writer(contact).recall([create('k-0', {}), create("k-1'\\", {}), create('k-1', {})], NOW, ask('LastName'));
    expect(found.map((one) => one?.id ?? null)).toEqual([null, null, id(5)]);
    expect(found[2]?.fields).toEqual({ LastName: 'B' });
    expect(seen.find(isQuery)?.query.get('q')).toContain("IN ('k-0','k-1\\'\\\\','k-1')");
  });

  test('without a key, what became of creates is found by what was written, as Salesforce would have stored it, each record once', async () => {
    const { contact, seen } = await openOrg((seen) => {
      if (seen.path === V) return { body: { identity: 'https://login.example/id/00D000000000001EAA/005000000000009AAA' } };
      return isQuery(seen)
        ? rows(row(1, { LastName: 'B', Email: 'b@x.example', NPS_Score__c: 9.13 }), row(2, { LastName: 'C', Email: null }))
        : undefined;
    });
    const sent = create('k', { LastName: ' B ', Email: 'B@x.example', NPS_Score__c: 9.126, FirstName: null });
    const found = await writer(contact).recall([create('j', { LastName: 'D' }), sent, { ...sent, key: 'l' }], NOW, ask('LastName'));
    expect(found.map((one) => one?.id ?? null)).toEqual([null, id(1), null]);
    expect(seen.find(isQuery)?.query.get('q')).toContain(
      "WHERE CreatedDate >= 2026-11-22T09:59:00Z AND CreatedById = '005000000000009AAA'",
    );
  });

  const updateOf = (n: number, seen: Fields): Update => ({ verb: 'update', ifVersion: null, id: id(n), fields: { FirstName: 'A' }, seen });

  test('rows that were too much at once for the org’s own triggers are sent in halves, and come through', async () => {
    const sizes: number[] = [];
    const { contact } = await openOrg((seen) => {
      if (!seen.path.endsWith('/composite/sobjects')) return undefined;
      const { records } = seen.body as { records: readonly { id: string }[] };
      sizes.push(records.length);
      const message = 'Person: System.LimitException: Apex CPU time limit exceeded';
      const errors = [{ statusCode: 'CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY', message, fields: [] }];
      // What stands for itself goes through at any rate, and one has another trouble.
      return {
        body: records.map(({ id: one }) => (records.length <= 50 ? { id: one, success: true, errors: [] } : { success: false, errors })),
      };
    });
    const updates = Array.from({ length: 200 }, (_, n) => updateOf(n, {}));
    const outcomes = await writer(contact).apply(updates, ask());
    expect(outcomes.every(({ done }) => done)).toBe(true);
    expect(sizes).toEqual([200, 100, 50, 50, 100, 50, 50]);
  });

  test('updates of contacts of one account stand together, though they do not name it', async () => {
    const { contact, seen } = await openOrg((one) =>
      one.path.endsWith('/composite/sobjects') ? { body: [1, 2, 3].map((n) => ({ id: id(n), success: true, errors: [] })) } : undefined,
    );
    await writer(contact).apply([updateOf(1, { AccountId: 'b' }), updateOf(2, { AccountId: 'a' }), updateOf(3, { AccountId: 'b' })], ask());
    const { records } = must(seen.at(-1), 'a call').body as { records: readonly { id: string }[] };
    expect(records.map((one) => one.id)).toEqual([id(2), id(1), id(3)]);
  });

  describe('deletes', () => {
    const isDelete = ({ method }: Seen) => method === 'DELETE';
    const deleteOf = (n: number) => ({ verb: 'delete' as const, id: id(n), seen: {} });
    const refused = (statusCode: string, n: number) => ({ id: id(n), success: false, errors: [{ statusCode, message: 'no', fields: [] }] });

    test('are one request with all ids and no body, each row on its own', async () => {
      const { contact, seen } = await openOrg((seen) =>
        isDelete(seen) ? { body: [1, 2].map((n) => ({ id: id(n), success: true, errors: [] })) } : undefined,
      );
      expect(await writer(contact).apply([deleteOf(1), deleteOf(2)], ask())).toEqual(
        [1, 2].map((n) => ({ done: true, id: id(n), observed: null })),
      );
      const sent = seen.filter(isDelete);
      expect(sent.map(({ method, path, body }) => [method, path, body])).toEqual([['DELETE', `${V}/composite/sobjects`, '']]);
      expect(Object.fromEntries(sent[0]?.query ?? [])).toEqual({ ids: `${id(1)},${id(2)}`, allOrNone: 'false' });
    });

    test('that met nothing are judged by what the org shows of the record now', async () => {
      const codes = [
        'ENTITY_IS_DELETED',
        'ENTITY_IS_DELETED',
        'ENTITY_IS_DELETED',
        'INVALID_CROSS_REFERENCE_KEY',
        'NOT_FOUND',
        'NOT_FOUND',
      ];
      const { contact } = await openOrg((seen) => {
        if (isDelete(seen)) return { body: [...codes.map(refused), refused('INSUFFICIENT_ACCESS_OR_READONLY', 6)] };
        const shown = [row(0, { IsDeleted: true }), row(1, { IsDeleted: true, MasterRecordId: id(9) }), row(2), row(3)];
        return isQuery(seen) ? rows(...shown, row(5, { IsDeleted: true, MasterRecordId: null })) : undefined;
      });
      const outcomes = await writer(contact).apply(
        [0, 1, 2, 3, 4, 5, 6, 7].map((n) => deleteOf(n)),
        ask(),
      );
      expect(outcomes.map((one) => (one.done ? 'done' : one.error.kind))).toEqual([
        'done',
        'gone',
        // It came back between the two answers.
        'stale_write',
        // It is there, and something else was meant.
        'record_rejected',
        'done',
        'done',
        'record_rejected',
        // The answer left it out.
        'stale_write',
      ]);
    });

    test.each([
      [403, [{ errorCode: 'REQUEST_LIMIT_EXCEEDED', message: 'TotalRequests Limit exceeded.' }], 'quota_spent'],
      [500, 'oops', 'unreachable'],
      [200, [], 'broken_answer'],
      [200, '<html>a proxy</html>', 'broken_answer'],
    ])('that are answered %i %j as a whole throw %s, and are sent once', async (status, body, kind) => {
      const { contact, seen } = await openOrg((seen) => (isDelete(seen) ? { status, body } : undefined));
      expect((await errorOf(writer(contact).apply([deleteOf(1), deleteOf(2)], ask()))).kind).toBe(kind);
      expect(seen.filter(isDelete)).toHaveLength(1);
    });

    test('that spoil their whole call are found by halving', async () => {
      const { contact } = await openOrg((seen) => {
        if (!isDelete(seen)) return undefined;
        const ids = seen.query.get('ids')?.split(',') ?? [];
        if (ids.includes(id(3))) return { status: 400, body: [{ errorCode: 'APEX_ERROR', message: 'a trigger fell over' }] };
        return { body: ids.map((one) => ({ id: one, success: true, errors: [] })) };
      });
      const outcomes = await writer(contact).apply(
        [1, 2, 3, 4, 5].map((n) => deleteOf(n)),
        ask(),
      );
      expect(outcomes.map(({ done }) => done)).toEqual([true, true, false, true, true]);
    });
  });
});
