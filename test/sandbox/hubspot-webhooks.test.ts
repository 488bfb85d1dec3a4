import { Client, Signature } from '@hubspot/api-client';
import { SubscriptionCreateRequestEventTypeEnum } from '@hubspot/api-client/lib/codegen/webhooks/index.js';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { signatureHeaders } from '../../connectors/hubspot/sandbox/webhooks/signatures.ts';
import { must } from '../../src/kernel/must.ts';
import { ACME, ADA, ADA_AGAIN, BEN, BOLT, CHO, type OpenPortal, openPortal, START } from './hubspot-portal.ts';
import { openReceiver, type Receiver } from './hubspot-receiver.ts';

let portal: OpenPortal;
let receiver: Receiver;
const open = async (...switches: Parameters<typeof openPortal>) => {
  portal = await openPortal(...switches);
  portal.hands.webhooks.configure(receiver.url);
  return portal.hands;
};
beforeEach(async () => {
  receiver = await openReceiver();
});
afterEach(async () => {
  await portal.stage.close();
  await receiver.close();
});
const events = () => receiver.got.flatMap((one) => one.events);

test('the signatures are those of the test vectors', async () => {
  await open();
  const signed = { secret: 's', uri: 'https://h/x?a=b', body: '[{"a":1}]', timestamp: '1700000000000' };
  expect(signatureHeaders(['v1', 'v3'], signed)).toMatchObject({
    'X-HubSpot-Signature-Version': 'v1',
    'X-HubSpot-Signature': 'aa4db90270f082c25548ec9b25db75d3c2b9d862fa6677f9765931f5657dc9c6',
    'X-HubSpot-Signature-v3': 'w+w5OWIaTcnSvEJAHkwAgU59KQigH3pHv55bsqTm3kM=',
    'X-HubSpot-Request-Timestamp': '1700000000000',
  });
  expect(signatureHeaders(['v2'], signed)).toMatchObject({
    'X-HubSpot-Signature-Version': 'v2',
    'X-HubSpot-Signature': 'e0a882b6a86cade53ba0749c5a43133e7e42b101d412f1ad9d7042d347214770',
  });
  expect(signatureHeaders(['v2'], signed)).not.toHaveProperty('X-HubSpot-Signature-v3');
});

test('an address is signed with its punctuation decoded', async () => {
  await open();
  const signed = { secret: 's', body: '', timestamp: '1' };
  const of = (uri: string) => signatureHeaders(['v3'], { ...signed, uri })['X-HubSpot-Signature-v3'];
  expect(of('https://h/x?a=%3A%2F%3F%40%21%24%27%28%29%2A%2C%3B')).toBe(of("https://h/x?a=:/?@!$'()*,;"));
  expect(of('https://h/x?a=%20')).not.toBe(of('https://h/x?a= '));
});

test('what is delivered is signed over the very bytes, and the official helper agrees', async () => {
  const hands = await open();
  hands.webhooks.subscribe('contact.creation');
  hands.contacts.add({ lastname: 'Æther' });
  await hands.webhooks.deliver();
  const { headers, body } = must(receiver.got[0], 'a delivery');
  const clientSecret = hands.access.client.secret;
  const [signature, v3, timestamp] = ['x-hubspot-signature', 'x-hubspot-signature-v3', 'x-hubspot-request-timestamp'].map((name) =>
    String(headers[name]),
  );
  expect(Signature.isValid({ signature: signature ?? '', clientSecret, requestBody: body, signatureVersion: 'v1' })).toBe(true);
  expect(timestamp).toBe(String(Date.parse(START)));
  const now = Date.now;
  Date.now = () => Date.parse(START);
  try {
    const asked = { signature: v3 ?? '', clientSecret, requestBody: body, signatureVersion: 'v3', timestamp: Number(timestamp) } as const;
    expect(Signature.isValid({ ...asked, url: receiver.url, method: 'POST' })).toBe(true);
    expect(Signature.isValid({ ...asked, requestBody: `${body} `, url: receiver.url, method: 'POST' })).toBe(false);
  } finally {
    Date.now = now;
  }
});

describe('what is told', () => {
  const all = async () => {
    const hands = await open();
    for (const kind of ['creation', 'deletion', 'restore', 'merge', 'associationChange']) hands.webhooks.subscribe(`contact.${kind}`);
    hands.webhooks.subscribe('contact.privacyDeletion');
    hands.webhooks.subscribe('contact.propertyChange', { propertyName: 'city' });
    hands.webhooks.subscribe('object.creation', { objectTypeId: '0-46' });
    return hands;
  };
  const told = async () => {
    await portal.hands.webhooks.deliver();
    return events();
  };

  test('a change of a property that is subscribed to, with its value and who made it', async () => {
    const hands = await all();
    hands.contacts.edit(ADA, { city: 'York', jobtitle: 'Mate' });
    await portal.call('PATCH', `/crm/v3/objects/contacts/${BEN}`, { body: { properties: { city: 'Leeds' } } });
    expect(await told()).toMatchObject([
      {
        subscriptionType: 'contact.propertyChange',
        subscriptionId: 7,
        portalId: 24_711_001,
        objectId: Number(ADA),
        propertyName: 'city',
        propertyValue: 'York',
        changeSource: 'CRM_UI',
        occurredAt: Date.parse(START),
        attemptNumber: 0,
      },
      { objectId: Number(BEN), propertyValue: 'Leeds', changeSource: 'INTEGRATION', sourceId: '1960001' },
    ]);
  });

  test('creations, deletions, restores, merges, erasures, and changes of ties', async () => {
    const hands = await all();
    const id = hands.contacts.add({ lastname: 'Day' });
    hands.contacts.remove(id);
    hands.contacts.restore(id);
    hands.tie(BEN, BOLT);
    hands.tie(BEN, BOLT, { primary: true });
    hands.untie(BEN, BOLT);
    const merged = hands.contacts.merge(ADA, ADA_AGAIN);
    hands.contacts.erase(CHO);
    hands.records('notes').add({ hs_timestamp: START });
    const tie = {
      subscriptionType: 'contact.associationChange',
      associationType: 'CONTACT_TO_COMPANY',
      fromObjectId: Number(BEN),
      toObjectId: Number(BOLT),
    };
    expect(await told()).toMatchObject([
      { subscriptionType: 'contact.creation', objectId: Number(id), changeFlag: 'CREATED' },
      { subscriptionType: 'contact.deletion', objectId: Number(id) },
      { subscriptionType: 'contact.restore', objectId: Number(id) },
      { ...tie, associationRemoved: false, isPrimaryAssociation: false },
      { ...tie, associationRemoved: false, isPrimaryAssociation: true },
      { ...tie, associationRemoved: true, isPrimaryAssociation: true },
      {
        subscriptionType: 'contact.merge',
        primaryObjectId: Number(ADA),
        mergedObjectIds: [Number(ADA_AGAIN)],
        newObjectId: Number(merged),
      },
      { subscriptionType: 'contact.privacyDeletion', objectId: Number(CHO) },
      { subscriptionType: 'object.creation', objectTypeId: '0-46' },
    ]);
  });

  test('nothing of what nobody subscribed to, and nothing of what did not change', async () => {
    const hands = await all();
    hands.contacts.edit(ADA, { jobtitle: 'Mate' });
    hands.contacts.edit(ADA, { city: 'London' });
    hands.companies.edit(ACME, { city: 'York' });
    hands.contacts.touch();
    hands.untie(CHO, ACME);
    expect(await told()).toEqual([]);
  });
});

test('events go in batches of a hundred, as many at once as the app allows', async () => {
  const hands = await open();
  hands.webhooks.configure(receiver.url, 6);
  hands.webhooks.subscribe('contact.creation');
  for (let n = 0; n < 850; n += 1) hands.contacts.add({ lastname: `n${n}` });
  receiver.hold();
  const delivering = hands.webhooks.deliver();
  await expect.poll(() => receiver.got.length).toBe(6);
  // Whatever else was on its way has come by the time that a later request has been read.
  await expect(fetch(receiver.url, { method: 'POST', body: '[]', signal: AbortSignal.timeout(50) })).rejects.toThrow('timeout');
  expect(receiver.got.length).toBe(7);
  receiver.release();
  await delivering;
  const sizes = receiver.got.map((one) => one.events.length).filter((size) => size > 0);
  expect(sizes.sort((a, b) => b - a)).toEqual([100, 100, 100, 100, 100, 100, 100, 100, 50]);
});

test('what is not taken comes again up to ten times within a day, with the number of the attempt, and then never', async () => {
  const hands = await open({ webhookDayMs: 10_000 });
  hands.webhooks.subscribe('contact.creation');
  receiver.answer(500);
  hands.contacts.add({ lastname: 'Day' });
  await hands.webhooks.deliver();
  await hands.webhooks.deliver();
  expect(events().map(({ attemptNumber }) => attemptNumber)).toEqual([0]);
  for (let ms = 0; ms < 10_000; ms += 100) {
    portal.wind(100);
    await hands.webhooks.deliver();
  }
  expect(events().map(({ attemptNumber }) => attemptNumber)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
  expect(hands.webhooks.counts()).toEqual({ waiting: 0, lost: 1 });
});

test('a receiver that comes to its senses gets the event once more and is left alone', async () => {
  const hands = await open({ webhookDayMs: 10_000 });
  hands.webhooks.subscribe('contact.creation');
  receiver.answer(404);
  hands.contacts.add({ lastname: 'Day' });
  await hands.webhooks.deliver();
  receiver.answer(200);
  portal.wind(1000);
  await hands.webhooks.deliver();
  expect(events().map(({ attemptNumber }) => attemptNumber)).toEqual([0, 1]);
  expect(hands.webhooks.counts()).toEqual({ waiting: 0, lost: 0 });
  expect(hands.webhooks.log().map(({ status }) => status)).toEqual([200, 404]);
});

test('a receiver that does not answer in time, or is not there, counts as one that refused', async () => {
  const hands = await open({ webhookTimeoutMs: 40 });
  hands.webhooks.subscribe('contact.creation');
  receiver.answer(null);
  hands.contacts.add({ lastname: 'Day' });
  await hands.webhooks.deliver();
  expect(hands.webhooks.counts().waiting).toBe(1);
  hands.webhooks.configure('http://127.0.0.1:9/nobody');
  portal.wind(86_400_000);
  await hands.webhooks.deliver();
  expect(hands.webhooks.log().map(({ status, failed }) => [status, failed === null])).toEqual([
    [null, false],
    [null, false],
  ]);
});

test('events may come twice, and in any order', async () => {
  const hands = await open({ webhookDuplicates: 1, webhooksShuffled: true });
  hands.webhooks.subscribe('contact.creation');
  const ids = Array.from({ length: 20 }, (_, n) => Number(hands.contacts.add({ lastname: `n${n}` })));
  await hands.webhooks.deliver();
  const got = events().map(({ objectId }) => Number(objectId));
  const twice = ids.flatMap((id) => [id, id]);
  expect(got).not.toEqual(twice);
  expect(got.sort((a, b) => a - b)).toEqual(twice);
});

test('the kind of an event goes by the name that the portal is told', async () => {
  const hands = await open({ webhookKindName: 'eventType' });
  hands.webhooks.subscribe('contact.creation');
  hands.contacts.add({ lastname: 'Day' });
  await hands.webhooks.deliver();
  expect(events()).toMatchObject([{ eventType: 'contact.creation' }]);
  expect(events()[0]).not.toHaveProperty('subscriptionType');
});

test('events go out by themselves when nobody holds them back', async () => {
  const hands = await open({ webhooksByThemselves: true });
  hands.webhooks.subscribe('contact.creation');
  hands.contacts.add({ lastname: 'Day' });
  await expect.poll(events, { timeout: 5000 }).toHaveLength(1);
});

test('the developer of the app sets up where and what, with the developer key and nothing else', async () => {
  portal = await openPortal();
  const { hands, stage } = portal;
  const { appId, developerKey } = hands.access.client;
  const { settingsApi, subscriptionsApi } = new Client({ developerApiKey: developerKey, basePath: stage.origin }).webhooks;
  const settings = (maxConcurrentRequests: number) =>
    settingsApi.configureWithHttpInfo(appId, { targetUrl: receiver.url, throttling: { maxConcurrentRequests } });
  await expect(settings(5)).rejects.toMatchObject({ code: 400 });
  expect((await settings(10)).httpStatusCode).toBe(200);
  const creation = SubscriptionCreateRequestEventTypeEnum.ContactCreation;
  const made = await subscriptionsApi.createWithHttpInfo(appId, { eventType: creation, active: false });
  expect(made.httpStatusCode).toBe(201);
  hands.contacts.add({ lastname: 'Unheard' });
  await subscriptionsApi.update(Number(made.data.id), appId, { active: true });
  const id = hands.contacts.add({ lastname: 'Heard' });
  await hands.webhooks.deliver();
  expect(events().map(({ objectId }) => String(objectId))).toEqual([id]);
  const changes = SubscriptionCreateRequestEventTypeEnum.ContactPropertyChange;
  await expect(subscriptionsApi.create(appId, { eventType: changes, active: true })).rejects.toMatchObject({ code: 400 });
  const secret = { eventType: changes, active: true, propertyName: 'hs_lastmodifieddate' };
  await expect(subscriptionsApi.create(appId, secret)).rejects.toMatchObject({ code: 400 });
  expect((await subscriptionsApi.archiveWithHttpInfo(Number(made.data.id), appId)).httpStatusCode).toBe(204);
  expect((await settingsApi.clearWithHttpInfo(appId)).httpStatusCode).toBe(204);
  const stranger = new Client({ developerApiKey: 'other', basePath: stage.origin }).webhooks;
  await expect(stranger.settingsApi.getAll(appId)).rejects.toMatchObject({ code: 401 });
});
