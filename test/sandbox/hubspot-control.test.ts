import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { ACME, ADA, ADA_AGAIN, BEN, BOLT, type OpenPortal, openPortal, START } from './hubspot-portal.ts';
import { openReceiver } from './hubspot-receiver.ts';

let portal: OpenPortal;
beforeEach(async () => {
  portal = await openPortal();
});
afterEach(() => portal.stage.close());

describe('the control API', () => {
  const ask = (method: string, path: string, body?: unknown) =>
    portal.call(method, `/_sandbox/api${path}`, { token: '', ...(body === undefined ? {} : { body }) });

  test('makes, edits, archives, restores, merges, and erases records of any kind, as a person would', async () => {
    const { hands } = portal;
    const made = await ask('POST', '/objects/deals', { properties: { dealname: 'A', dealstage: 'contractsent', amount: 12 } });
    expect(made).toMatchObject({ status: 201, body: { id: expect.any(String) } });
    const { id } = Object(made.body);
    expect(hands.records('deals').get(id)?.properties).toMatchObject({ amount: '12', hs_created_by_user_id: '3300001' });
    await ask('PATCH', `/objects/deals/${id}`, { properties: { amount: null }, by: 'omar@acme.example' });
    expect(hands.records('deals').get(id)?.properties).not.toHaveProperty('amount');
    expect(hands.records('deals').get(id)?.properties.hs_updated_by_user_id).toBe('3300002');
    expect((await ask('POST', `/objects/contacts/${BEN}/remove`)).status).toBe(204);
    expect((await ask('GET', `/objects/contacts/${BEN}`)).body).toMatchObject({ archived: true });
    await ask('POST', `/objects/contacts/${BEN}/restore`);
    expect(hands.contacts.get(BEN)?.archived).toBe(false);
    const merged = await ask('POST', '/objects/contacts/merge', { primaryId: ADA, otherId: ADA_AGAIN });
    expect(hands.contacts.get(Object(merged.body).id)?.properties.hs_merged_object_ids).toBe(`${ADA};${ADA_AGAIN}`);
    await ask('POST', `/objects/contacts/${BEN}/erase`);
    expect((await ask('GET', `/objects/contacts/${BEN}`)).status).toBe(404);
    expect((await ask('PATCH', `/objects/deals/${id}`, { properties: { amount: 'much' } })).status).toBe(400);
    expect((await ask('PATCH', '/objects/deals/999', { properties: {} })).status).toBe(400);
  });

  test('ties and unties', async () => {
    const [from, to] = [
      { object: 'contacts', id: ADA },
      { object: 'companies', id: BOLT },
    ];
    await ask('POST', '/ties', { from, to, labels: ['Partner'], primary: true });
    expect([portal.hands.labelsOf(ADA, BOLT), portal.hands.primaryOf(ADA)]).toEqual([['Partner'], BOLT]);
    await ask('POST', '/ties/remove', { from, to });
    expect(portal.hands.companiesOf(ADA)).toEqual([ACME]);
  });

  test('gives codes and tokens, takes scopes, ends and uninstalls, and uses what others would', async () => {
    const { stage } = portal;
    const client = Object((await ask('GET', '/oauth/client')).body);
    const scope = 'oauth crm.objects.contacts.read';
    const given = await ask('POST', '/oauth/code', { scope, redirectUri: 'http://127.0.0.1:9/' });
    const form = { grant_type: 'authorization_code', code: Object(given.body).code, redirect_uri: 'http://127.0.0.1:9/' };
    const body = new URLSearchParams({ ...form, client_id: client.id, client_secret: client.secret });
    const { access_token } = Object(await (await fetch(`${stage.origin}/oauth/v1/token`, { method: 'POST', body })).json());
    const read = async (token: string) => (await portal.call('GET', '/crm/v3/objects/contacts', { token })).status;
    expect(await read(access_token)).toBe(200);
    await ask('POST', '/scopes/lose', { scope: 'crm.objects.contacts.read' });
    expect(await read(access_token)).toBe(403);
    await ask('POST', '/oauth/expire');
    expect((await portal.call('GET', '/crm/v3/owners', { token: access_token })).body).toMatchObject({
      category: 'EXPIRED_AUTHENTICATION',
    });
    await ask('POST', '/oauth/uninstall');
    expect((await portal.call('GET', '/crm/v3/owners', { token: access_token })).body).toMatchObject({
      category: 'INVALID_AUTHENTICATION',
    });
    const issued = Object((await ask('POST', '/tokens', { scopes: ['crm.objects.companies.read'], appId: 7 })).body).token;
    expect((await portal.call('GET', '/crm/v3/objects/companies', { token: issued })).status).toBe(200);
    await ask('POST', '/limits/elsewhere', { bucket: 'general', count: 1000, token: issued });
    expect((await portal.call('GET', '/crm/v3/objects/companies', { token: issued })).status).toBe(429);
    expect((await ask('POST', '/limits/elsewhere', { bucket: 'all', count: 1 })).status).toBe(400);
  });

  test('winds the clock, makes noise, starts and ends troubles, and tells what was asked', async () => {
    expect((await ask('POST', '/clock', { ms: 1000 })).body).toEqual({ now: '2026-11-22T09:00:01.000Z' });
    expect((await ask('POST', '/noise', { kind: 'people', count: 2 })).body).toEqual({ moved: 2 });
    expect((await ask('POST', '/noise', { kind: 'thunder', count: 2 })).status).toBe(400);
    await ask('POST', '/troubles', { kind: 'broken', on: 'GET /crm/v3/owners', times: 1 });
    expect((await ask('GET', '/state')).body).toMatchObject({
      objects: { contacts: 4, companies: 2, feedback_submissions: 0 },
      troubles: [{ kind: 'broken', times: 1 }],
      requests: 0,
    });
    expect((await portal.call('GET', '/crm/v3/owners')).status).toBe(500);
    await ask('POST', '/troubles', { kind: 'broken' });
    await ask('DELETE', '/troubles');
    await portal.call('GET', `/crm/v3/objects/contacts/${ADA}?properties=email`);
    expect((await ask('GET', '/requests')).body).toMatchObject({
      total: 2,
      counts: expect.arrayContaining([['GET /crm/v3/objects/contacts/:id 200', 1]]),
      last: [{ path: `/crm/v3/objects/contacts/${ADA}?properties=email`, status: 200, caller: 'static' }, { status: 500 }],
    });
    await ask('DELETE', '/requests');
    expect((await ask('GET', '/requests')).body).toMatchObject({ total: 0 });
  });

  test('lets owners come and go, cancels exports, and sends webhooks', async () => {
    const { id } = Object((await ask('POST', '/owners', { email: 'n@acme.example', firstName: 'N', lastName: 'O' })).body);
    await ask('POST', `/owners/${id}/archive`);
    expect(portal.hands.owners.all().at(-1)).toMatchObject({ id, archived: true });
    await ask('POST', `/owners/${id}/restore`);
    expect(portal.hands.owners.all().at(-1)).toMatchObject({ id, archived: false });
    const receiver = await openReceiver();
    const subscriptions = [{ eventType: 'contact.creation' }, { eventType: 'contact.propertyChange', propertyName: 'city' }];
    expect((await ask('POST', '/webhooks', { targetUrl: receiver.url, subscriptions })).body).toEqual({ subscriptions: ['1', '2'] });
    portal.hands.contacts.edit(ADA, { city: 'York' });
    expect((await ask('GET', '/webhooks')).body).toMatchObject({ waiting: 1, lost: 0, log: [] });
    expect((await ask('POST', '/webhooks/deliver')).body).toEqual({ waiting: 0, lost: 0 });
    expect(receiver.got[0]?.events).toMatchObject([{ propertyName: 'city', propertyValue: 'York' }]);
    await receiver.close();
  });
});

describe('the page', () => {
  const open = async (path: string) => (await fetch(`${portal.stage.origin}/_sandbox${path}`)).text();
  const send = async (path: string, form: Readonly<Record<string, string>> = {}) => {
    const answer = await fetch(`${portal.stage.origin}/_sandbox${path}`, {
      method: 'POST',
      body: new URLSearchParams(form),
      redirect: 'manual',
    });
    return { status: answer.status, at: answer.headers.get('location'), text: await answer.text() };
  };

  test('lists what there is, and finds a record', async () => {
    await portal.call('GET', '/crm/v3/objects/tickets');
    const overview = await open('');
    expect(overview).toContain('<a href="/_sandbox/objects/contacts">contacts</a>');
    expect(overview).toContain('GET /crm/v3/objects/tickets 200');
    const found = await open('/objects/contacts?q=ben%40acme');
    expect([found.includes(`/_sandbox/objects/contacts/${BEN}"`), found.includes(`/_sandbox/objects/contacts/${ADA}"`)]).toEqual([
      true,
      false,
    ]);
  });

  test('edits a record as a person does, and writes only what was changed', async () => {
    const before = portal.hands.contacts.get(ADA);
    const page = await open(`/objects/contacts/${ADA}`);
    expect(page).toContain('name="email" value="ada@acme.example"');
    expect(page).toContain('Acme</a>');
    const form = { email: 'ada@acme.example', phone: '+44 1', city: 'London', lifecyclestage: 'lead' };
    expect(await send(`/objects/contacts/${ADA}`, form)).toMatchObject({
      status: 303,
      at: `/_sandbox/objects/contacts/${ADA}?said=Saved.`,
    });
    const after = portal.hands.contacts.get(ADA);
    expect(after?.properties).toMatchObject({ ...before?.properties, phone: '+44 1', ...times(), ...phones('+44 1') });
    expect(await open(`/objects/contacts/${ADA}`)).toContain('CRM_UI');
  });
  const times = () => ({ lastmodifieddate: START, hs_lastmodifieddate: START });
  const phones = (phone: string) => ({
    hs_calculated_phone_number: phone.replace(' ', ''),
    hs_searchable_calculated_phone_number: phone.replace(/\D/g, ''),
  });

  test('leaves a value alone that no option fits any more', async () => {
    const options = [{ label: 'Gold', value: 'gold' }];
    const tier = { name: 'tier', label: 'Tier', groupName: 'syncline', type: 'enumeration', fieldType: 'select', options };
    portal.hands.fields.define('contacts', tier);
    portal.hands.contacts.edit(ADA, { tier: 'gold' });
    portal.hands.fields.change('contacts', 'tier', { options: [] });
    expect((await send(`/objects/contacts/${ADA}`, { tier: 'gold', city: 'York' })).status).toBe(303);
    expect(portal.hands.contacts.get(ADA)?.properties).toMatchObject({ tier: 'gold', city: 'York' });
    portal.hands.fields.archive('contacts', 'tier');
    expect(await open(`/objects/contacts/${ADA}`)).not.toContain('name="tier"');
  });

  test('says why an edit is refused, keeps what was tried, and escapes it', async () => {
    const { status, text } = await send(`/objects/contacts/${ADA}`, { email: '"><script>alert(1)</script>' });
    expect([status, text.includes('<script>'), text.includes('is invalid')]).toEqual([400, false, true]);
    expect(text).toContain('value="&quot;&gt;&lt;script&gt;');
    portal.hands.contacts.edit(BEN, { lastname: '<b>Bold</b>' });
    for (const path of ['/objects/contacts', `/objects/contacts/${BEN}`, `?said=${encodeURIComponent('<b>')}`]) {
      expect(await open(path)).not.toContain('<b>');
    }
  });

  test('puts into the bin, restores, and merges', async () => {
    await send(`/objects/contacts/${BEN}/archive`);
    expect(portal.hands.contacts.get(BEN)?.archived).toBe(true);
    expect(await open(`/objects/contacts/${BEN}`)).toContain('In the bin since');
    expect(await open('/objects/contacts?archived=true')).toContain(`/_sandbox/objects/contacts/${BEN}"`);
    await send(`/objects/contacts/${BEN}/restore`);
    expect(portal.hands.contacts.get(BEN)?.archived).toBe(false);
    const merged = await send(`/objects/contacts/${ADA}/merge`, { otherId: BEN });
    expect(merged.at).toMatch(/^\/_sandbox\/objects\/contacts\/505\?said=/);
    expect((await send('/objects/contacts/505/merge', { otherId: '999' })).status).toBe(400);
  });

  test('starts and ends a trouble, lets time pass, and makes noise', async () => {
    await send('/troubles', { kind: 'unavailable', on: '*', times: '', ms: '1000' });
    expect((await portal.call('GET', '/crm/v3/owners')).status).toBe(503);
    expect(await open('')).toContain('unavailable');
    await send('/troubles/1/end');
    expect((await portal.call('GET', '/crm/v3/owners')).status).toBe(200);
    await send('/clock', { seconds: '60' });
    expect(await open('')).toContain('2026-11-22T09:01:00.000Z');
    expect((await send('/noise', { kind: 'bulk', count: '4' })).at).toContain('4+contacts');
  });

  test('answers what is not there with an error of its own, and not the API', async () => {
    expect((await fetch(`${portal.stage.origin}/_sandbox/objects/contacts/999`)).status).toBe(404);
    expect((await fetch(`${portal.stage.origin}/_sandbox/objects/blobs`)).status).toBe(400);
    expect((await send(`/objects/contacts/999/archive`)).status).toBe(400);
  });
});
