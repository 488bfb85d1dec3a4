import { beforeEach, describe, expect, test } from 'vitest';
import { openStage } from './salesforce-stage.ts';

let org: Awaited<ReturnType<typeof openStage>>;
beforeEach(async () => {
  org = await openStage({ size: 6 });
});
const contactIds = () => org.hand.all('Contact').map(({ Id }) => Id);

async function ask(method: string, path: string, body?: unknown) {
  const answer = await fetch(`${org.stage.origin}/_sandbox/api${path}`, {
    method,
    headers: { 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await answer.text();
  return { status: answer.status, body: text === '' ? undefined : JSON.parse(text) };
}

describe('the control API', () => {
  test('makes, edits, deletes, undeletes, merges, converts, and purges records of any kind, as a person would', async () => {
    const [one = '', other = ''] = contactIds();
    const made = await ask('POST', '/objects/Lead', { fields: { LastName: 'Lead', Company: 'Initech', Email: 'lead@initech.example' } });
    expect(made.status).toBe(201);
    expect((await ask('PATCH', `/records/${one}`, { fields: { Title: 'Countess' } })).body).toMatchObject({ Id: one, Title: 'Countess' });
    for (const [act, IsDeleted] of [['remove', true] as const, ['undelete', false] as const]) {
      expect((await ask('POST', `/records/${one}/${act}`)).status).toBe(204);
      expect((await ask('GET', `/records/${one}`)).body).toMatchObject({ IsDeleted });
    }
    await ask('POST', `/records/${one}/merge`, { losers: [other] });
    expect(org.hand.get(other)).toMatchObject({ IsDeleted: true, MasterRecordId: one });
    const converted = await ask('POST', `/records/${made.body.id}/convert`, { contactId: one, doNotCreateOpportunity: true });
    expect(converted.body).toMatchObject({ contactId: one, opportunityId: null });
    expect(org.hand.get(made.body.id)).toMatchObject({ IsConverted: true, ConvertedContactId: one });
    await ask('POST', `/records/${other}/purge`);
    expect((await ask('GET', `/records/${other}`)).status).toBe(400);
    expect(await ask('PATCH', `/records/${one}`, { fields: { LastName: 'x'.repeat(81) } })).toMatchObject({
      status: 400,
      body: [{ errorCode: 'STRING_TOO_LONG' }],
    });
  });

  test('does what the admin does: fields, rules, users, the app, sessions, and what other integrations use', async () => {
    const [id = ''] = contactIds();
    await ask('POST', '/fields', { path: 'Contact.Title', visible: false });
    expect((await org.call('GET', '/query?q=SELECT%20Title%20FROM%20Contact')).body).toMatchObject([{ errorCode: 'INVALID_FIELD' }]);
    await ask('POST', '/rules', { object: 'Contact', field: 'FirstName', equals: 'Nobody', message: 'nobody is somebody' });
    const refused = await org.call('PATCH', `/sobjects/Contact/${id}`, { FirstName: 'Nobody' });
    expect(refused.body).toMatchObject([{ errorCode: 'FIELD_CUSTOM_VALIDATION_EXCEPTION', message: 'nobody is somebody' }]);
    await ask('POST', '/limits/elsewhere', { count: 100_000 });
    expect((await org.call('GET', '/limits')).body).toMatchObject([{ errorCode: 'REQUEST_LIMIT_EXCEEDED' }]);
    await ask('POST', '/clock', { ms: 25 * 3_600_000 });
    await ask('POST', '/app', { apiOff: true });
    expect((await org.call('GET', '/limits')).body).toMatchObject([{ errorCode: 'API_DISABLED_FOR_ORG' }]);
    await ask('POST', '/app', { apiOff: false, barrier: 'ip_restricted' });
    const { refresh_token } = (await ask('POST', '/tokens/refresh')).body;
    const form = { grant_type: 'refresh_token', refresh_token, client_id: 'sandbox-client', client_secret: 'sandbox-secret' };
    const token = await fetch(`${org.stage.origin}/services/oauth2/token`, { method: 'POST', body: new URLSearchParams(form) });
    expect(await token.json()).toMatchObject({ error_description: 'ip restricted' });
  });

  test('lets things go wrong as often as it is told, winds the clock, and tells what was asked, without tokens', async () => {
    expect((await ask('POST', '/troubles', { kind: 'crowded', on: 'GET */limits', times: 1 })).status).toBe(201);
    expect((await ask('POST', '/troubles', { kind: 'thunder' })).status).toBe(400);
    expect((await org.call('GET', '/limits')).body).toMatchObject([{ errorCode: 'REQUEST_LIMIT_EXCEEDED', message: /Concurrent/ }]);
    expect((await org.call('GET', '/limits')).status).toBe(200);
    for (const [kind, status] of [
      ['unavailable', 503],
      ['broken', 500],
      ['bad_gateway', 502],
      ['ended', 401],
      ['spent', 403],
      ['timeout', 400],
      ['locked', 400],
    ] as const) {
      await ask('POST', '/troubles', { kind, times: 1 });
      expect([kind, (await fetch(`${org.stage.origin}/services/data/v68.0/limits`)).status]).toEqual([kind, status]);
    }
    const [id = ''] = contactIds();
    await ask('POST', '/troubles', { kind: 'lost', on: 'PATCH *', times: 1 });
    await expect(org.call('PATCH', `/sobjects/Contact/${id}`, { Title: 'Done all the same' })).rejects.toThrow();
    expect(org.hand.get(id).Title).toBe('Done all the same');
    await ask('POST', '/troubles', { kind: 'reset' });
    await expect(org.call('GET', '/limits')).rejects.toThrow();
    await ask('DELETE', '/troubles');
    await fetch(`${org.stage.origin}/id/x/y?oauth_token=secret`);
    const { body } = await ask('GET', '/requests');
    expect(body.last[0]).toMatchObject({ path: '/id/x/y', status: 403 });
    expect(body.counts).toContainEqual(['GET /services/data/v68.0/limits 403', 2]);
    expect(JSON.stringify(body)).not.toContain('secret');
    await ask('DELETE', '/requests');
    expect((await ask('GET', '/state')).body).toMatchObject({ requests: 0, troubles: [], objects: { Contact: contactIds().length } });
  });
});

describe('the page', () => {
  const open = async (path: string) => (await fetch(`${org.stage.origin}/_sandbox${path}`)).text();
  const send = async (path: string, form: Readonly<Record<string, string>> = {}) => {
    const body = new URLSearchParams(form);
    const answer = await fetch(`${org.stage.origin}/_sandbox${path}`, { method: 'POST', body, redirect: 'manual' });
    return { status: answer.status, at: decodeURIComponent(answer.headers.get('location') ?? ''), text: await answer.text() };
  };

  test('lists what there is and finds a record, which is edited as in a form: only what was changed is written', async () => {
    await org.call('GET', '/limits');
    const overview = await open('');
    expect(overview).toContain('<a href="/_sandbox/objects/Contact">Contact</a>');
    expect(overview).toContain('GET /services/data/v68.0/limits 200');
    const [id = '', other = ''] = contactIds();
    org.hand.edit(id, { Title: 'Countess & <b>', HasOptedOutOfEmail: true });
    const found = await open('/objects/Contact?q=countess');
    expect([found.includes(`/_sandbox/records/${id}"`), found.includes(`/_sandbox/records/${other}"`)]).toEqual([true, false]);
    const before = org.hand.get(id);
    const page = await open(`/records/${id}`);
    expect(page).toContain('name="Title" value="Countess &amp; &lt;b&gt;"');
    const form = { Title: String(before.Title), MailingCity: 'London', NPS_Score__c: '9', HasOptedOutOfEmail: 'true', Phone: '' };
    expect(await send(`/records/${id}`, form)).toMatchObject({ status: 303, at: `/_sandbox/records/${id}?said=Saved.` });
    const { SystemModstamp, LastModifiedDate, LastModifiedById, MailingAddress, ...kept } = before;
    expect(org.hand.get(id)).toMatchObject({ ...kept, MailingCity: 'London', NPS_Score__c: 9, Phone: null });
    expect([SystemModstamp, LastModifiedDate, LastModifiedById, MailingAddress].every((one) => one !== undefined)).toBe(true);
  });

  test('says why an edit is refused, and keeps what was tried', async () => {
    const [id = ''] = contactIds();
    const { status, text } = await send(`/records/${id}`, { Email: '"><script>' });
    expect([status, text.includes('<script>'), text.includes('value="&quot;&gt;&lt;script&gt;"')]).toEqual([400, false, true]);
  });

  test('deletes, undeletes, merges, converts, purges, and ends what it was told to let go wrong', async () => {
    const [id = '', other = ''] = contactIds();
    await send(`/records/${id}/remove`);
    expect(await open(`/records/${id}`)).toContain('In the recycle bin');
    expect(await open('/objects/Contact?deleted=true')).toContain(`/_sandbox/records/${id}"`);
    await send(`/records/${id}/undelete`);
    await send(`/records/${id}/merge`, { loser: other });
    expect(await open(`/records/${other}`)).toContain(`merged into <a href="/_sandbox/records/${id}">`);
    expect((await send(`/records/${other}/purge`)).at).toContain('/_sandbox/objects/Contact?');
    const lead = org.hand.create('Lead', { LastName: 'Lead', Company: 'Initech' });
    expect((await send(`/records/${lead}/convert`)).at).toContain('Converted+into+003');
    expect((await send(`/records/${lead}/convert`)).status).toBe(400);
    await send('/troubles', { kind: 'unavailable', on: '*', times: '', ms: '1000' });
    expect((await org.call('GET', '/limits')).status).toBe(503);
    await send('/troubles/1/end');
    expect((await org.call('GET', '/limits')).status).toBe(200);
    await send('/clock', { seconds: '60' });
    await send('/elsewhere', { count: '10' });
    await send('/sessions');
    expect(await open('')).toContain('2026-11-22T10:01:00');
  });
});
