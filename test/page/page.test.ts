import { sql } from 'kysely';
import { describe, expect } from 'vitest';
import { newId } from '../../src/hub/ids.ts';
import { must } from '../../src/kernel/must.ts';
import { test } from '../support/database.ts';
import { openPageStage, PASSWORD } from './stage.ts';
import { enter, executablePath, openTab, signIn, thePage } from './tab.ts';
import { speaking } from './words.ts';

describe.skipIf(executablePath === null)('the settings page', () => {
  test('the set-up link makes the first admin, who sees what could be connected', async ({ hub }) => {
    await using stage = await openPageStage(hub, thePage());
    const { page, complaints } = await openTab(stage);
    await page.goto(must(await stage.setupLink(), 'a set-up link'));
    await page.getByLabel('Name').fill('Ada Admin');
    await page.getByLabel('E-mail').fill('ada@acme.example');
    await page.getByLabel('Password', { exact: true }).fill('short');
    await page.getByRole('button', { name: 'Make the account' }).click();
    await page.getByText('At least 12 characters.', { exact: true }).waitFor();
    await page.getByLabel('Password', { exact: true }).fill(PASSWORD);
    await page.getByRole('button', { name: 'Make the account' }).click();
    await page.getByRole('heading', { name: 'Get started' }).waitFor();
    await page.goto('/connections');
    await page.getByText('Nothing is connected yet').waitFor();
    for (const label of ['HubSpot', 'Salesforce', 'QuestionPro', 'Typeform'])
      await page.getByRole('link', { name: `Connect ${label}` }).waitFor();
    expect(complaints).toEqual([]);
  });

  test('a wrong password is told, and signing in leads back to where one was going', async ({ hub }) => {
    await using stage = await openPageStage(hub, thePage());
    const { page } = await openTab(stage);
    const email = await stage.addOperator('viewer');
    await page.goto('/responses?show=unmatched');
    await page.getByLabel('E-mail').fill(email);
    await page.getByLabel('Password', { exact: true }).fill('not the password');
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByRole('alert').waitFor();
    await page.getByLabel('Password', { exact: true }).fill(PASSWORD);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.waitForURL('**/responses?show=unmatched');
  });

  test('a one-time link signs in, and only once; who is not let in is told why in the language of the page', async ({ hub }) => {
    await using stage = await openPageStage(hub, thePage());
    const link = await stage.signInLink();
    const first = await openTab(stage);
    await first.page.goto(link);
    await first.page.waitForURL('**/start/systems');
    const second = await openTab(stage, { language: 'ja' });
    const say = speaking('ja');
    await second.page.goto(link);
    await second.page.getByText(say('entrance:refused.spent')).waitFor();
    await second.page.getByRole('button', { name: say('entrance:withPassword') }).click();
    await second.page.getByLabel(say('entrance:email')).fill('nobody@acme.test');
    await second.page.getByLabel(say('entrance:password'), { exact: true }).fill('wrong wrong wrong');
    await second.page.getByRole('button', { name: say('entrance:signIn') }).click();
    await second.page.getByText(say('entrance:refused.wrong')).waitFor();
    for (let i = 0; i < 10; i++) await second.page.getByRole('button', { name: say('entrance:signIn') }).click();
    await second.page.getByText(say('entrance:refused.tooMany')).waitFor();
  });

  test('nobody is led to another site after signing in', async ({ hub }) => {
    await using stage = await openPageStage(hub, thePage());
    const { page } = await openTab(stage);
    await signIn(page, await stage.addOperator('viewer'), '/sign-in?next=//evil.example/');
    await expect.poll(() => page.url()).toBe(`${stage.origin}/connections`);
  });

  test('every connection is shown with its state in words, and what to do when it does not work', async ({ hub }) => {
    const { stage, page, complaints } = await enter(hub, 'admin');
    await using _ = stage;
    const broken = page.getByRole('article', { name: 'QuestionPro' });
    await broken.getByText('Credentials refused').waitFor();
    await broken.getByText('QuestionPro refused the API key (401).').waitFor();
    await broken.getByRole('link', { name: 'Reconnect' }).waitFor();
    const works = page.getByRole('article', { name: 'HubSpot' });
    await works.getByText('Working').waitFor();
    await works.getByText(/looked \d+s ago/).waitFor();
    expect(complaints).toEqual([]);
  });

  test('progress is shown while it happens, and what moved is read again', async ({ hub }) => {
    const { stage, page, seeded } = await enter(hub, 'steward');
    await using _ = stage;
    const card = page.getByRole('article', { name: 'HubSpot' });
    const about = { connectionId: seeded.connections.hubspot, object: 'contact' };
    await expect
      .poll(async () => {
        stage.tell('progress', { ...about, phase: 'reading', done: 200, total: 800 });
        return card.getByText('Reading contacts: 200 of 800').count();
      })
      .toBeGreaterThan(0);
    await hub.updateTable('connection').set({ calls_made: '4321' }).where('id', '=', about.connectionId).execute();
    stage.tell('run', { ...about, counts: { seen: 800 } });
    await card.getByText('4,321').waitFor();
    expect(await card.getByRole('progressbar').count()).toBe(0);
  });

  test('wrong credentials are told apart, good ones show whose they are, and connecting leads to the connection', async ({ hub }) => {
    const { stage, page, complaints } = await enter(hub, 'admin', '/connections/connect/hubspot');
    await using _ = stage;
    expect(await page.getByLabel('Name').inputValue()).toBe('HubSpot 2');
    await page.getByRole('button', { name: 'Test connection' }).click();
    await page.getByText('Token is needed.').waitFor();
    await page.getByLabel('Token', { exact: true }).fill('bad');
    await page.getByRole('button', { name: 'Test connection' }).click();
    await page.getByText('Wrong credentials').waitFor();
    await page.getByText('Make a new service key, and paste it whole.').waitFor();
    await page.getByLabel('Token', { exact: true }).fill('good');
    await page.getByRole('button', { name: 'Test connection' }).click();
    await page.getByText('These credentials belong to Acme Trading.').waitFor();
    await page.getByRole('button', { name: 'Connect', exact: true }).click();
    await page.getByRole('heading', { name: 'HubSpot 2', level: 1 }).waitFor();
    expect(stage.asked.drafts.at(-1)).toMatchObject({
      connector: 'hubspot',
      name: 'HubSpot 2',
      origin: null,
      auth: { kind: 'token', values: { token: 'good' } },
    });
    expect(complaints).toEqual([]);
  });

  test('a connection is switched off, renamed, and called a test account, its stream turned and slowed, and all of it is kept', async ({
    hub,
  }) => {
    const { stage, page, seeded } = await enter(hub, 'admin');
    await using _ = stage;
    await page.getByRole('switch', { name: 'HubSpot is on' }).press('Space');
    await page.getByRole('article', { name: 'HubSpot' }).getByText('Switched off').waitFor();
    const id = seeded.connections.hubspot;
    expect(await hub.selectFrom('connection').select('enabled').where('id', '=', id).executeTakeFirst()).toEqual({ enabled: false });
    await page.getByRole('link', { name: 'HubSpot', exact: true }).click();
    await page.getByLabel('Direction of Contacts').selectOption('in');
    await page.getByLabel('How often to look at Contacts', { exact: true }).fill('5');
    await page.getByLabel('How often to look at Contacts', { exact: true }).press('Enter');
    const stream = () =>
      hub
        .selectFrom('stream')
        .select(['direction', 'every_ms'])
        .where('connection_id', '=', id)
        .where('object', '=', 'contact')
        .executeTakeFirst();
    await expect.poll(stream).toEqual({ direction: 'in', every_ms: 300_000 });
    await page.getByRole('textbox', { name: 'Name' }).fill('HubSpot trial');
    await page.getByLabel('It is a test account').check();
    await page.getByRole('button', { name: 'Save the account' }).click();
    await page.getByRole('heading', { name: 'HubSpot trial' }).waitFor();
    await page.getByText('Test account', { exact: true }).waitFor();
    const account = await hub.selectFrom('connection').select(['name', 'sandbox']).where('id', '=', id).executeTakeFirstOrThrow();
    expect(account).toEqual({ name: 'HubSpot trial', sandbox: 'theirs' });
  });

  test('a contact shows where each value came from, and a value that gave way can be taken back', async ({ hub }) => {
    const { stage, page, seeded, complaints } = await enter(hub, 'steward', '/contacts?q=ada');
    await using _ = stage;
    await page.getByRole('link', { name: /^Ada Lindqvist/ }).click();
    await page.getByRole('heading', { name: 'Ada Lindqvist', level: 1 }).waitFor();
    for (const part of ['Basic data', 'Interaction', 'Behaviour', 'Feedback'])
      await page.getByRole('heading', { name: part, level: 2 }).waitFor();
    await page.getByText('Procurement Lead').first().waitFor();
    await page.getByRole('button', { name: 'Why Job title is what it is' }).click();
    await page.getByText('Nothing has changed since both agreed').first().waitFor();
    await page.getByRole('button', { name: 'Take this back: Job title as HubSpot had it' }).click();
    await page.getByText('Job title is what HubSpot said again, and goes to all systems').waitFor();
    await page.getByText('Gave way:').waitFor({ state: 'detached' });
    expect(stage.asked.restored).toEqual([`${seeded.conflict} job_title`]);
    expect(complaints).toEqual([]);
  });

  test('an unmatched response is attached by search, and the message undoes it', async ({ hub }) => {
    const { stage, page, seeded } = await enter(hub, 'steward', '/responses?show=unmatched');
    await using _ = stage;
    await page
      .getByRole('link', { name: /Nobody yet/ })
      .first()
      .click();
    await page.getByText('How likely are you to recommend Acme').waitFor();
    const id = must(new URL(page.url()).pathname.split('/').at(-1), 'the id in the address');
    await page.getByLabel('Search the contact').fill('ada.lind');
    await page.getByRole('button', { name: 'Attach to Ada Lindqvist' }).click();
    await page.getByRole('link', { name: 'Ada Lindqvist' }).waitFor();
    const owner = async () => (await hub.selectFrom('response').select('record_id').where('id', '=', id).executeTakeFirst())?.record_id;
    expect(await owner()).toBe(seeded.ada);
    await page.getByRole('button', { name: 'Undo' }).click();
    await expect.poll(owner).toBeNull();
  });

  test('a conflict is decided with both values in sight, and whose record a stranger is with who that is', async ({ hub }) => {
    const { stage, page, seeded } = await enter(hub, 'steward', '/sign-in');
    await using _ = stage;
    const stranger = { email: 'adam@lindqvist.example', firstname: 'Adam', lastname: 'Lindqvist' };
    await sql`
      insert into observation (connection_id, object, remote_id, fields, hash, changed_at)
      values (${seeded.connections.hubspot}, 'contact', '15109999', ${JSON.stringify(stranger)}::jsonb, ${newId()}, now())`.execute(hub);
    await page.goto('/decisions');
    const match = page.getByRole('article', { name: /^Ambiguous match/ });
    await match.getByText('In HubSpot it is Adam Lindqvist.').waitFor();
    await match.getByText('adam@lindqvist.example').waitFor();
    const conflict = page.getByRole('article', { name: /^Conflict/ });
    await conflict.getByText('+46851972340').waitFor();
    await conflict.getByText('+46851972399').waitFor();
    await conflict.getByRole('button', { name: 'Take Salesforce EMEA’s' }).click();
    await expect.poll(() => stage.asked.decided).toEqual([{ take: 'remote' }]);
    await conflict.getByText('Decided. It is carried out with the next merge.').waitFor();
    expect(await conflict.getByRole('button').count()).toBe(0);
    await page
      .getByRole('article', { name: /^Ambiguous match/ })
      .getByRole('button', { name: /^This is the one/ })
      .first()
      .click();
    await page.getByRole('article', { name: /^Ambiguous match/ }).waitFor({ state: 'detached' });
  });

  test('a page is outlined before its script is there', async ({ hub }) => {
    await using stage = await openPageStage(hub, thePage());
    const { page } = await openTab(stage);
    await page.route('**/*.js', (route) => route.abort());
    await page.goto('/health');
    await page.locator('.to-come[aria-busy] > span').last().waitFor();
  });

  test('a connection shows its latest runs, and leads to all of them and of no other', async ({ hub }) => {
    const { stage, page, seeded, complaints } = await enter(hub, 'viewer', '/settings');
    await using _ = stage;
    await sql`
      insert into run (id, stream_id, kind, started_at, ended_at, counts)
      select ('01900000-0000-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid, stream.id, 'changes', now(), now(), jsonb_build_object('seen', n)
      from generate_series(101, 112) as n, (select id from stream where connection_id = ${seeded.connections.hubspot} limit 1) as stream`.execute(
      hub,
    );
    await page.goto(`/connections/${seeded.connections.hubspot}`);
    await page.getByRole('region', { name: 'Runs' }).getByText('112 seen').waitFor();
    expect(await page.getByRole('region', { name: 'Runs' }).getByRole('listitem').count()).toBe(8);
    await page.getByRole('link', { name: 'All runs of this connection' }).click();
    await page.getByText('101 seen').waitFor();
    expect(page.url()).toBe(`${stage.origin}/runs?connection=${seeded.connections.hubspot}`);
    await page.getByRole('combobox', { name: 'System' }).selectOption('');
    await page.waitForURL(`${stage.origin}/runs`);
    await page.getByText('HubSpot · 112 seen').waitFor();
    expect(complaints).toEqual([]);
  });

  test('a viewer sees everything and no button that writes', async ({ hub }) => {
    const { stage, page, seeded } = await enter(hub, 'viewer');
    await using _ = stage;
    await page.getByRole('article', { name: 'HubSpot' }).waitFor();
    const writes = /Sync|Connect|Reconnect|Attach|Take|Keep|Use this|Leave it|Disconnect|This is the one|detach/;
    for (const path of [
      '/connections',
      `/connections/${seeded.connections.hubspot}`,
      `/contacts/${seeded.ada}`,
      `/responses/${seeded.unmatched}`,
      `/responses/${seeded.attached}`,
      '/decisions',
    ]) {
      await page.goto(path);
      await page.getByRole('heading', { level: 1 }).waitFor();
      await page.locator('.card').first().waitFor();
      expect([path, await page.getByRole('button', { name: writes }).count(), await page.getByRole('switch').count()]).toEqual([
        path,
        0,
        0,
      ]);
    }
    await page.getByRole('button', { name: /^Account of/ }).click();
    await page.getByRole('menuitem', { name: 'Sign out' }).click();
    await page.waitForURL('**/sign-in');
    await page.goto('/connections');
    await page.getByRole('button', { name: 'Sign in' }).waitFor();
  });
});
