import { afterEach, describe, expect, test } from 'vitest';
import { hubspot } from '../../connectors/hubspot/index.ts';
import { handsOf, hubspotSandbox } from '../../connectors/hubspot/sandbox/index.ts';
import type { Ask } from '../../src/contract/connector.ts';
import type { Create, Cursor, Fields, Observation, Present, Update } from '../../src/contract/records.ts';
import { must } from '../../src/kernel/must.ts';
import { makeTown } from '../../src/sandbox/people.ts';
import { openSandbox } from '../../src/sandbox/sandbox.ts';
import { testSession } from '../support/session.ts';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const CONTACT_FIELDS = [
  'email',
  'firstname',
  'lastname',
  'phone',
  'jobtitle',
  'lifecyclestage',
  'owner_email',
  'company',
  'nps_score',
  'feedback_at',
];
const COMPANY_FIELDS = ['name', 'domain', 'industry', 'numberofemployees'];
const SOON = '2026-11-20T08:59:00.000Z';

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

async function stage(options: { people?: number; switches?: Record<string, string | number | boolean>; settings?: Fields } = {}) {
  let atMs = Date.parse('2026-11-20T09:00:00.000Z');
  const sandbox = await openSandbox(hubspotSandbox, {
    seed: 7,
    town: makeTown({ seed: 7, people: options.people ?? 40 }),
    now: () => new Date(atMs),
    switches: options.switches ?? {},
  });
  closing.push(sandbox.close);
  const session = testSession(hubspot.manifest, {
    origin: sandbox.origin,
    credentials: hubspotSandbox.credentials,
    ...(options.settings === undefined ? {} : { settings: options.settings }),
  });
  const ports = hubspot.open(session);
  const contact = must(ports.objects.contact, 'contacts');
  const company = must(ports.objects.company, 'companies');
  return {
    sandbox,
    session,
    ports,
    contact,
    company,
    hands: handsOf(sandbox.sandbox),
    write: must(contact.write, 'a writer'),
    wind: (ms: number) => {
      atMs += ms;
    },
    /** The calls of `work`, by method and path. */
    async calls(work: () => Promise<unknown>): Promise<Record<string, number>> {
      const before = new Map(sandbox.requests);
      await work();
      const made = [...sandbox.requests].map(([name, count]) => [name, count - (before.get(name) ?? 0)] as const);
      return Object.fromEntries(made.filter(([, count]) => count > 0));
    },
  };
}
type Stage = Awaited<ReturnType<typeof stage>>;

/** A hub's memory, as far as a reader can see it. */
function memory(fields: readonly string[]) {
  const held = new Map<string, Present>();
  const ask: Ask = {
    scope: 'all',
    fields,
    known: async (seen) => new Set(seen.filter(({ id, changedAt }) => held.get(id)?.changedAt === changedAt).map(({ id }) => id)),
  };
  return {
    held,
    ask,
    keep(seen: readonly Observation[]) {
      for (const one of seen) if (one.kind === 'present') held.set(one.id, one);
    },
  };
}
type Memory = ReturnType<typeof memory>;

async function read(
  port: Stage['contact'],
  hub: Memory,
  from: Cursor | null,
): Promise<{ cursor: Cursor; seen: readonly Observation[]; pages: number }> {
  let cursor = from;
  const seen: Observation[] = [];
  let pages = 0;
  for await (const page of port.read.changes(from, hub.ask)) {
    expect(page.seen.length).toBeLessThanOrEqual(100);
    expect(page.cursor).toStrictEqual(JSON.parse(JSON.stringify(page.cursor)));
    hub.keep(page.seen);
    seen.push(...page.seen);
    cursor = page.cursor;
    pages += 1;
  }
  return { cursor: must(cursor, 'a cursor'), seen, pages };
}

const create = (key: string, fields: Fields): Create => ({ verb: 'create', key, fields });
const update = (id: string, fields: Fields, seen: Fields = {}): Update => ({ verb: 'update', id, ifVersion: null, fields, seen });
const idsOf = (seen: readonly Observation[]) => seen.map(({ id }) => id);
const SEARCH = 'POST /crm/objects/2026-09/contacts/search';

describe('reading', () => {
  test('a backfill shows every contact with its owner and its company, at one list call for each hundred', async () => {
    const { contact, hands, calls } = await stage({ people: 400 });
    const hub = memory(CONTACT_FIELDS);
    const all = hands.contacts.all();
    const made = await calls(() => read(contact, hub, null));
    expect([...hub.held.keys()].sort()).toStrictEqual(all.map(({ id }) => id).sort());
    expect(made).toStrictEqual({
      'GET /crm/objects/2026-09/contacts': Math.ceil(all.length / 100),
      'GET /crm/properties/2026-09/contacts': 1,
      'GET /crm/owners/2026-09': 1,
    });
    for (const { id, properties, updatedAt } of all) {
      const seen = must(hub.held.get(id), id);
      expect(seen.changedAt).toBe(updatedAt);
      expect(Object.keys(seen.fields).sort()).toStrictEqual([...CONTACT_FIELDS].sort());
      expect(seen.fields).toMatchObject({ email: properties.email ?? null, company: hands.companiesOf(id)[0] ?? null });
      expect(seen.fields.owner_email).toMatch(/@/);
    }
  });

  test('a backfill that was cut goes on where it was', async () => {
    const { contact, hands, calls } = await stage({ people: 400 });
    const hub = memory(CONTACT_FIELDS);
    let cursor: Cursor | null = null;
    for await (const page of contact.read.changes(null, hub.ask)) {
      hub.keep(page.seen);
      cursor = page.cursor;
      break;
    }
    const made = await calls(() => read(contact, hub, cursor));
    expect(hub.held.size).toBe(hands.contacts.all().length);
    expect(made['GET /crm/objects/2026-09/contacts']).toBe(Math.ceil(hands.contacts.all().length / 100) - 1);
  });

  test('when nothing changed a cycle is one call', async () => {
    const { contact, calls, wind } = await stage();
    const hub = memory(CONTACT_FIELDS);
    let { cursor } = await read(contact, hub, null);
    for (let cycle = 0; cycle < 12; cycle += 1) {
      wind(MINUTE);
      const made = await calls(async () => {
        const next = await read(contact, hub, cursor);
        expect(next.seen).toStrictEqual([]);
        cursor = next.cursor;
      });
      expect(made).toStrictEqual({ [SEARCH]: 1 });
    }
  });

  test('an edit is seen once, although the index shows it late', async () => {
    const { contact, hands, wind, calls } = await stage({ switches: { indexLagMs: 10_000 } });
    const hub = memory(CONTACT_FIELDS);
    let { cursor } = await read(contact, hub, null);
    const [first] = hands.contacts.all();
    const id = must(first, 'a contact').id;
    wind(MINUTE);
    hands.contacts.edit(id, { jobtitle: 'Captain' });
    wind(SECOND);
    const seen: string[] = [];
    const made = await calls(async () => {
      for (let cycle = 0; cycle < 30; cycle += 1) {
        const next = await read(contact, hub, cursor);
        seen.push(...idsOf(next.seen));
        cursor = next.cursor;
        wind(3 * SECOND);
      }
    });
    expect(seen).toStrictEqual([id]);
    expect(hub.held.get(id)?.fields.jobtitle).toBe('Captain');
    expect(made).toStrictEqual({ [SEARCH]: 30, 'POST /crm/associations/2026-09/contacts/companies/batch/read': 1 });
  });

  test('a change that the index shows minutes late is found all the same', async () => {
    const { contact, hands, wind } = await stage({ switches: { stragglers: 1 } });
    const hub = memory(CONTACT_FIELDS);
    let { cursor } = await read(contact, hub, null);
    wind(MINUTE);
    const edited = hands.contacts
      .all()
      .slice(0, 10)
      .map(({ id }) => hands.contacts.edit(id, { jobtitle: 'Captain' }).id);
    const seen: string[] = [];
    for (let cycle = 0; cycle < 15; cycle += 1) {
      const next = await read(contact, hub, cursor);
      seen.push(...idsOf(next.seen));
      cursor = next.cursor;
      wind(MINUTE);
    }
    expect(seen.sort()).toStrictEqual([...edited].sort());
  });

  test('more changes of one moment than the index shows at a time are all read, at the fewest calls', async () => {
    const { contact, hands, wind, calls } = await stage({ people: 1800, switches: { searchPerSecond: 1000 } });
    const hub = memory(CONTACT_FIELDS);
    const { cursor } = await read(contact, hub, null);
    const total = hands.contacts.all().length;
    wind(MINUTE);
    hands.contacts.touch();
    wind(MINUTE);
    const made = await calls(async () => expect((await read(contact, hub, cursor)).seen).toHaveLength(total));
    expect(total).toBeGreaterThan(1000);
    expect(made).toStrictEqual({
      [SEARCH]: Math.ceil(total / 200),
      'POST /crm/associations/2026-09/contacts/companies/batch/read': Math.ceil(total / 1000),
    });
  });

  test('a pass over changes that was cut goes on where it was', async () => {
    const { contact, hands, wind, calls } = await stage({ people: 600, switches: { searchPerSecond: 1000 } });
    const hub = memory(CONTACT_FIELDS);
    let { cursor } = await read(contact, hub, null);
    wind(MINUTE);
    hands.contacts.touch();
    wind(MINUTE);
    const seen: string[] = [];
    for await (const page of contact.read.changes(cursor, hub.ask)) {
      seen.push(...idsOf(page.seen));
      cursor = page.cursor;
      break;
    }
    const total = hands.contacts.all().length;
    const made = await calls(async () => seen.push(...idsOf((await read(contact, hub, cursor)).seen)));
    expect(seen.sort()).toStrictEqual(
      hands.contacts
        .all()
        .map(({ id }) => id)
        .sort(),
    );
    expect(made[SEARCH]).toBe(Math.ceil((total - 100) / 200));
  });

  test('a reader that shares the search budget gets on with every try', async () => {
    const { contact, hands, wind } = await stage({ people: 1800, switches: { searchPerSecond: 2 } });
    const hub = memory(CONTACT_FIELDS);
    let { cursor } = await read(contact, hub, null);
    wind(MINUTE);
    hands.contacts.touch();
    wind(MINUTE);
    const seen: string[] = [];
    let tries = 0;
    for (let done = false; !done; tries += 1) {
      try {
        for await (const page of contact.read.changes(cursor, hub.ask)) {
          seen.push(...idsOf(page.seen));
          cursor = page.cursor;
        }
        done = true;
      } catch (error) {
        expect(error).toMatchObject({ kind: 'rate_limited', retryAfterMs: SECOND });
        wind(SECOND);
      }
    }
    const all = hands.contacts.all().map(({ id }) => id);
    expect(seen.sort()).toStrictEqual(all.sort());
    expect(tries).toBe(Math.ceil(all.length / 400));
  });

  test('companies are read by their own modified date', async () => {
    const { company, hands, wind } = await stage();
    const hub = memory(COMPANY_FIELDS);
    const { cursor } = await read(company, hub, null);
    expect(hub.held.size).toBe(hands.companies.all().length);
    const id = must(hands.companies.all()[0], 'a company').id;
    wind(MINUTE);
    hands.companies.edit(id, { numberofemployees: '77' });
    wind(MINUTE);
    const { seen } = await read(company, hub, cursor);
    expect(seen).toMatchObject([{ id, fields: { numberofemployees: 77 } }]);
  });

  test('byIds answers every id in order, and what was deleted, merged away, or never was is gone', async () => {
    const { contact, hands, calls } = await stage();
    const [a, b, c, d] = idsOf(hands.contacts.all().map(({ id }) => ({ kind: 'gone', id, changedAt: '' })));
    const [kept, removed, primary, other] = [a, b, c, d].map((id) => must(id, 'an id'));
    hands.contacts.remove(must(removed, 'b'));
    hands.contacts.merge(must(primary, 'c'), must(other, 'd'));
    const ids = ['999999', must(other, 'd'), must(kept, 'a'), 'not-an-id', must(removed, 'b'), must(primary, 'c')];
    let seen: readonly Observation[] = [];
    const made = await calls(async () => {
      seen = await contact.read.byIds(ids, memory(CONTACT_FIELDS).ask);
    });
    expect(idsOf(seen)).toStrictEqual(ids);
    expect(seen.map(({ kind }) => kind)).toStrictEqual(['gone', 'gone', 'present', 'gone', 'gone', 'gone']);
    expect(seen[0]?.changedAt).toBe('2026-11-20T09:00:00.000Z');
    // One for all, one for what is in the bin of those that it left out; and one for each that is lost without being there.
    expect(made['POST /crm/objects/2026-09/contacts/batch/read']).toBe(2);
    expect(Object.keys(made).filter((name) => /^GET .*contacts\/\d+$/.test(name))).toHaveLength(3);
  });

  test('of several companies the primary one is shown, by every way of reading', async () => {
    const { contact, company, hands, wind } = await stage();
    const hub = memory(['company']);
    const id = must(hands.contacts.all()[0], 'a contact').id;
    const [first] = hands.companiesOf(id);
    const other = must(
      hands.companies.all().find((one) => one.id !== first),
      'another company',
    ).id;
    hands.tie(id, other, { primary: true });
    expect(company).toBeDefined();
    const { cursor } = await read(contact, hub, null);
    expect(hub.held.get(id)?.fields).toStrictEqual({ company: other });
    wind(MINUTE);
    hands.contacts.edit(id, { jobtitle: 'Captain' });
    hands.untie(id, other);
    wind(MINUTE);
    const { seen } = await read(contact, hub, cursor);
    expect(seen).toMatchObject([{ id, fields: { company: first } }]);
    hands.untie(id, must(first, 'a company'));
    expect(await contact.read.byIds([id], hub.ask)).toMatchObject([{ fields: { company: null } }]);
  });

  test.each(['2026-03', 'v3'])('version %s is read and written like 2026-09', async (apiVersion) => {
    const { contact, write, hands, wind } = await stage({ settings: { apiVersion } });
    const hub = memory(CONTACT_FIELDS);
    const { cursor } = await read(contact, hub, null);
    expect(hub.held.size).toBe(hands.contacts.all().length);
    const [id] = hub.held.keys();
    const company = must(hands.companies.all()[0], 'a company').id;
    const [outcome] = await write.apply(
      [update(must(id, 'an id'), { phone: '1', company }, { company: hub.held.get(must(id, 'an id'))?.fields.company ?? null })],
      hub.ask,
    );
    expect(outcome).toMatchObject({ done: true, observed: { fields: { phone: '1', company } } });
    wind(MINUTE);
    expect(idsOf((await read(contact, hub, cursor)).seen)).toStrictEqual([id]);
  });
});

describe('writing', () => {
  test('what was written is what is read', async () => {
    const { contact, write, hands } = await stage();
    const { ask } = memory(CONTACT_FIELDS);
    const company = must(hands.companies.all()[0], 'a company').id;
    const fields = {
      email: 'Ada@Example.com',
      firstname: 'Ada',
      nps_score: 9,
      feedback_at: '2026-11-01T10:00:00.000Z',
      owner_email: 'RosA.delgado@syncline.example',
      company,
    };
    const [made] = await write.apply([create('k-1', fields)], ask);
    const id = made?.done === true ? made.id : '';
    const shown = { ...fields, email: 'ada@example.com', owner_email: 'rosa.delgado@syncline.example' };
    expect(made).toMatchObject({ done: true, observed: { fields: shown } });
    expect(hands.contacts.get(id)?.properties).toMatchObject({ firstname: 'Ada', nps_score: '9', syncline_id: 'k-1' });
    expect(await contact.read.byIds([id], ask)).toMatchObject([{ fields: shown }]);
  });

  test('our own write comes back as nothing new when its answer showed everything', async () => {
    const { contact, write, hands, wind, calls } = await stage();
    const hub = memory(['jobtitle']);
    const { cursor } = await read(contact, hub, null);
    const id = must(hands.contacts.all()[0], 'a contact').id;
    wind(MINUTE);
    const [outcome] = await write.apply([update(id, { jobtitle: 'Captain' })], hub.ask);
    if (outcome?.done === true && outcome.observed !== null) hub.keep([outcome.observed]);
    wind(MINUTE);
    expect(await calls(async () => expect((await read(contact, hub, cursor)).seen).toStrictEqual([]))).toStrictEqual({ [SEARCH]: 1 });
  });

  test('an edit right before our write is not taken for known because of it', async () => {
    const { contact, write, hands, wind } = await stage();
    const hub = memory(['jobtitle', 'phone']);
    const { cursor } = await read(contact, hub, null);
    const id = must(hands.contacts.all()[0], 'a contact').id;
    wind(MINUTE);
    hands.contacts.edit(id, { phone: '+15550100' });
    const [outcome] = await write.apply([update(id, { jobtitle: 'Captain' })], hub.ask);
    if (outcome?.done === true && outcome.observed !== null) hub.keep([outcome.observed]);
    wind(MINUTE);
    expect((await read(contact, hub, cursor)).seen).toMatchObject([{ id, fields: { jobtitle: 'Captain', phone: '+15550100' } }]);
  });

  test('a hundred changes are one call, and each answer shows the record', async () => {
    const { contact, write, hands, calls } = await stage({ people: 200 });
    const hub = memory(CONTACT_FIELDS);
    await read(contact, hub, null);
    const writes = hands.contacts
      .all()
      .slice(0, 100)
      .map(({ id }) => update(id, { phone: null, jobtitle: `T${id}` }, hub.held.get(id)?.fields ?? {}));
    const made = await calls(async () => {
      const outcomes = await write.apply(writes, hub.ask);
      outcomes.forEach((outcome, i) => {
        expect(outcome).toMatchObject({
          done: true,
          id: writes[i]?.id,
          observed: { fields: { phone: null, jobtitle: `T${writes[i]?.id}` } },
        });
      });
    });
    expect(made).toStrictEqual({ 'POST /crm/objects/2026-09/contacts/batch/update': 1 });
  });

  test('good rows are written and bad rows say why', async () => {
    const { write, hands } = await stage();
    const { ask } = memory(CONTACT_FIELDS);
    const [kept, removed, taken] = hands.contacts.all().filter(({ properties }) => properties.email !== undefined);
    const [keptId, removedId] = [must(kept, 'a').id, must(removed, 'b').id];
    hands.contacts.remove(removedId);
    const outcomes = await write.apply(
      [
        create('k-1', { email: 'new@example.com' }),
        create('k-2', { email: must(taken?.properties.email, 'an address').toUpperCase() }),
        create('k-3', { email: 'other@example.com', lifecyclestage: 'no such stage' }),
        update(keptId, { jobtitle: 'Captain' }),
        update(removedId, { jobtitle: 'Captain' }),
        create('k-4', { firstname: 'Zed', owner_email: 'nobody@example.com' }),
        update(must(taken, 'c').id, { nps_score: 'many' }),
      ],
      ask,
    );
    expect(outcomes).toMatchObject([
      { done: true },
      { done: false, error: { kind: 'already_there', existingId: must(taken, 'c').id } },
      { done: false, error: { kind: 'record_rejected', fields: ['lifecyclestage'] } },
      { done: true, id: keptId },
      { done: false, error: { kind: 'gone' } },
      { done: false, error: { kind: 'record_rejected', fields: ['owner_email'] } },
      { done: false, error: { kind: 'record_rejected', fields: ['nps_score'] } },
    ]);
  });

  test('a merged record is gone, and not silently unchanged', async () => {
    const { write, hands } = await stage();
    const [a, b] = hands.contacts.all();
    hands.contacts.merge(must(a, 'a').id, must(b, 'b').id);
    const outcomes = await write.apply([update(must(a, 'a').id, { jobtitle: 'Captain' })], memory(CONTACT_FIELDS).ask);
    expect(outcomes).toMatchObject([{ done: false, error: { kind: 'gone' } }]);
  });

  test.each(['ignore', 'refuse'])('a lifecycle stage goes backwards too (%s)', async (lifecycleBackwards) => {
    const { write, hands, calls } = await stage({ switches: { lifecycleBackwards } });
    const customers = hands.contacts.all().filter(({ properties }) => properties.lifecyclestage === 'customer');
    const writes = customers.map(({ id }, i) =>
      update(id, { lifecyclestage: i === 0 ? 'evangelist' : 'lead' }, { lifecyclestage: 'customer' }),
    );
    expect(writes.length).toBeGreaterThan(2);
    const made = await calls(async () => {
      const outcomes = await write.apply(writes, memory(CONTACT_FIELDS).ask);
      expect(outcomes.every(({ done }) => done)).toBe(true);
    });
    expect(customers.map(({ id }) => hands.contacts.get(id)?.properties.lifecyclestage)).toStrictEqual(
      writes.map(({ fields }) => fields.lifecyclestage),
    );
    expect(made['POST /crm/objects/2026-09/contacts/batch/update']).toBe(2);
  });

  test('a contact moves from one company to another, loses it, and keeps those that the hub never knew', async () => {
    const { write, hands, calls } = await stage();
    const { ask } = memory(CONTACT_FIELDS);
    const id = must(hands.contacts.all()[0], 'a contact').id;
    const former = must(hands.companiesOf(id)[0], 'a company');
    const [next, unknown] = hands.companies
      .all()
      .map((one) => one.id)
      .filter((one) => one !== former);
    hands.tie(id, must(unknown, 'a third company'));
    const made = await calls(async () => {
      const [moved] = await write.apply([update(id, { company: must(next, 'a company'), phone: '7' }, { company: former })], ask);
      expect(moved).toMatchObject({ done: true, observed: { fields: { company: next, phone: '7' } } });
    });
    expect(made).toMatchObject({
      'POST /crm/associations/2026-09/contacts/companies/batch/create': 1,
      'POST /crm/associations/2026-09/contacts/companies/batch/archive': 1,
      'POST /crm/objects/2026-09/contacts/batch/update': 1,
    });
    expect([...hands.companiesOf(id)].sort()).toStrictEqual([next, unknown].map((one) => must(one, 'a company')).sort());
    const [cleared] = await write.apply([update(id, { company: null }, { company: must(next, 'a company') })], ask);
    expect(cleared).toMatchObject({ done: true, observed: { fields: { company: unknown } } });
    const [refused] = await write.apply([update(id, { company: '999999', phone: '8' }, { company: must(unknown, 'a company') })], ask);
    expect(refused).toMatchObject({ done: false, error: { kind: 'record_rejected', fields: ['company'] } });
    expect(hands.contacts.get(id)?.properties.phone).toBe('7');
  });

  test('an unknown property condemns only its own rows', async () => {
    const { write, hands } = await stage();
    const writes = hands.contacts
      .all()
      .slice(0, 5)
      .map(({ id }, i) => update(id, i === 2 ? { no_such_thing: 'x' } : { jobtitle: 'Captain' }));
    const outcomes = await write.apply(writes, memory(CONTACT_FIELDS).ask);
    expect(outcomes.map(({ done }) => done)).toStrictEqual([true, true, false, true, true]);
  });
});

describe('after a create whose answer was lost', () => {
  const LOST = { on: 'POST /crm/objects/2026-09/contacts/batch/create', lose: 'after' } as const;
  const NEVER = { ...LOST, lose: 'before' } as const;
  const cases = [
    ['by the key of the hub', { uniqueId: true }, { email: 'ada@example.com' }],
    ['by e-mail address', { uniqueId: false }, { email: 'Ada@Example.com' }],
    ['by all of its values', { uniqueId: false, indexLagMs: 600_000 }, { firstname: 'Ada', lastname: 'Lovelace', nps_score: 9 }],
  ] as const;
  test.each(cases)('the record is found %s, and only when it was made', async (_name, switches, fields) => {
    const { contact, write, sandbox, hands } = await stage({ switches });
    const { ask } = memory(CONTACT_FIELDS);
    await read(contact, memory(CONTACT_FIELDS), null);
    const creates = [create('k-1', fields)];
    sandbox.fail(NEVER);
    await expect(write.apply(creates, ask)).rejects.toMatchObject({ kind: 'unreachable' });
    expect(await write.recall(creates, SOON, ask)).toStrictEqual([null]);
    sandbox.fail(LOST);
    await expect(write.apply(creates, ask)).rejects.toMatchObject({ kind: 'unreachable' });
    const [found] = await write.recall([...creates, create('k-2', { lastname: 'Nobody' })], SOON, ask);
    expect(found).toMatchObject({ kind: 'present', fields: { nps_score: 'nps_score' in fields ? 9 : null } });
    expect(hands.contacts.get(must(found, 'a contact').id)?.properties).toHaveProperty('email' in fields ? 'email' : 'firstname');
  });

  test('a repeat is refused by the key, and the record is named', async () => {
    const { write } = await stage();
    const { ask } = memory(CONTACT_FIELDS);
    const [made] = await write.apply([create('k-1', { firstname: 'Ada' })], ask);
    const [repeated] = await write.apply([create('k-1', { firstname: 'Ada' })], ask);
    expect(repeated).toMatchObject({ done: false, error: { kind: 'already_there', existingId: made?.done === true ? made.id : '' } });
  });
});

describe('the account and its schema', () => {
  test('the portal is named', async () => {
    const { ports } = await stage();
    expect(await ports.identify()).toStrictEqual({ id: '24711001', name: 'HubSpot portal 24711001', timeZone: 'Europe/Berlin' });
  });

  test('the live schema has types, choices, what may be written, and the virtual fields', async () => {
    const { contact } = await stage();
    const fields = new Map((await contact.fields('all')).map((field) => [field.name, field]));
    expect(fields.get('email')).toMatchObject({ type: 'text', writable: true, maxLength: 65_536, choices: null });
    expect(fields.get('lifecyclestage')?.choices?.[0]).toStrictEqual({ value: 'subscriber', label: 'Subscriber' });
    expect(fields.get('nps_score')).toMatchObject({ type: 'number', writable: true, maxLength: null });
    expect(fields.get('feedback_comment')?.type).toBe('long_text');
    expect(fields.get('feedback_at')?.type).toBe('datetime');
    expect(fields.get('lastmodifieddate')?.writable).toBe(false);
    expect(fields.get('associatedcompanyid')?.writable).toBe(false);
    expect(fields.get('company')).toMatchObject({ type: 'reference', writable: true });
    expect(fields.get('owner_email')?.choices).toContainEqual({ value: 'ava.brooks@syncline.example', label: 'Ava Brooks' });
  });

  test('without the scope for owners there is no such field, and everything else works', async () => {
    const { contact } = await stage({ switches: { scopes: 'crm.objects.owners.read' } });
    expect((await contact.fields('all')).map(({ name }) => name)).not.toContain('owner_email');
    await expect(read(contact, memory(['owner_email']), null)).rejects.toMatchObject({ kind: 'not_allowed' });
    const hub = memory(['email']);
    await read(contact, hub, null);
    expect(hub.held.size).toBeGreaterThan(0);
  });
});
