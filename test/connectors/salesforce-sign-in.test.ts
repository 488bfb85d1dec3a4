import { generateKeyPairSync, verify } from 'node:crypto';
import { afterEach, describe, expect, test } from 'vitest';
import { causeOf } from '../../src/causes/cause-of.ts';
import type { Fields } from '../../src/contract/records.ts';
import { systemClock } from '../../src/kernel/clock.ts';
import {
  all,
  ask,
  closeOrgs,
  DELTA,
  errorOf,
  FIELDS,
  field,
  isQuery,
  NO_PERSONS,
  NOW,
  openOrg,
  type Reply,
  row,
  rows,
  V,
} from './salesforce-org.ts';

afterEach(closeOrgs);

describe('signing in', () => {
  const credentials = { client_id: 'app', client_secret: 'shh' };
  const refused: Reply = { status: 401, body: [{ errorCode: 'INVALID_SESSION_ID', message: 'Session expired or invalid' }] };

  test('an ended session costs one new token and one repeat, and the new instance is the one that is asked', async () => {
    let tokens = 0;
    const { contact, seen, session } = await openOrg(
      (seen) => {
        if (seen.path === '/services/oauth2/token') {
          tokens += 1;
          const instance_url = `http://${seen.headers.get('host')?.replace('127.0.0.1', tokens === 1 ? '127.0.0.1' : 'localhost')}`;
          return { body: { access_token: `t${tokens}`, instance_url, id: 'https://x/id/00D/005', token_type: 'Bearer' } };
        }
        if (!isQuery(seen)) return undefined;
        return seen.headers.get('authorization') === 'Bearer t2' ? rows(row(1)) : refused;
      },
      { session: { credentials } },
    );
    const pages = await all(contact.read.changes({ ...DELTA, types: { Email: 'email', ...NO_PERSONS } }, ask('Email')));
    expect(pages[0]?.seen).toHaveLength(1);
    expect(seen.map(({ path, headers }) => `${path.split('/').at(-1)} ${headers.get('host')?.split(':')[0]}`)).toEqual([
      'token 127.0.0.1',
      'queryAll 127.0.0.1',
      'token 127.0.0.1',
      'queryAll localhost',
    ]);
    expect(seen[0]?.body).toBe('grant_type=client_credentials&client_id=app&client_secret=shh');
    expect(session.grants()).toBe(2);
  });

  test('a session that is refused again is signed out, not asked for ever', async () => {
    const token: Reply = { body: { access_token: 't' } };
    const { contact, seen } = await openOrg((seen) => (seen.path.endsWith('/token') ? token : { status: 401, body: '' }), {
      session: { credentials },
    });
    expect((await errorOf(all(contact.read.changes(null, ask('Email'))))).kind).toBe('signed_out');
    expect(seen).toHaveLength(4);
  });

  test('a given token that is refused is signed out at once', async () => {
    const { contact, seen } = await openOrg(() => refused);
    expect((await errorOf(all(contact.read.changes(null, ask('Email'))))).kind).toBe('signed_out');
    expect(seen).toHaveLength(1);
  });

  test.each([
    [400, { error: 'invalid_client', error_description: 'bad secret' }, 'signed_out'],
    [400, { error: 'inactive_org' }, 'signed_out'],
    [400, { error: 'rate_limit_exceeded' }, 'rate_limited'],
    [400, { error: 'unsupported_grant_type' }, 'misconfigured'],
    [404, '<html>not here</html>', 'misconfigured'],
    [502, '', 'unreachable'],
    [200, 'hello', 'broken_answer'],
  ])('a token endpoint that says %i %j is %s', async (status, body, kind) => {
    const { identify } = await openOrg(() => ({ status, body }), { session: { credentials } });
    expect((await errorOf(identify())).kind).toBe(kind);
  });

  describe('by a key', () => {
    const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const pem = String(privateKey.export({ type: 'pkcs8', format: 'pem' }));
    const clock = { now: () => new Date(NOW) };
    const openBy = (key: string, settings: Fields = {}) =>
      openOrg(
        ({ path, body }) => {
          if (!path.endsWith('/token'))
            return path === V ? { body: { identity: 'https://x/id/00D000000000001EAA/005000000000001AAA' } } : { body: {} };
          return String(body).startsWith('grant_type=urn')
            ? { body: { access_token: 't1' } }
            : { status: 400, body: { error: 'unsupported_grant_type' } };
        },
        {
          session: {
            credentials: { client_id: 'app', username: 'hub@acme.example', private_key: key },
            kind: 'jwt_bearer',
            settings,
            clock: { ...systemClock, ...clock },
          },
        },
      );

    test('it says who signs in as whom, for three minutes, and the key stays here, however it was pasted', async () => {
      for (const [key, settings, aud] of [
        [pem, {}, 'https://login.salesforce.com'],
        [pem.replaceAll('\n', ' '), { audience: 'https://test.salesforce.com' }, 'https://test.salesforce.com'],
      ] as const) {
        const { identify, seen } = await openBy(key, settings);
        await identify();
        const sent = new URLSearchParams(String(seen[0]?.body));
        expect([...sent.keys()]).toEqual(['grant_type', 'assertion']);
        const [head = '', claims = '', signature = ''] = String(sent.get('assertion')).split('.');
        const read = (part: string): unknown => JSON.parse(Buffer.from(part, 'base64url').toString());
        expect([read(head), read(claims)]).toEqual([
          { alg: 'RS256', typ: 'JWT' },
          { iss: 'app', sub: 'hub@acme.example', aud, exp: Date.parse(NOW) / 1000 + 180 },
        ]);
        expect(verify('sha256', Buffer.from(`${head}.${claims}`), publicKey, Buffer.from(signature, 'base64url'))).toBe(true);
      }
    });

    test('a key that cannot be read is the operator’s to mend, and nothing is sent', async () => {
      const { identify, seen } = await openBy('-----BEGIN PRIVATE KEY-----\nbm8=\n-----END PRIVATE KEY-----');
      expect(await errorOf(identify())).toMatchObject({ kind: 'misconfigured', code: 'BAD_PRIVATE_KEY' });
      expect(seen).toEqual([]);
    });
  });

  test.each([
    ['expired access/refresh token', 'access_revoked'],
    ["user hasn't approved this consumer", 'app_uninstalled'],
    ['ip restricted', 'address_refused'],
    ['inactive user', 'user_inactive'],
  ])('a connection that is refused with "%s" says what repairs it', async (error_description, cause) => {
    const { identify } = await openOrg(() => ({ status: 400, body: { error: 'invalid_grant', error_description } }), {
      session: { credentials },
    });
    const error = await errorOf(identify());
    expect([error.kind, causeOf(error)]).toEqual(['signed_out', cause]);
  });

  test('the org is known by its id, and no token is put into an address', async () => {
    const { identify, seen, paths } = await openOrg(({ path }) => {
      if (path === V) return { body: { identity: 'https://login.example/id/00D000000000001EAA/005000000000001AAA', query: `${V}/query` } };
      return path.startsWith('/id/') ? { body: { username: 'hub@acme.example', organization_id: '00D000000000001EAA' } } : undefined;
    });
    expect(await identify()).toEqual({ id: '00D000000000001EAA', name: 'hub@acme.example (org 00D000000000001EAA)' });
    expect(paths()).toEqual(['GET ', 'GET /id/00D000000000001EAA/005000000000001AAA']);
    for (const { query } of seen) expect(query.has('oauth_token')).toBe(false);
  });
});

describe('the live schema', () => {
  test('a field is what describe says: required, writable, its length, and its choices when they are restricted', async () => {
    const { contact } = await openOrg(() => undefined);
    const fields = new Map((await contact.fields('all')).map((one) => [one.name, one]));
    expect(fields.get('LastName')).toEqual({
      ...{ name: 'LastName', label: 'LastName', type: 'text', writable: true, required: true, maxLength: 80, choices: null },
    });
    expect(fields.get('Lifecycle_Stage__c')?.choices).toEqual([{ value: 'Lead', label: 'Lead' }]);
    expect(fields.get('OwnerId')).toMatchObject({ type: 'reference', required: false });
    expect(fields.get('CreatedDate')?.writable).toBe(false);
    expect(fields.has('MailingAddress')).toBe(false);
    expect(fields.get('owner_email')).toMatchObject({
      type: 'choice',
      choices: [
        { value: 'ada@acme.example', label: 'Ada' },
        { value: 'twin@acme.example', label: 'Twin too' },
      ],
    });
  });

  test('what is worked out and what is unique is said to be so; what has no value of ours is left out', async () => {
    const more = [
      field('Full__c', 'string', { calculated: true, createable: false, updateable: false }),
      field('Code__c', 'string', { unique: true }),
      ...['address', 'location', 'base64', 'complexvalue'].map((type) => field(`A_${type}`, type)),
    ];
    const { contact } = await openOrg(() => undefined, { fields: [...FIELDS, ...more] });
    const fields = new Map((await contact.fields('all')).map((one) => [one.name, one]));
    expect(fields.get('Full__c')).toMatchObject({ calculated: true, writable: false });
    expect(fields.get('Code__c')).toMatchObject({ unique: true, writable: true });
    expect([...fields.keys()].filter((name) => name.startsWith('A_'))).toEqual([]);
  });

  test('an integration user that may not see users still sees the fields', async () => {
    const { contact } = await openOrg((seen) =>
      isQuery(seen) ? { status: 400, body: [{ errorCode: 'INVALID_TYPE', message: 'User' }] } : undefined,
    );
    expect((await contact.fields('all')).find(({ name }) => name === 'owner_email')?.choices).toBeNull();
  });
});
