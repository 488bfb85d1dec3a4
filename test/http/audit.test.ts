import { sql } from 'kysely';
import { describe, expect } from 'vitest';
import { nameForSentence } from '../../src/hub/access/actors.ts';
import { forgetAudit } from '../../src/hub/access/audit.ts';
import type { Hub } from '../../src/hub/database.ts';
import { newId } from '../../src/hub/ids.ts';
import { test } from '../support/database.ts';
import { openStage, PASSWORD, PUBLIC_URL } from './stage.ts';

const lines = (hub: Hub) =>
  hub.selectFrom('audit').select(['kind', 'actor', 'actor_name', 'action', 'subjects', 'detail', 'status']).orderBy('id').execute();

async function makeContact(hub: Hub, name: string): Promise<string> {
  const id = newId();
  await hub
    .insertInto('record')
    .values({ id, object: 'contact', fields: JSON.stringify({ first_name: name }), stamps: '{}', merged_into: null })
    .execute();
  return id;
}

describe('the audit log', () => {
  test('says who did what to what, and what came of it, without a secret', async ({ hub }) => {
    const stage = openStage(hub);
    const { operator } = (await (
      await stage.ask('admin', '/api/v1/operators', { method: 'POST', json: { name: 'Eve', email: 'eve@acme.test', role: 'viewer' } })
    ).json()) as { operator: { id: string } };
    await stage.ask('admin', `/api/v1/operators/${operator.id}`, { method: 'PATCH', json: { role: 'steward' } });
    await stage.ask('viewer', `/api/v1/operators/${operator.id}`, { method: 'PATCH', json: { role: 'admin' } });
    expect(await lines(hub)).toEqual([
      expect.objectContaining({ kind: 'act', action: 'post /operators', detail: { called: 'Eve', role: 'viewer' }, status: 201 }),
      expect.objectContaining({
        action: 'patch /operators/{id}',
        subjects: [operator.id],
        detail: { called: 'Eve', role: 'steward' },
        status: 200,
      }),
      expect.objectContaining({ action: 'patch /operators/{id}', actor_name: 'viewer', status: 403 }),
    ]);
    await stage.ask(null, '/api/auth/sign-in/email', { method: 'POST', json: { email: 'eve@acme.test', password: PASSWORD } });
    await stage.ask('admin', '/api/v1/connections', {
      method: 'POST',
      json: { connector: 'crm', name: 'C', origin: null, auth: { kind: 'token', values: { token: 'very secret' } }, settings: {} },
    });
    expect(JSON.stringify(await lines(hub))).not.toMatch(/very secret|correct horse/);
  });

  test('says what something was called when it was done, also where it is gone since', async ({ hub }) => {
    const stage = openStage(hub);
    const made = await stage.ask('admin', '/api/v1/api-keys', { method: 'POST', json: { name: 'Nightly export', role: 'viewer' } });
    const { id } = (await made.json()) as { id: string };
    await stage.ask('admin', `/api/v1/api-keys/${id}`, { method: 'DELETE' });
    await stage.ask('admin', '/api/v1/mappings/crm.contact.yaml/draft', { method: 'DELETE' });
    expect((await lines(hub)).map(({ action, detail }) => [action, detail.called])).toEqual([
      ['post /api-keys', 'Nightly export'],
      ['delete /api-keys/{id}', 'Nightly export'],
      ['delete /mappings/{name}/draft', 'crm.contact.yaml'],
    ]);
    expect(await (await stage.ask('admin', '/api/v1/audit/export')).text()).toContain('delete /api-keys/{id}');
  });

  test('knows whoever did something by name, also after they were removed', async ({ hub }) => {
    const stage = openStage(hub);
    const cookie = await stage.signIn('admin');
    const { id } = await hub.selectFrom('operator').select('id').executeTakeFirstOrThrow();
    const runs = [`operator:${id}`, `operator:${newId()}`, 'command line', null].map((actor) => ({
      ...{ id: newId(), stream_id: null, kind: 'import' as const, counts: '{}', error: null, ended_at: null, actor },
    }));
    await hub.insertInto('run').values(runs).execute();
    const names = async () => {
      const { items } = (await (await stage.ask('admin', '/api/v1/runs')).json()) as { items: { actorName: string | null }[] };
      return items.map(({ actorName }) => actorName).toReversed();
    };
    expect(await names()).toEqual(['admin', '', 'command line', null]);
    // So do the sentences that are kept with what somebody did.
    const sentences = [`operator:${id}`, `key:${newId()}`, 'command line', null].map((actor) => nameForSentence(hub, actor));
    expect(await Promise.all(sentences)).toEqual(['admin', 'somebody', 'command line', 'somebody']);
    await stage.ask(null, '/api/v1/me', { method: 'PATCH', json: { language: 'ja' }, headers: { cookie, origin: PUBLIC_URL } });
    await hub.deleteFrom('operator').execute();
    expect(await names()).toEqual(['admin', '', 'command line', null]);
  });

  test('says who looked at whom: on a page, in a list, by a search; the same look once', async ({ hub }) => {
    const stage = openStage(hub);
    const [ada, bob] = [await makeContact(hub, 'Ada'), await makeContact(hub, 'Bob')];
    for (let i = 0; i < 3; i++) await stage.ask('viewer', `/api/v1/records/${ada}`);
    await stage.ask('viewer', '/api/v1/records?object=contact');
    await stage.ask('viewer', `/api/v1/records?search=${bob}`);
    await stage.ask('steward', `/api/v1/records/${ada}`);
    await stage.ask('viewer', '/api/v1/overview');
    const reads = (await lines(hub)).map(({ kind, actor_name, action, subjects, detail }) => [
      kind,
      actor_name,
      action,
      [...subjects].sort(),
      detail.searched ?? false,
    ]);
    expect(reads).toEqual([
      ['read', 'viewer', 'get /records/{id}', [ada], false],
      ['read', 'viewer', 'get /records', [ada, bob].sort(), false],
      ['read', 'viewer', 'get /records', [bob], true],
      ['read', 'steward', 'get /records/{id}', [ada], false],
    ]);
    const about = (await (await stage.ask('admin', `/api/v1/audit?subject=${bob}`)).json()) as { items: unknown[] };
    expect(about.items).toHaveLength(2);
  });

  test('says who came in, and who tried to', async ({ hub }) => {
    const stage = openStage(hub);
    await stage.signIn('viewer');
    for (const email of ['viewer@acme.test', 'nobody@acme.test'])
      await stage.ask(null, '/api/auth/sign-in/email', { method: 'POST', json: { email, password: 'wrong wrong wrong' } });
    const entries = (await lines(hub)).map(({ actor_name, action, status }) => [actor_name, action, status]);
    expect(entries).toEqual([
      ['viewer', 'sign-in/email', 200],
      ['viewer', 'sign-in/email', 401],
      ['', 'sign-in/email', 401],
    ]);
  });

  test('is only added to, also by who owns the database, until it is old enough to be forgotten', async ({ hub }) => {
    const stage = openStage(hub);
    await stage.ask('admin', '/api/v1/api-keys', { method: 'POST', json: { name: 'bot', role: 'viewer' } });
    await expect(sql`update audit set actor_name = 'somebody else'`.execute(hub)).rejects.toThrow('only added to');
    await expect(sql`delete from audit`.execute(hub)).rejects.toThrow('only added to');
    await expect(sql`truncate audit`.execute(hub)).rejects.toThrow('only added to');
    expect(await forgetAudit(hub, 1)).toBe(0);
    expect(await forgetAudit(hub, 0)).toBe(1);
  });

  test('is filtered, paged, and exported; a name that is a formula stays text', async ({ hub }) => {
    const stage = openStage(hub);
    const evil = '=HYPERLINK("http://evil.test")';
    await hub
      .insertInto('audit')
      .values(
        Array.from({ length: 5 }, (_, i) => ({
          id: newId(),
          kind: i < 2 ? ('read' as const) : ('act' as const),
          actor: 'operator:1',
          actor_name: evil,
          address: null,
          action: 'get /records',
          subjects: [],
          status: 200,
        })),
      )
      .execute();
    const page = async (query: string) =>
      (await (await stage.ask('admin', `/api/v1/audit?${query}`)).json()) as { items: { id: string }[]; next: string | null };
    const first = await page('kind=act&limit=2');
    const second = await page(`kind=act&limit=2&cursor=${first.next}`);
    expect([first.items.length, second.items.length, second.next]).toEqual([2, 1, null]);
    expect((await page('kind=read&actor=operator:1')).items).toHaveLength(2);
    expect((await page('until=2020-01-01T00:00:00Z')).items).toHaveLength(0);
    const csv = await (await stage.ask('admin', '/api/v1/audit/export')).text();
    expect(csv.split('\r\n')).toHaveLength(7);
    expect(csv).toContain(`"'=HYPERLINK(""http://evil.test"")"`);
    const json = (await (await stage.ask('admin', '/api/v1/audit/export?format=jsonl')).text()).trim().split('\n');
    expect(json.map((line) => JSON.parse(line).actorName)).toEqual(Array.from({ length: 5 }, () => evil));
  });
});
