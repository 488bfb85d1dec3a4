import { afterEach, describe, expect, test } from 'vitest';
import type { Fields } from '../../src/contract/records.ts';
import { must } from '../../src/kernel/must.ts';
import { all, ask, closeOrgs, DELTA, field, isQuery, openOrg, type Reply, row, rows, type Seen, V } from './salesforce-org.ts';

afterEach(closeOrgs);

const ids = { contact: '003000000000007AAA', lead: '00Q000000000001AAA', deal: '006000000000001AAA', case: '500000000000001AAA' };
const owner = field('OwnerId', 'reference', { nillable: false, defaultedOnCreate: true });
const soqlOf = (seen: readonly Seen[]) => seen.filter(isQuery).map(({ query }) => query.get('q'));

describe('leads', () => {
  const lead = (more: object) => row(1, { Id: ids.lead, ...more });

  test.each(['backfill', 'delta'])('one that was converted leads to its contact, in a %s and by id', async (way) => {
    const converted = lead({ IsDeleted: false, IsConverted: true, ConvertedContactId: ids.contact, Email: 'a@b.example' });
    const { port, seen } = await openOrg((one) => (isQuery(one) ? rows(converted) : undefined), { sobject: 'Lead' });
    const { read } = port('lead');
    const gone = { kind: 'gone', id: ids.lead, changedAt: '2026-11-22T09:30:00.000Z', mergedInto: { object: 'contact', id: ids.contact } };
    const [page] = await all(read.changes(way === 'delta' ? { ...DELTA, types: { Email: 'email' } } : null, ask('Email')));
    expect(page?.seen).toEqual([gone]);
    expect(await read.byIds([ids.lead], ask('Email'))).toEqual([gone]);
    for (const soql of soqlOf(seen)) expect(soql).toContain('IsConverted, ConvertedContactId');
  });

  test('one that is open, and one whose contact nobody may see, are leads', async () => {
    const open = lead({ IsConverted: false, ConvertedContactId: null, Email: 'a@b.example' });
    const hidden = lead({ Id: '00Q000000000002AAA', IsConverted: true, ConvertedContactId: null, Email: 'c@d.example' });
    const { port } = await openOrg((one) => (isQuery(one) ? rows(open, hidden) : undefined), { sobject: 'Lead' });
    const [page] = await all(port('lead').read.changes(null, ask('Email')));
    expect(page?.seen.map(({ kind }) => kind)).toEqual(['present', 'present']);
  });

  test('an edit of one that has been converted meanwhile is let go, so that the look for it finds the contact', async () => {
    const { port } = await openOrg(
      ({ path }) =>
        path === `${V}/composite/sobjects`
          ? { body: [{ success: false, errors: [{ statusCode: 'CANNOT_UPDATE_CONVERTED_LEAD', message: 'cannot', fields: [] }] }] }
          : undefined,
      { sobject: 'Lead' },
    );
    const write = { verb: 'update', id: ids.lead, ifVersion: null, fields: { FirstName: 'A' }, seen: {} } as const;
    const [outcome] = await must(port('lead').write, 'a writer').apply([write], ask());
    expect(outcome?.done === false && outcome.error.kind).toBe('gone');
  });
});

describe('owners', () => {
  const given = { sobject: 'Case', fields: [field('Subject'), owner], session: { settings: { fallbackOwner: 'Ada@acme.example' } } };

  test('a queue is not nobody, and of what the fallback owner has nothing is said', async () => {
    const owned = (n: number, OwnerId: string, Email: string | null) => row(n, { OwnerId, Owner: { attributes: {}, Email } });
    const { port } = await openOrg(
      (one) =>
        isQuery(one)
          ? rows(
              owned(1, '00G000000000001AAA', 'queue@acme.example'),
              owned(2, '005000000000001AAA', 'ADA@acme.example'),
              owned(3, '005000000000009AAA', 'Bo@acme.example'),
            )
          : undefined,
      given,
    );
    const [page] = await all(port('ticket').read.changes(null, ask('owner_email')));
    expect(page?.seen.map((one) => one.kind === 'present' && one.fields)).toEqual([{}, {}, { owner_email: 'bo@acme.example' }]);
  });

  test('whom the org does not know gives way to the fallback owner, and a fallback that is nobody is the operator’s to mend', async () => {
    const script = (one: Seen): Reply | undefined =>
      one.path.startsWith(`${V}/composite`) ? { body: [{ id: ids.case, success: true, errors: [] }] } : undefined;
    const create = { verb: 'create', key: 'k', fields: { Subject: 'x', owner_email: 'gone@acme.example' } } as const;
    const { port, seen } = await openOrg(script, given);
    expect(await must(port('ticket').write, 'a writer').apply([create], ask())).toMatchObject([{ done: true, id: ids.case }]);
    expect(seen.at(-1)?.body).toMatchObject({ records: [{ OwnerId: '005000000000001AAA' }] });
    const lost = await openOrg(script, { ...given, session: { settings: { fallbackOwner: 'twin@acme.example' } } });
    await expect(must(lost.port('ticket').write, 'a writer').apply([create], ask())).rejects.toMatchObject({ kind: 'misconfigured' });
  });
});

describe('what tasks are about', () => {
  const fields = [field('Subject', 'combobox'), field('WhoId', 'reference'), field('WhatId', 'reference'), owner];
  const asked = ask('contacts', 'leads', 'deals', 'tickets', 'companies');
  const writing = async () => {
    const org = await openOrg(
      ({ path, body }) => {
        if (!path.startsWith(`${V}/composite`)) return undefined;
        const { records } = body as { records: readonly object[] };
        return { body: records.map((_one, n) => ({ id: `00T00000000000${n}AAA`, success: true, errors: [] })) };
      },
      { sobject: 'Task', fields },
    );
    const { apply } = must(org.port('task').write, 'a writer');
    /** What is sent for each write, or the fields that were refused. */
    const sent = async (...writes: readonly { readonly fields: Fields; readonly seen?: Fields }[]) => {
      const outcomes = await apply(
        writes.map((one, n) => ({ verb: 'update', id: `00T00000000000${n}AAA`, ifVersion: null, seen: {}, ...one })),
        ask(),
      );
      const bodies = org.seen.flatMap(({ body }) => (body as { records?: readonly Record<string, unknown>[] } | '' | undefined) || []);
      const records = bodies.flatMap(({ records = [] }) => records);
      return outcomes.map((outcome, n) => {
        if (!outcome.done) return [outcome.error.kind, ...outcome.error.fields];
        const {
          attributes: _type,
          id: _id,
          ...columns
        } = must(
          records.find(({ id }) => id === `00T00000000000${n}AAA`),
          'a row',
        );
        return columns;
      });
    };
    return { ...org, sent };
  };

  test('each column is shown as the kind of record that is in it; of the other kinds nothing is said while there is no room for them', async () => {
    const about = (n: number, WhoId: string | null, WhatId: string | null) => row(n, { WhoId, WhatId });
    const { port, seen } = await openOrg(
      (one) =>
        isQuery(one) ? rows(about(1, ids.contact, ids.deal), about(2, ids.lead, null), about(3, null, 'a01000000000001AAA')) : undefined,
      { sobject: 'Task', fields },
    );
    const [page] = await all(port('task').read.changes(null, asked));
    expect(page?.seen.map((one) => one.kind === 'present' && one.fields)).toEqual([
      { contacts: [ids.contact], deals: [ids.deal] },
      { leads: [ids.lead], deals: [], tickets: [], companies: [] },
      { contacts: [], leads: [] },
    ]);
    expect(soqlOf(seen)).toEqual(['SELECT Id, SystemModstamp, LastModifiedBy.Name, WhoId, WhatId FROM Task ORDER BY Id']);
    const schema = new Map((await port('task').fields('all')).map((one) => [one.name, one]));
    expect(schema.get('companies')).toMatchObject({ type: 'references', writable: true });
  });

  test('one record goes into a column; a second one is refused by the name of its field, and nothing is dropped', async () => {
    const { sent } = await writing();
    expect(
      await sent(
        { fields: { contacts: [ids.contact], deals: [ids.deal], tickets: [] } },
        { fields: { deals: [ids.deal], tickets: [ids.case] } },
        { fields: { contacts: [ids.contact, '003000000000008AAA'] } },
        { fields: { contacts: [`${ids.contact}#Decision maker`] } },
        // It stands for the other field of the column as it was seen.
        { fields: { tickets: [ids.case] }, seen: { deals: [ids.deal] } },
        { fields: { tickets: [ids.case], deals: [] }, seen: { deals: [ids.deal] } },
        { fields: { deals: null }, seen: { deals: [ids.deal] } },
        { fields: { companies: [] }, seen: { deals: [ids.deal] } },
      ),
    ).toEqual([
      { WhoId: ids.contact, WhatId: ids.deal },
      ['record_rejected', 'tickets'],
      ['record_rejected', 'contacts'],
      ['record_rejected', 'contacts'],
      ['record_rejected', 'tickets'],
      { WhatId: ids.case },
      { WhatId: null },
      { WhatId: ids.deal },
    ]);
  });

  test('a refusal of a column names the fields that were written into it', async () => {
    const { port } = await openOrg(
      ({ path }) =>
        path === `${V}/composite/sobjects`
          ? { body: [{ success: false, errors: [{ statusCode: 'INVALID_CROSS_REFERENCE_KEY', message: 'no', fields: ['WhatId'] }] }] }
          : undefined,
      { sobject: 'Task', fields },
    );
    const write = {
      verb: 'update',
      id: '00T000000000001AAA',
      ifVersion: null,
      fields: { Subject: 'x', deals: [ids.deal] },
      seen: {},
    } as const;
    const [outcome] = await must(port('task').write, 'a writer').apply([write], ask());
    expect(outcome?.done === false && [outcome.error.kind, outcome.error.fields]).toEqual(['record_rejected', ['deals']]);
  });

  test('events are only read', async () => {
    const { port } = await openOrg(() => undefined);
    expect(port('event').write).toBeUndefined();
  });
});

test('what can only be set when a member is made may be written, other things that never change may not', async () => {
  const fixed = { updateable: false };
  const { port } = await openOrg(() => undefined, {
    sobject: 'CampaignMember',
    fields: [
      field('Status'),
      field('CampaignId', 'reference', { ...fixed, nillable: false }),
      field('ContactId', 'reference', fixed),
      field('CreatedDate', 'datetime', fixed),
    ],
  });
  const writable = Object.fromEntries((await port('campaign_member').fields('all')).map(({ name, writable }) => [name, writable]));
  expect(writable).toEqual({ Status: true, CampaignId: true, ContactId: true, CreatedDate: false });
});

test('an object that an org has made for itself is read by its API name, and cannot be merged', async () => {
  const { port, seen } = await openOrg(
    (one) => (isQuery(one) ? rows(row(1, { Id: 'a01000000000001AAA', IsDeleted: false, Name: 'Rex' })) : undefined),
    {
      sobject: 'Pet__c',
      fields: [field('Name'), owner],
    },
  );
  const pet = port('custom_Pet__c');
  expect((await pet.fields('all')).map(({ name }) => name)).toEqual(['Name', 'OwnerId', 'owner_email']);
  const [page] = await all(pet.read.changes(DELTA, ask('Name')));
  expect(page?.seen).toMatchObject([{ kind: 'present', fields: { Name: 'Rex' } }]);
  expect(soqlOf(seen).at(-1)).toContain('SELECT Id, SystemModstamp, IsDeleted, LastModifiedBy.Name, Name FROM Pet__c WHERE');
});

test('what is shown of an encrypted text without the right to view it is taken for nothing', async () => {
  for (const [shown, fields] of [
    ['*********', {}],
    ['XXXXX1234', {}],
    ['XX', {}],
    ['12-3456', { FirstName: '12-3456' }],
    [null, { FirstName: null }],
  ] as const) {
    const { contact } = await openOrg((seen) => (isQuery(seen) ? rows(row(1, { FirstName: shown })) : undefined), {
      fields: [field('FirstName', 'encryptedstring')],
    });
    const [page] = await all(contact.read.changes(DELTA, ask('FirstName')));
    expect(page?.seen[0]?.kind === 'present' ? page.seen[0].fields : null).toEqual(fields);
  }
});

test('a schema that has not changed is not sent again, and one that has is seen', async () => {
  let modified = 'Sun, 22 Nov 2026 10:00:00 GMT';
  const { contact, seen } = await openOrg((one) => {
    if (!one.path.endsWith('/describe')) return undefined;
    const isSame = one.headers.get('if-modified-since') === modified;
    const named = modified.includes('10:00') ? 'FirstName' : 'Nickname__c';
    return isSame ? { status: 304, body: '' } : { body: { fields: [field(named)] }, headers: { 'last-modified': modified } };
  });
  const names = async () => (await contact.fields('all')).map(({ name }) => name).filter((name) => name !== 'owner_email');
  expect([await names(), await names()]).toEqual([['FirstName'], ['FirstName']]);
  modified = 'Sun, 22 Nov 2026 11:00:00 GMT';
  expect(await names()).toEqual(['Nickname__c']);
  expect(seen.map(({ headers }) => headers.get('if-modified-since'))).toEqual([
    null,
    'Sun, 22 Nov 2026 10:00:00 GMT',
    'Sun, 22 Nov 2026 10:00:00 GMT',
  ]);
});
