import { describe, expect, test } from 'vitest';
import { must } from '../../src/kernel/must.ts';
import { type Account, CES, errorOf, ids, type Json, NPS, object, open, rows } from './surveymonkey-stage.ts';

const ADA = { first_name: 'Ada', last_name: 'Lovelace', email: 'ada@example.com', custom_fields: { '6': 'CRM-1' } };
const BEN = { first_name: 'Ben', last_name: 'Bolt', email: 'ben@example.com' };
const LINKS = '[SurveyLink] [OptOutLink] [PrivacyLink] [FooterLink]';
const post = async ({ call }: Account, path: string, body: unknown): Promise<Json> => {
  const answer = await call('POST', `/v3${path}`, { body });
  expect([path, answer.status < 300, answer.body]).toEqual([path, true, answer.body]);
  return answer.body;
};

describe('contacts', () => {
  test('need both names and an address or number; six fields are theirs, and an address is theirs alone', async () => {
    const account = await open();
    const { call, get } = account;
    const ada = await post(account, '/contacts', ADA);
    expect(ada).toMatchObject({ ...ADA, status: 'active', custom_fields: { '1': '', '6': 'CRM-1' } });
    expect((await get(`/contacts/${ada.id}`)).body).toEqual(ada);
    for (const body of [
      { ...BEN, last_name: '' },
      { ...BEN, email: '' },
      { ...BEN, email: 'ben' },
      { ...BEN, custom_fields: { '7': 'x' } },
    ])
      expect(errorOf(await call('POST', '/v3/contacts', { body }))).toEqual([400, '1002']);
    expect(errorOf(await call('POST', '/v3/contacts', { body: { ...BEN, email: 'ADA@example.com' } }))).toEqual([409, '1026']);
    const path = `/v3/contacts/${ada.id}`;
    const patched = await call('PATCH', path, { body: { custom_fields: { '1': 'Analytical' } } });
    expect(patched.body).toMatchObject({ first_name: 'Ada', custom_fields: { '1': 'Analytical', '6': 'CRM-1' } });
    expect((await call('PUT', path, { body: { ...BEN } })).body).toMatchObject({ ...BEN, custom_fields: { '1': '', '6': '' } });
    expect((await call('DELETE', path)).status).toBe(204);
    expect(errorOf(await get(`/contacts/${ada.id}`))).toEqual([404, '1020']);
  });

  test('who left or cannot be reached is listed only when asked for', async () => {
    const { get, hands } = await open();
    const [ada, ben, cho] = ['ada', 'ben', 'cho'].map((name) => hands.contacts.put({ email: `${name}@example.com`, firstName: name }).id);
    hands.contacts.setStatus(must(ben, 'ben'), 'optout');
    hands.contacts.setStatus(must(cho, 'cho'), 'bounced');
    expect(ids((await get('/contacts')).body)).toEqual([ada]);
    expect(ids((await get('/contacts?status=optout')).body)).toEqual([ben]);
    expect(ids((await get('/contacts?status=bounced&search_by=email&search=cho')).body)).toEqual([cho]);
    expect(ids((await get('/contacts?search_by=first_name&search=ben')).body)).toEqual([]);
    expect(errorOf(await get('/contacts?status=gone'))).toEqual([400, '1003']);
  });

  test('many at once: custom fields of one clear those of the others', async () => {
    const account = await open();
    await post(account, '/contacts', ADA);
    const bad = { ...BEN, email: 'nowhere' };
    const first = await post(account, '/contacts/bulk', { contacts: [BEN, bad, { ...ADA, last_name: 'King' }] });
    expect([rows(first, 'succeeded').length, rows(first, 'invalids').length, rows(first, 'existing').length]).toEqual([1, 1, 1]);
    expect(rows(first, 'existing')[0]).toMatchObject({ last_name: 'Lovelace', custom_fields: { '6': 'CRM-1' } });
    const { custom_fields: _none, ...plain } = ADA;
    const second = await post(account, '/contacts/bulk', { contacts: [plain], update_existing: true });
    expect(rows(second, 'existing')[0]).toMatchObject({ custom_fields: { '6': 'CRM-1' } });
    const third = await post(account, '/contacts/bulk', {
      contacts: [plain, { ...BEN, custom_fields: { '6': 'CRM-2' } }],
      update_existing: true,
    });
    expect(rows(third, 'existing').map(({ custom_fields }) => object(custom_fields)['6'])).toEqual(['', 'CRM-2']);
  });

  test('the plan allows so many, and then refuses', async () => {
    const account = await open({ sendingLimit: 1 });
    await post(account, '/contacts', ADA);
    expect(errorOf(await account.call('POST', '/v3/contacts', { body: BEN }))).toEqual([403, '1017']);
    expect(errorOf(await account.call('POST', '/v3/contacts/bulk', { body: { contacts: [BEN] } }))).toEqual([403, '1017']);
  });

  test('lists are made, renamed, copied, merged, and dropped; fields have labels', async () => {
    const account = await open();
    const { call, get } = account;
    const [one, two] = [await post(account, '/contact_lists', { name: 'One' }), await post(account, '/contact_lists', { name: 'Two' })];
    const ada = await post(account, `/contact_lists/${one.id}/contacts`, ADA);
    await post(account, `/contact_lists/${two.id}/contacts/bulk`, { contacts: [BEN] });
    const copy = await post(account, `/contact_lists/${one.id}/copy`, {});
    await post(account, `/contact_lists/${copy.id}/merge`, { list_id: two.id });
    expect(rows((await get(`/contact_lists/${copy.id}/contacts`)).body).map(({ email }) => email)).toEqual([ADA.email, BEN.email]);
    expect(ids((await get(`/contact_lists/${one.id}/contacts`)).body)).toEqual([ada.id]);
    expect((await call('PATCH', `/v3/contact_lists/${one.id}`, { body: { name: 'First' } })).body.name).toBe('First');
    await call('DELETE', `/v3/contact_lists/${two.id}`);
    expect(rows((await get('/contact_lists')).body).map(({ name }) => name)).toEqual(['Everybody', 'First', 'One (copy)']);
    expect((await call('PATCH', '/v3/contact_fields/6', { body: { label: 'CRM id' } })).body).toMatchObject({ id: '6', label: 'CRM id' });
    expect(rows((await get('/contact_fields')).body).map(({ label }) => label)).toEqual([
      ...['1', '2', '3', '4', '5'].map((nth) => `Custom ${nth}`),
      'CRM id',
    ]);
    expect(errorOf(await get('/contact_fields/7'))).toEqual([404, '1020']);
  });
});

describe('collectors and invitations', () => {
  const collector = (account: Account, more: Json = {}) =>
    post(account, `/surveys/${CES}/collectors`, { type: 'email', name: 'July', sender_email: 'cx@syncline.example', ...more });

  test('a survey has its doors, and gets more; a sender has to be verified', async () => {
    const account = await open();
    const { call, get } = account;
    const { body } = await get(`/surveys/${NPS}/collectors?include=type,url`);
    expect(rows(body).map(({ type }) => type)).toEqual(['weblink', 'email', 'email']);
    expect(rows(body)[0]?.url).toEqual(expect.stringContaining('https://'));
    const made = await collector(account, { anonymous_type: 'not_anonymous' });
    expect(made).toMatchObject({ type: 'email', status: 'open', anonymous_type: 'not_anonymous', response_count: 0 });
    expect((await call('PATCH', `/v3/collectors/${made.id}`, { body: { status: 'closed' } })).body.status).toBe('closed');
    const stranger = { type: 'email', sender_email: 'me@example.com' };
    expect(errorOf(await call('POST', `/v3/surveys/${CES}/collectors`, { body: stranger }))).toEqual([403, '1016']);
    expect((await call('DELETE', `/v3/collectors/${made.id}`)).status).toBe(204);
    expect(errorOf(await get(`/collectors/${made.id}`))).toEqual([404, '1020']);
  });

  test('an invitation goes to a list, to contacts, and to new people; each is told apart', async () => {
    const account = await open();
    const { call, get, hands } = account;
    const cid = String((await collector(account)).id);
    const messages = `/collectors/${cid}/messages`;
    expect(errorOf(await call('POST', `/v3${messages}`, { body: { type: 'invite', body_html: '[SurveyLink]' } }))).toEqual([400, '1002']);
    const message = await post(account, messages, { type: 'invite', subject: 'Hello', body_html: LINKS });
    const put = (name: string, more = {}) =>
      hands.contacts.put({ email: `${name}@example.com`, firstName: name, lastName: 'X', ...more }).id;
    const [dan, eve, fay] = [
      put('dan'),
      put('eve', { status: 'optout' }),
      put('fay', { status: 'bounced', customFields: { '6': 'CRM-9' } }),
    ];
    const list = hands.lists.add('L', [dan, eve]);
    const known = put('ada', { customFields: { '6': 'CRM-1' } });
    const bulk = (body: Json) => post(account, `${messages}/${message.id}/recipients/bulk`, body);
    const done = await bulk({
      contact_list_ids: [list.id],
      contact_ids: [fay],
      contacts: [
        { ...ADA, custom_fields: undefined },
        { ...BEN, custom_fields: { '6': 'CRM-2' }, extra_fields: { order: '17' } },
        BEN,
        { email: 'x' },
      ],
    });
    expect(rows(done, 'succeeded').map(({ email }) => email)).toEqual(['dan@example.com', ADA.email, BEN.email]);
    expect(done).toMatchObject({ existing: [], invalids: ['x'], bounced: ['fay@example.com'], opted_out: ['eve@example.com'] });
    expect(done.duplicate).toEqual([BEN.email]);
    expect(hands.contacts.get(known).customFields).not.toHaveProperty('6');
    const again = await bulk({ contact_ids: [dan], duplicates: 'add_if_not_in_collector' });
    expect([rows(again, 'succeeded'), rows(again, 'existing').length]).toEqual([[], 1]);
    const sent = await post(account, `${messages}/${message.id}/send`, {});
    expect(sent).toMatchObject({ status: 'sent', is_scheduled: false });
    expect(errorOf(await call('POST', `/v3${messages}/${message.id}/send`, { body: {} }))).toEqual([400, '1002']);
    const [recipient] = rows(done, 'succeeded').slice(2);
    hands.answer({ surveyId: CES, ces: 6, collectorId: cid, recipientId: String(recipient?.id), status: 'partial' });
    const { body } = await get(`/collectors/${cid}/recipients?include=survey_response_status,mail_status,custom_fields,extra_fields`);
    expect(rows(body)).toHaveLength(3);
    expect((await get(`/collectors/${cid}/recipients/${recipient?.id}`)).body).toMatchObject({ mail_status: 'sent', email: BEN.email });
    expect((await get(`/collectors/${cid}/stats`)).body).toMatchObject({
      recipients: 3,
      survey_response_status: { partially_responded: 1, not_responded: 2 },
    });
    const reminder = await post(account, messages, { type: 'reminder', body_html: LINKS, recipient_status: 'partially_responded' });
    expect((await post(account, `${messages}/${reminder.id}/send`, {})).recipients).toEqual([recipient?.id]);
    const thanks = { type: 'thank_you', recipient_status: 'has_not_responded' };
    expect(errorOf(await call('POST', `/v3${messages}`, { body: thanks }))).toEqual([400, '1002']);
    expect((await call('DELETE', `/v3/collectors/${cid}/recipients/${recipient?.id}`)).status).toBe(204);
    expect(errorOf(await get(`/collectors/${cid}/recipients/${recipient?.id}`))).toEqual([404, '1020']);
  });

  test('a message can wait for its time', async () => {
    const account = await open();
    const cid = (await collector(account)).id;
    const message = await post(account, `/collectors/${cid}/messages`, { type: 'invite', body_html: LINKS });
    const later = await post(account, `/collectors/${cid}/messages/${message.id}/send`, { scheduled_date: '2026-12-01T09:00:00+00:00' });
    expect(later).toMatchObject({ is_scheduled: true, scheduled_date: '2026-12-01T09:00:00+00:00', status: 'scheduled' });
    account.hands.wind(9 * 86_400_000);
    expect((await account.get(`/collectors/${cid}/messages/${message.id}`)).body).toMatchObject({ is_scheduled: false, status: 'sent' });
  });
});
