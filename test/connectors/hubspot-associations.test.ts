import { describe, expect, test } from 'vitest';
import type { Fields } from '../../src/contract/records.ts';
import { must } from '../../src/kernel/must.ts';
import { asking, done, listOf, openHubspotStage, readAll, readOne, updateOf } from './hubspot-stage.ts';

const MINUTE = 60_000;
const READ = 'POST /crm/associations/2026-09/contacts/companies/batch/read';
const ask = asking('company', 'companies');

/** A contact with one company, its primary, and three companies that it has nothing to do with. */
async function openContact(...options: Parameters<typeof openHubspotStage>) {
  const stage = await openHubspotStage(...options);
  const id = must(stage.contactIds[0], 'a contact');
  const home = must(stage.hands.primaryOf(id), 'a company');
  const [x = '', y = '', z = ''] = stage.companyIds.filter((one) => one !== home);
  const { contact, write } = stage;
  return {
    ...stage,
    id,
    home,
    x,
    y,
    z,
    fields: async () => (await readOne(contact, id, ask)).fields,
    /** Writes these fields onto what is there, and answers with what HubSpot shows then, which has to be what the outcome showed. */
    async put(fields: Fields, seen?: Fields) {
      const before = seen ?? (await readOne(contact, id, ask)).fields;
      const { observed } = done((await write.apply([updateOf(id, fields, before)], ask))[0]);
      const now = (await readOne(contact, id, ask)).fields;
      expect(observed?.fields).toStrictEqual(now);
      return now;
    },
  };
}
const sorted = (...entries: string[]) => [...entries].sort();

describe('reading', () => {
  test('every company is shown with its labels, by every way of reading, and the primary is one of them', async () => {
    const { contact, hands, wind, fields, id, home, x, y } = await openContact();
    const { cursor } = await readAll(contact, null, ask);
    hands.tie(id, x, { labels: ['Partner', 'Board member'] });
    hands.tie(id, y);
    hands.tie(id, home, { labels: ['Partner'] });
    const shown = { company: home, companies: sorted(`${home}#Partner`, `${x}#Board member`, `${x}#Partner`, y) };
    expect(await fields()).toStrictEqual(shown);
    expect((await readAll(contact, null, ask)).seen.get(id)).toMatchObject({ fields: shown });
    wind(MINUTE);
    hands.contacts.edit(id, { jobtitle: 'Captain' });
    wind(MINUTE);
    expect((await readAll(contact, cursor, ask)).seen.get(id)).toMatchObject({ fields: shown });
  });

  test('a change of associations alone moves no date: a complete read shows it, and so does a second look at what seems known', async () => {
    const { contact, hands, wind, id, home, x } = await openContact();
    wind(MINUTE);
    hands.contacts.edit(id, { jobtitle: 'Captain' });
    wind(MINUTE);
    const { seen, cursor } = await readAll(contact, null, ask);
    const before = must(seen.get(id), 'the contact');
    hands.tie(id, x, { labels: ['Partner'] });
    const after = { kind: 'present', changedAt: before.changedAt, fields: { company: home, companies: sorted(home, `${x}#Partner`) } };
    const knowing = { ...ask, known: async (shown: readonly { readonly id: string }[]) => new Set(shown.map((one) => one.id)) };
    const since = { v: 1, phase: 'delta', since: before.changedAt, deepSince: before.changedAt };
    expect((await readAll(contact, since, knowing)).seen.get(id)).toBeUndefined();
    expect((await readAll(contact, since, ask)).seen.get(id)).toMatchObject(after);
    expect((await readAll(contact, null, ask)).seen.get(id)).toMatchObject(after);
    expect(cursor).toBeDefined();
  });

  test('labels cost a complete read one call more for each thousand contacts, and nothing where there are none', async () => {
    const { contact, hands, calls, contactIds, id, x } = await openContact({ people: 1600 });
    const pages = Math.ceil(contactIds.length / 100);
    const plain = await calls(async () => expect((await readAll(contact, null, ask)).seen.size).toBe(contactIds.length));
    expect(plain).toMatchObject({ 'GET /crm/objects/2026-09/contacts': pages });
    expect(plain).not.toHaveProperty([READ]);
    hands.tie(id, x, { labels: ['Partner'] });
    const labelled = await calls(async () => {
      const { seen } = await readAll(contact, null, ask);
      expect([...seen.keys()].sort()).toStrictEqual([...contactIds].sort());
      expect(seen.get(id)).toMatchObject({ fields: { companies: expect.arrayContaining([`${x}#Partner`]) } });
    });
    expect(contactIds.length).toBeGreaterThan(1000);
    expect(labelled).toMatchObject({ 'GET /crm/objects/2026-09/contacts': pages, [READ]: 2 });
  });

  test('a complete read that is cut keeps the pages before the cut, and goes on after them', async () => {
    const { contact, hands, sandbox, contactIds, id, x } = await openContact({ people: 500 });
    hands.tie(id, x, { labels: ['Partner'] });
    sandbox.fail({ on: 'GET /crm/objects/2026-09/contacts', answer: 429, skip: 3 });
    const seen = new Set<string>();
    const cursors: { v: number }[] = [];
    const cut = (async () => {
      for await (const page of contact.read.changes(null, ask)) {
        for (const one of page.seen) seen.add(one.id);
        cursors.push(page.cursor);
      }
    })();
    await expect(cut).rejects.toMatchObject({ kind: 'rate_limited' });
    expect(seen.size).toBe(300);
    const rest = await readAll(contact, must(cursors.at(-1), 'a cursor'), ask);
    expect([...seen, ...rest.seen.keys()].sort()).toStrictEqual([...contactIds].sort());
  });

  test('a contact with more companies than a list shows is read whole', async () => {
    const { contact, hands, id, companyIds } = await openContact();
    const many = Array.from({ length: 520 }, (_, n) => hands.companies.add({ name: `Branch ${n}` }));
    for (const company of many) hands.tie(id, company);
    const { seen } = await readAll(contact, null, ask);
    const one = must(seen.get(id), 'the contact');
    expect(listOf(one.kind === 'present' ? one.fields.companies : null)).toHaveLength(521);
    expect(companyIds).not.toContain(many[0]);
  });

  test('the schema has the list, which is no property', async () => {
    const { contact, company } = await openContact();
    const fields = await contact.fields('all');
    expect(fields.filter(({ name }) => name === 'companies')).toMatchObject([{ type: 'references', writable: true, required: false }]);
    expect((await company.fields('all')).map(({ name }) => name)).not.toContain('companies');
  });
});

describe('writing', () => {
  test('companies and labels come and go, and only what differs is written', async () => {
    const { put, calls, fields, hands, id, home, x, y } = await openContact();
    hands.tie(id, y, { labels: ['Partner', 'Board member'] });
    hands.untie(id, y);
    const first = { companies: sorted(home, `${x}#Partner`, y) };
    expect(await put(first)).toStrictEqual({ ...first, company: home });
    const second = { companies: sorted(`${home}#Board member`, `${x}#Board member`, `${x}#Partner`) };
    expect(await put(second)).toStrictEqual({ ...second, company: home });
    const third = { companies: sorted(home, x) };
    expect(await put(third)).toStrictEqual({ ...third, company: home });
    const again = await calls(async () => put(third));
    expect(Object.keys(again).filter((name) => /create|archive|update/.test(name))).toStrictEqual([]);
    expect(await put({ companies: null })).toStrictEqual({ company: null, companies: [] });
    expect(await fields()).toStrictEqual({ company: null, companies: [] });
  });

  test('a label that is added keeps the labels and the primary that are there', async () => {
    const { put, hands, id, home, x } = await openContact();
    hands.tie(id, home, { primary: true, labels: ['Partner'] });
    hands.tie(id, x, { labels: ['Board member'] });
    const companies = sorted(`${home}#Board member`, `${home}#Partner`, `${x}#Board member`, `${x}#Partner`);
    expect(await put({ companies })).toStrictEqual({ company: home, companies });
    expect(hands.primaryOf(id)).toBe(home);
  });

  test('the primary is always among the companies, and what is written together agrees', async () => {
    const { put, hands, id, home, x, y } = await openContact();
    expect(await put({ company: x, companies: [home] })).toStrictEqual({ company: x, companies: sorted(home, x) });
    expect(hands.primaryOf(id)).toBe(x);
    expect(await put({ company: y, companies: [y] })).toStrictEqual({ company: y, companies: [y] });
    // Without a primary the oldest stands for it.
    expect(await put({ company: null, companies: sorted(x, y) })).toMatchObject({ companies: sorted(x, y) });
    expect(hands.primaryOf(id)).toBeNull();
  });

  test('a move of the primary keeps its labels, and takes away only the former one', async () => {
    const { put, hands, id, x, y } = await openContact();
    hands.tie(id, x, { labels: ['Partner'] });
    hands.tie(id, y, { labels: ['Board member'] });
    expect(await put({ company: x })).toStrictEqual({ company: x, companies: sorted(`${x}#Partner`, `${y}#Board member`) });
  });

  test('what somebody tied or labelled meanwhile is not taken away', async () => {
    const { put, hands, id, home, x, y } = await openContact();
    const seen = { company: home, companies: [home] };
    hands.tie(id, y);
    hands.tie(id, home, { labels: ['Partner'] });
    expect(await put({ companies: [x] }, seen)).toStrictEqual({ company: home, companies: sorted(`${home}#Partner`, x, y) });
  });

  test('a new contact has its companies at once', async () => {
    const { write, hands, contact, calls, home, x, y } = await openContact();
    hands.tie(must(hands.contacts.all()[5], 'a contact').id, x, { labels: ['Partner'] });
    const fields = { email: 'new@example.com', company: y, companies: sorted(home, `${x}#Partner`) };
    const asked = asking('email', 'company', 'companies');
    const made = await calls(async () => {
      const { id, observed } = done((await write.apply([{ verb: 'create', key: 'k-1', fields }], asked))[0]);
      const shown = { ...fields, companies: sorted(home, `${x}#Partner`, y) };
      expect(observed?.fields).toStrictEqual(shown);
      expect((await readOne(contact, id, asked)).fields).toStrictEqual(shown);
      expect(hands.primaryOf(id)).toBe(y);
    });
    expect(Object.keys(made).filter((name) => /associations.*(create|archive)/.test(name))).toStrictEqual([]);
  });

  test('a label that nobody made is refused by its name, in its row alone', async () => {
    const { write, hands, contactIds, id, x } = await openContact();
    const other = must(contactIds[1], 'another contact');
    const outcomes = await write.apply(
      [updateOf(id, { companies: [`${x}#No such label`] }), updateOf(other, { companies: [x] }), updateOf('7', { companies: ['Acme'] })],
      ask,
    );
    expect(outcomes).toMatchObject([
      { done: false, error: { kind: 'record_rejected', fields: ['companies'], message: expect.stringContaining('"No such label"') } },
      { done: true },
      { done: false, error: { kind: 'record_rejected', fields: ['companies'], message: expect.stringContaining('Acme') } },
    ]);
    expect(hands.companiesOf(other)).toContain(x);
    // Made since: it is looked up again.
    hands.tie(other, x, { labels: ['No such label'] });
    done((await write.apply([updateOf(id, { companies: [`${x}#No such label`] })], ask))[0]);
    expect(hands.labelsOf(id, x)).toStrictEqual(['No such label']);
  });

  test('a company that is gone is named, and spoils no other row', async () => {
    const { write, hands, contactIds, id, home, x, y } = await openContact();
    const [, b = '', c = ''] = contactIds;
    hands.companies.remove(y);
    const outcomes = await write.apply(
      [
        updateOf(id, { companies: sorted(home, y) }, { companies: [home] }),
        updateOf(b, { companies: [x] }),
        updateOf(c, { company: '999999' }),
      ],
      ask,
    );
    expect(outcomes).toMatchObject([
      { done: false, error: { kind: 'record_rejected', fields: ['companies'] } },
      { done: true, observed: { fields: { companies: [x] } } },
      { done: false, error: { kind: 'record_rejected', fields: ['company'] } },
    ]);
  });

  test('a new contact of a company that is gone is refused for that field, and the others are made', async () => {
    const { write, x } = await openContact();
    const create = (key: string, fields: Fields) => ({ verb: 'create', key, fields: { firstname: key, ...fields } }) as const;
    const creates = [create('k-1', { company: '999999' }), create('k-2', { companies: [x] }), create('k-3', { companies: ['999999'] })];
    expect(await write.apply(creates, ask)).toMatchObject([
      { done: false, error: { kind: 'record_rejected', fields: ['company'] } },
      { done: true },
      { done: false, error: { kind: 'record_rejected', fields: ['companies'] } },
    ]);
  });

  test('whichever answer is lost, a repeat brings it about', async () => {
    const steps = ['create', 'labels/archive', 'archive'];
    for (const step of steps) {
      for (const lose of ['before', 'after'] as const) {
        const { write, sandbox, hands, fields, id, home, x, y } = await openContact();
        hands.tie(id, x, { labels: ['Partner', 'Board member'] });
        const seen = await fields();
        const wish = updateOf(id, { companies: sorted(`${x}#Partner`, y) }, seen);
        sandbox.fail({ on: `POST /crm/associations/2026-09/contacts/companies/batch/${step}`, lose });
        await expect(write.apply([wish], ask)).rejects.toMatchObject({ kind: 'unreachable' });
        done((await write.apply([wish], ask))[0]);
        expect(await fields()).toStrictEqual({ company: expect.any(String), companies: sorted(`${x}#Partner`, y) });
        expect(hands.companiesOf(id)).not.toContain(home);
      }
    }
  });

  test.each(['2026-03', '2026-09'])('version %s has the same associations', async (apiVersion) => {
    const { put, hands, id, home, x } = await openContact({ settings: { apiVersion } });
    hands.tie(id, x, { labels: ['Partner'] });
    expect(await put({ companies: sorted(`${home}#Partner`, x) })).toStrictEqual({
      company: home,
      companies: sorted(`${home}#Partner`, x),
    });
    expect(await put({ companies: [x] })).toStrictEqual({ company: x, companies: [x] });
  });
});
