import { sql } from 'kysely';
import { describe, expect } from 'vitest';
import type { z } from 'zod';
import type { OwnSandboxes } from '../../src/http/connecting/own-sandboxes.ts';
import { About } from '../../src/http/shapes/about.ts';
import { Operator, SignInLink } from '../../src/http/shapes/access.ts';
import { Change } from '../../src/http/shapes/changes.ts';
import { listOf } from '../../src/http/shapes/common.ts';
import { Connection } from '../../src/http/shapes/connections.ts';
import { FeedbackSummary } from '../../src/http/shapes/feedback.ts';
import { Hold } from '../../src/http/shapes/holds.ts';
import { Overview } from '../../src/http/shapes/overview.ts';
import { RecordDetail, RecordRow } from '../../src/http/shapes/records.ts';
import { ResponseDetail, ResponseRow } from '../../src/http/shapes/responses.ts';
import { Run } from '../../src/http/shapes/runs.ts';
import { TimelineEntry } from '../../src/http/shapes/timeline.ts';
import type { Hub } from '../../src/hub/database.ts';
import { newId } from '../../src/hub/ids.ts';
import type { Role } from '../../src/hub/tables/access.ts';
import { must } from '../../src/kernel/must.ts';
import { refreshLookups } from '../../src/sync/identity/look-up.ts';
import { test } from '../support/database.ts';
import { seed } from './seed.ts';
import { DRAFT, MODEL, openStage, quietActions, type Stage } from './stage.ts';

/** What a route answers, held against its schema. */
async function get<Schema extends z.ZodType>(stage: Stage, path: string, schema: Schema, role: Role = 'steward'): Promise<z.infer<Schema>> {
  const answer = await stage.ask(role, `/api/v1${path}`);
  expect([path, answer.status]).toEqual([path, 200]);
  return schema.parse(await answer.json());
}

describe('records', () => {
  test('a record is found by any of its ids, its e-mails, and the beginning of its names', async ({ hub }) => {
    const stage = openStage(hub);
    const ids = await seed(hub);
    const found = async (search: string) =>
      (await get(stage, `/records?search=${encodeURIComponent(search)}`, listOf(RecordRow))).items.map((row) => row.id);
    for (const search of [ids.ada, '4711', 'ADA@acme', 'second@acme.test', 'lovel', 'velace', 'ada love', 'love ada', ' Ada Lovelace '])
      expect([search, await found(search)]).toEqual([search, [ids.ada]]);
    expect(await found('100%_')).toEqual([ids.bob]);
    expect(await found('am')).toEqual([ids.ama]);
    for (const search of ['%', '_', '\\', "'", "ada' | 'bob", 'nobody']) expect([search, await found(search)]).toEqual([search, []]);
  });

  test('a record is found by what it is called now, and no longer by what it was', async ({ hub }) => {
    const stage = openStage(hub);
    const ids = await seed(hub);
    const found = async (search: string) => (await get(stage, `/records?search=${search}`, listOf(RecordRow))).items.map((row) => row.id);
    const fields = { email: 'ada@acme.test', first_name: 'Ada', last_name: 'King' };
    await hub
      .updateTable('record')
      .set({ fields: JSON.stringify(fields) })
      .where('id', '=', ids.ada)
      .execute();
    expect(await refreshLookups(hub, MODEL)).toBe(1);
    expect([await found('king'), await found('lovelace')]).toEqual([[ids.ada], []]);
    await hub
      .updateTable('record')
      .set({ fields: JSON.stringify(fields), dirty: true })
      .where('id', '=', ids.ada)
      .execute();
    expect(await refreshLookups(hub, MODEL)).toBe(0);
  });

  test('a record leads to its page in each system that has one', async ({ hub }) => {
    const stage = openStage(hub);
    const ids = await seed(hub);
    const { links } = await get(stage, `/records/${ids.ada}`, RecordDetail);
    expect(links.map((link) => link.page)).toEqual(['https://api.crm.test/1/4711']);
    const pagesWith = async (recordPage: OwnSandboxes['recordPage']) => {
      const sandboxes = { offered: [], trial: [], list: async () => [], connect: async () => null, recordPage };
      const shown = await get(openStage(hub, { sandboxes }), `/records/${ids.ada}`, RecordDetail);
      return shown.links.map((link) => link.page);
    };
    const there = async () => pagesWith((origin, { object, id }) => `${origin}/_sandbox/${object}/${id}`);
    expect([await there(), await pagesWith(() => null)]).toEqual([['https://api.crm.test/_sandbox/contact/4711'], [null]]);
    await hub.updateTable('connection').set({ sandbox: 'ours' }).execute();
    // Another process had opened it: it is gone.
    expect(await pagesWith(() => undefined)).toEqual([null]);
  });

  test('the timeline tells changes, answers, and what refers to a record, the newest first, page by page', async ({ hub }) => {
    const stage = openStage(hub);
    const ids = await seed(hub);
    const deal = newId();
    const made = { stamps: '{}', merged_into: null, created_at: new Date('2026-11-02') };
    await hub
      .insertInto('record')
      .values({ ...made, id: deal, object: 'deal', fields: JSON.stringify({ title: 'Renewal', person: ids.ada }) })
      .execute();
    await refreshLookups(hub, MODEL);
    const of = (query: string) => get(stage, `/records/${ids.ada}/timeline?${query}`, listOf(TimelineEntry));
    const whole = await of('limit=50');
    expect(new Set(whole.items.map((entry) => entry.kind))).toEqual(new Set(['change', 'response', 'activity']));
    expect(whole.items.map((entry) => entry.at)).toEqual(
      whole.items
        .map((entry) => entry.at)
        .toSorted()
        .toReversed(),
    );
    const paged: string[] = [];
    for (let cursor = ''; ; ) {
      const page = await of(`limit=1${cursor}`);
      paged.push(...page.items.map((entry) => entry.id));
      if (page.next === null) break;
      cursor = `&cursor=${page.next}`;
    }
    expect(paged).toEqual(whole.items.map((entry) => entry.id));
    expect((await of('kind=activity')).items.map((entry) => entry.id)).toEqual([deal]);
    expect((await of(`kind=activity&until=2026-11-01T00:00:00Z`)).items).toEqual([]);
    expect((await get(stage, `/records?object=deal&pointsAt=${ids.ada}`, listOf(RecordRow))).items.map((row) => row.id)).toEqual([deal]);
    // What the CRMs are told of a response stands once on the timeline of whoever gave it: as the response.
    const response = must(
      whole.items.find(({ kind }) => kind === 'response'),
      'a response',
    ).id;
    const told = newId();
    await hub
      .insertInto('record')
      .values({ ...made, id: told, object: 'deal', fields: JSON.stringify({ title: 'Answer', person: ids.ada }) })
      .execute();
    await refreshLookups(hub, MODEL);
    expect((await of('limit=50')).items).toHaveLength(whole.items.length + 1);
    await sql`insert into entry (response_id, record_id) values (${response}, ${told}) on conflict (response_id) do update set record_id = excluded.record_id`.execute(
      hub,
    );
    expect((await of('limit=50')).items.map((entry) => entry.id)).toEqual(whole.items.map((entry) => entry.id));
  });

  test('pages show every record once, the newest first', async ({ hub }) => {
    const stage = openStage(hub);
    const ids = await seed(hub);
    const seen: string[] = [];
    let next: string | null = '';
    while (next !== null) {
      const page: { items: { id: string }[]; next: string | null } = await get(
        stage,
        `/records?limit=1${next === '' ? '' : `&cursor=${next}`}`,
        listOf(RecordRow),
      );
      seen.push(...page.items.map((row) => row.id));
      next = page.next;
    }
    expect(seen).toEqual([ids.ama, ids.bob, ids.ada]);
  });

  test('a record comes with its links, responses, and journal, and with who its values are from', async ({ hub }) => {
    const stage = openStage(hub);
    const ids = await seed(hub);
    const record = await get(stage, `/records/${ids.ada}`, RecordDetail);
    expect(record).toMatchObject({
      title: 'Ada Lovelace',
      openHolds: 1,
      mergedInto: null,
      stamps: { '*': { byName: 'Main CRM' }, salary: { byName: 'Syncline' } },
    });
    expect(record.links).toMatchObject([{ connection: { name: 'Main CRM', connector: 'crm' }, remoteId: '4711', state: 'in_sync' }]);
    expect(record.responses.items.map((row) => row.id)).toEqual([ids.response]);
    expect(record.journal.items.map((line) => line.id)).toEqual([ids.change]);
    expect(await get(stage, `/records/${ids.ada}/journal`, listOf(Change))).toEqual(record.journal);
  });

  test('a sensitive field is hidden from those who only view, wherever it shows', async ({ hub }) => {
    const side = {
      connection: 'Main CRM',
      connector: 'crm',
      remoteId: null,
      remoteField: 'pay',
      shown: '100',
      verdict: '',
      decision: 'nothing' as const,
      reason: '',
    };
    const explained = {
      field: 'salary',
      label: 'salary',
      category: 'basic' as const,
      value: '100',
      from: null,
      lost: [],
      origin: null,
      steps: [],
      sides: [side],
      sentence: '',
    };
    const explain = async (recordId: string) => ({
      recordId,
      object: 'contact',
      at: null,
      archived: null,
      mergedInto: null,
      fields: [explained],
      links: [],
    });
    const stage = openStage(hub, { actions: quietActions({ explain }) });
    const ids = await seed(hub);
    for (const path of [`/records/${ids.ada}`, '/records', `/records/${ids.ada}/journal`, '/conflicts', '/holds', `/holds/${ids.hold}`]) {
      const shown = await (await stage.ask('viewer', `/api/v1${path}`)).text();
      expect([path, /"100"|"90"/.test(shown)]).toEqual([path, false]);
      expect([path, /"100"/.test(await (await stage.ask('steward', `/api/v1${path}`)).text())]).toEqual([path, true]);
    }
    expect((await get(stage, `/records/${ids.ada}`, RecordDetail, 'viewer')).hidden).toEqual(['salary', 'comment']);
  });

  test('an edit is handed to the engine in the name of who made it', async ({ hub }) => {
    const edits: unknown[] = [];
    const setField = async (...edit: unknown[]) => {
      edits.push(edit);
      return edits.length === 1 ? ('changed' as const) : { refused: 'The hub computes this field.' };
    };
    const stage = openStage(hub, { actions: quietActions({ setField }) });
    const ids = await seed(hub);
    const ask = () => stage.ask('steward', `/api/v1/records/${ids.ada}`, { method: 'PATCH', json: { fields: { first_name: null } } });
    expect((await ask()).status).toBe(200);
    expect(edits).toEqual([[ids.ada, { first_name: null }, expect.stringMatching(/^key:/)]]);
    expect(await (await ask()).json()).toMatchObject({ status: 422, detail: 'The hub computes this field.' });
  });
});

describe('what waits for persons', () => {
  test('a conflict shows what lost, and that it can be taken back', async ({ hub }) => {
    const stage = openStage(hub, {
      actions: quietActions({ restore: async (_id, field) => (field === 'first_name' ? 'restored' : 'nothing_lost') }),
    });
    const ids = await seed(hub);
    const { items } = await get(stage, '/conflicts', listOf(Change));
    expect(items[0]?.fields[0]).toMatchObject({
      field: 'first_name',
      rule: 'newest',
      lost: { value: 'Augusta', byName: 'Syncline', restorable: true },
    });
    const restore = (field: string) => stage.ask('steward', `/api/v1/conflicts/${ids.change}/restore`, { method: 'POST', json: { field } });
    expect((await restore('first_name')).status).toBe(200);
    expect((await restore('salary')).status).toBe(422);
    await hub.updateTable('record').set({ fields: '{"first_name":"Augusta"}' }).where('id', '=', ids.ada).execute();
    const after = await get(stage, `/conflicts?recordId=${ids.ada}`, listOf(Change));
    expect(after.items[0]?.fields[0]?.lost?.restorable).toBe(false);
  });

  test('holds are open until they are decided', async ({ hub }) => {
    const decide = async (id: string) => {
      await hub
        .updateTable('hold')
        .set({ closed_at: new Date(), closed_by: 'me', decision: '{"take":"hub"}' })
        .where('id', '=', id)
        .execute();
      return 'decided' as const;
    };
    const stage = openStage(hub, { actions: quietActions({ decide }) });
    const ids = await seed(hub);
    const list = (query: string) => get(stage, `/holds${query}`, listOf(Hold));
    expect((await list('')).items).toMatchObject([{ id: ids.hold, recordTitle: 'Ada Lovelace', detail: { remote: '90' } }]);
    const decided = await stage.ask('steward', `/api/v1/holds/${ids.hold}/decide`, { method: 'POST', json: { take: 'hub' } });
    expect(Hold.parse(await decided.json())).toMatchObject({ closedBy: 'me', decision: { take: 'hub' } });
    expect((await list('')).items).toEqual([]);
    expect((await list('?state=closed&kind=conflict')).items).toHaveLength(1);
  });

  test('what a brake holds is decided by admins alone, and a frozen field by stewards too', async ({ hub }) => {
    const decided: unknown[] = [];
    const decide = async (...decision: unknown[]) => {
      decided.push(decision.slice(0, 2));
      return 'decided' as const;
    };
    const stage = openStage(hub, { actions: quietActions({ decide }) });
    const ids = await seed(hub);
    const ask = (role: 'steward' | 'admin', json: unknown) => stage.ask(role, `/api/v1/holds/${ids.hold}/decide`, { method: 'POST', json });
    await hub.updateTable('hold').set({ kind: 'flip' }).where('id', '=', ids.hold).execute();
    expect((await ask('steward', { release: true })).status).toBe(200);
    await hub.updateTable('hold').set({ kind: 'brake' }).where('id', '=', ids.hold).execute();
    expect(await (await ask('steward', { release: true })).json()).toMatchObject({ status: 403, detail: expect.stringContaining('admin') });
    expect((await ask('steward', { keep: true })).status).toBe(403);
    expect((await ask('admin', { keep: true })).status).toBe(200);
    expect(decided).toEqual([
      [ids.hold, { release: true }],
      [ids.hold, { keep: true }],
    ]);
  });

  test('a decision is one of the five, and nothing beside it', async ({ hub }) => {
    const stage = openStage(hub, { actions: quietActions({ decide: async () => 'decided' }) });
    const ids = await seed(hub);
    const statusOf = async (json: unknown) =>
      (await stage.ask('steward', `/api/v1/holds/${ids.hold}/decide`, { method: 'POST', json })).status;
    for (const json of [{ take: 'remote' }, { value: ['a', 'b'] }, { value: null }, { link: newId() }, { create: true }, { dismiss: true }])
      expect([json, await statusOf(json)]).toEqual([json, 200]);
    for (const json of [{}, { take: 'both' }, { create: false }, { link: 'x' }, { take: 'hub', dismiss: true }, { value: { a: 1 } }])
      expect([json, await statusOf(json)]).toEqual([json, 422]);
  });

  test('a response is attached to a record that is there', async ({ hub }) => {
    const decideOwner = async (id: string, owner: { readonly recordId: string } | 'nobody' | 'by_evidence') => {
      const recordId = typeof owner === 'object' ? owner.recordId : null;
      await hub
        .updateTable('response')
        .set({ attachment: recordId === null ? 'detached' : 'attached', record_id: recordId })
        .where('id', '=', id)
        .execute();
      return recordId === null ? ('detached' as const) : ('attached' as const);
    };
    const stage = openStage(hub, { actions: quietActions({ decideOwner }) });
    const ids = await seed(hub);
    expect((await get(stage, '/responses?attachment=unmatched', listOf(ResponseRow))).items.map((row) => row.id)).toEqual([ids.lost]);
    const post = async (action: string, json?: unknown) =>
      stage.ask('steward', `/api/v1/responses/${ids.lost}/${action}`, { method: 'POST', json });
    expect((await post('attach', { recordId: newId() })).status).toBe(422);
    expect(ResponseDetail.parse(await (await post('attach', { recordId: ids.bob })).json())).toMatchObject({
      attachment: 'attached',
      recordId: ids.bob,
      recordTitle: 'Bob 100%_sure',
    });
    expect(ResponseDetail.parse(await (await post('detach')).json())).toMatchObject({ attachment: 'detached', recordId: null });
  });
});

describe('connections', () => {
  test('credentials are in no answer', async ({ hub }) => {
    const stage = openStage(hub);
    const ids = await seed(hub);
    await hub
      .insertInto('credential')
      .values({
        connection_id: ids.crm,
        kind: 'token',
        key_version: 1,
        sealed: Buffer.from('sealed!'),
        grant_sealed: null,
        grant_expires_at: null,
      })
      .execute();
    const connection = await get(stage, `/connections/${ids.crm}`, Connection.strict());
    expect(connection).toMatchObject({ authKind: 'token', account: { name: 'Acme' }, streams: [{ object: 'contact', everyMs: 60_000 }] });
    expect((await get(stage, '/connections', listOf(Connection))).items.map((each) => each.id)).toEqual([ids.forms, ids.crm]);
  });

  test('what is switched on or asked for is looked at right away', async ({ hub }) => {
    const stage = openStage(hub);
    const ids = await seed(hub);
    const patch = (json: unknown) => stage.ask('admin', `/api/v1/connections/${ids.crm}`, { method: 'PATCH', json });
    const sync = () => stage.ask('steward', `/api/v1/connections/${ids.crm}/sync`, { method: 'POST' });
    expect(await (await patch({ enabled: false, name: 'Old CRM' })).json()).toMatchObject({ enabled: false, name: 'Old CRM' });
    expect((await sync()).status).toBe(422);
    expect(stage.nudges).toEqual([]);
    await patch({ enabled: true });
    expect(await (await sync()).json()).toEqual({ streams: 1 });
    expect(stage.nudges).toEqual([
      { name: 'observe', streamId: ids.stream },
      { name: 'observe', streamId: ids.stream },
    ]);
    expect((await patch({ name: 'Forms' })).status).toBe(409);
  });

  test('a stream takes a rhythm of a second to a day, and no direction that its object has not', async ({ hub }) => {
    const stage = openStage(hub);
    const ids = await seed(hub);
    await hub
      .insertInto('stream')
      .values({
        id: newId(),
        connection_id: ids.crm,
        object: 'note',
        hub_object: 'contact',
        direction: 'in',
        backfilled_at: null,
        observed_at: null,
        wrote_at: null,
        schema: null,
        schema_at: null,
      })
      .execute();
    const patch = async (object: string, json: unknown) =>
      stage.ask('admin', `/api/v1/connections/${ids.crm}/streams/${object}`, { method: 'PATCH', json });
    expect(await (await patch('contact', { everyMs: 1000, direction: 'in', enabled: false })).json()).toMatchObject({
      streams: [{ everyMs: 1000, direction: 'in', enabled: false }, {}],
    });
    for (const json of [{ everyMs: 999 }, { everyMs: 86_400_001 }, { everyMs: 1500.5 }, { direction: 'up' }])
      expect([json, (await patch('contact', json)).status]).toEqual([json, 422]);
    expect((await patch('note', { direction: 'both' })).status).toBe(422);
    expect((await patch('note', { direction: 'off' })).status).toBe(200);
    expect((await patch('deal', {})).status).toBe(404);
  });

  test('a refusal of the vendor says what to do', async ({ hub }) => {
    const stage = openStage(hub);
    const refused = await stage.ask('admin', '/api/v1/connections', { method: 'POST', json: DRAFT });
    expect(await refused.json()).toMatchObject({ status: 422, kind: 'signed_out', advice: 'Make a new one.' });
    expect(await (await stage.ask('admin', '/api/v1/connections/test', { method: 'POST', json: DRAFT })).json()).toEqual({
      ok: true,
      account: { id: '1', name: 'Acme' },
    });
  });

  test('before a connection is forgotten its webhooks are taken back, and then the access by which that is done', async ({ hub }) => {
    const done: string[] = [];
    const note = async (what: string, id: string) => {
      done.push(what, ...(await hub.selectFrom('connection').select('name').where('id', '=', id).execute()).map(({ name }) => name));
    };
    const stage = openStage(hub, {
      actions: quietActions({
        withdrawWebhooks: async (id) => {
          await note('webhooks', id);
          return { webhooks: 'left', reason: '503' };
        },
        revokeGrant: async (id) => {
          await note('access', id);
          return { access: 'revoked' };
        },
      }),
    });
    const ids = await seed(hub);
    const answered = await stage.ask('admin', `/api/v1/connections/${ids.crm}`, { method: 'DELETE' });
    expect(await answered.json()).toEqual({ access: 'revoked', reason: null, webhooks: 'left', webhooksReason: '503' });
    const [first, name, second, again] = done;
    expect([first, second, again === name]).toEqual(['webhooks', 'access', true]);
  });

  test('a connection that is forgotten leaves its records and takes its links', async ({ hub }) => {
    const stage = openStage(hub);
    const ids = await seed(hub);
    const remove = () => stage.ask('admin', `/api/v1/connections/${ids.crm}`, { method: 'DELETE' });
    expect([(await remove()).status, (await remove()).status]).toEqual([200, 404]);
    const record = await get(stage, `/records/${ids.ada}`, RecordDetail);
    expect(record).toMatchObject({ title: 'Ada Lovelace', links: [], stamps: { '*': { byName: 'a deleted connection' } } });
  });
});

describe('figures', () => {
  test('the overview counts what is linked, held, and told', async ({ hub }) => {
    const stage = openStage(hub);
    const ids = await seed(hub);
    const overview = await get(stage, '/overview', Overview);
    expect(overview).toMatchObject({
      openHolds: 1,
      conflicts: 1,
      responses: { attached: 1, unmatched: 1, detached: 0 },
      records: [{ object: 'contact', label: 'Contact', count: 3 }],
    });
    expect(overview.connections.find((each) => each.id === ids.crm)).toMatchObject({
      links: { inSync: 1, held: 0 },
      openHolds: 1,
      observedAt: '2026-11-01T00:00:00.000Z',
      calls: { made: 0 },
    });
  });

  test('feedback is figured from the counts, by survey and over all', async ({ hub }) => {
    const stage = openStage(hub);
    await seed(hub);
    const summary = await get(stage, '/feedback/summary', FeedbackSummary);
    expect(summary.overall).toMatchObject({
      responses: 2,
      unmatched: 1,
      metrics: [
        { key: 'csat', n: 2, counts: { satisfied: 1, others: 1 }, score: 50, mean: 3.5 },
        { key: 'nps', nature: null, n: 2, counts: { promoters: 1, passives: 0, detractors: 1 }, score: 0, lowBase: true },
      ],
    });
    expect(summary.surveys).toMatchObject([
      { surveyId: 's1', surveyName: 'Care', connection: { name: 'Forms' }, metrics: [{ key: 'csat' }, { key: 'nps', score: 0 }] },
    ]);
  });

  test('the lines of the journal are counted while they are few', async ({ hub }) => {
    const stage = openStage(hub);
    const told = async () => get(stage, '/about', About);
    expect(await told()).toMatchObject({ changes: 0, isCounted: true });
    await seed(hub);
    const { count } = await hub.selectFrom('change').select(sql<number>`count(*)::int`.as('count')).executeTakeFirstOrThrow();
    expect(count).toBeGreaterThan(0);
    expect(await told()).toMatchObject({ changes: count, isCounted: true });
  });

  test('an empty hub has figures too', async ({ hub }) => {
    const stage = openStage(hub);
    expect(await get(stage, '/feedback/summary', FeedbackSummary)).toMatchObject({ overall: { responses: 0, metrics: [] }, surveys: [] });
    expect(await get(stage, '/overview', Overview)).toMatchObject({ connections: [], records: [] });
    for (const path of ['/connections', '/runs', '/records', '/conflicts', '/holds', '/responses'])
      expect(await (await stage.ask('viewer', `/api/v1${path}`)).json()).toEqual({ items: [], next: null });
  });

  test('runs are listed by connection', async ({ hub }) => {
    const stage = openStage(hub);
    const ids = await seed(hub);
    expect((await get(stage, `/runs?connectionId=${ids.crm}`, listOf(Run))).items).toMatchObject([
      { id: ids.run, object: 'contact', counts: { seen: 3 } },
    ]);
    expect((await get(stage, `/runs?connectionId=${ids.forms}`, listOf(Run))).items).toEqual([]);
  });

  test('progress arrives as events', async ({ hub }) => {
    const answer = await openStage(hub).ask('viewer', '/api/v1/live');
    expect(answer.headers.get('content-type')).toContain('text/event-stream');
    expect(await answer.text()).toContain('event: run\ndata: {"seen":1}\n');
  });
});

describe('operators', () => {
  test('an operator is invited by a link, given a role, and removed; the last admin stays', async ({ hub }) => {
    const stage = openStage(hub);
    await stage.signIn('admin');
    const made = SignInLink.parse(
      await (
        await stage.ask('admin', '/api/v1/operators', { method: 'POST', json: { name: 'Bo', email: 'Bo@acme.test', role: 'viewer' } })
      ).json(),
    );
    expect(made.operator).toMatchObject({ email: 'bo@acme.test', role: 'viewer' });
    const token = new URL(made.link ?? '').searchParams.get('token');
    expect((await stage.ask(null, '/api/auth/one-time-link/sign-in', { method: 'POST', json: { token } })).status).toBe(200);
    const admin = await idOf(hub, 'admin@acme.test');
    const one = (id: string, method: string, json?: unknown) => stage.ask('admin', `/api/v1/operators/${id}`, { method, json });
    expect((await one(admin, 'PATCH', { role: 'viewer' })).status).toBe(409);
    expect((await one(admin, 'DELETE')).status).toBe(409);
    expect((await one(made.operator.id, 'PATCH', { role: 'admin' })).status).toBe(200);
    expect((await one(admin, 'DELETE')).status).toBe(204);
    expect((await one(admin, 'DELETE')).status).toBe(404);
    expect((await get(stage, '/operators', listOf(Operator), 'admin')).items.map((each) => each.email)).toEqual(['bo@acme.test']);
  });
});

async function idOf(hub: Hub, email: string): Promise<string> {
  return (await hub.selectFrom('operator').select('id').where('email', '=', email).executeTakeFirstOrThrow()).id;
}
