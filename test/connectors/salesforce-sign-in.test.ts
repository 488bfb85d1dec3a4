import { afterEach, describe, expect, test } from 'vitest';
import { all, ask, closeOrgs, DELTA, errorOf, isQuery, openOrg, type Reply, row, rows, V } from './salesforce-org.ts';

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
    const pages = await all(contact.read.changes({ ...DELTA, types: { Email: 'email' } }, ask('Email')));
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

  test('an integration user that may not see users still sees the fields', async () => {
    const { contact } = await openOrg((seen) =>
      isQuery(seen) ? { status: 400, body: [{ errorCode: 'INVALID_TYPE', message: 'User' }] } : undefined,
    );
    expect((await contact.fields('all')).find(({ name }) => name === 'owner_email')?.choices).toBeNull();
  });
});
