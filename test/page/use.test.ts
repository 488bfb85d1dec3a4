import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { sayCause } from '../../src/causes/say.ts';
import { findConnection } from '../../src/hub/connections/connections.ts';
import { readStart } from '../../src/hub/connections/guided-start.ts';
import { findDraft } from '../../src/hub/mappings/drafts.ts';
import { pauseConnection, resumeConnection } from '../../src/hub/rhythm/pausing.ts';
import { must } from '../../src/kernel/must.ts';
import { activeTexts } from '../../src/sync/mappings/active.ts';
import { cloneTemplate } from '../support/database.ts';
import { quicken, walkFirstStart } from './first-start.ts';
import { takePictures } from './pictures.ts';
import { openProduct, type Product, type Shared, sharedPeople, titled } from './product.ts';
import { type Look, lookOf, nameOf, ROUNDS } from './rotation.ts';
import { type Hands, handsIn } from './sandbox-hands.ts';
import { PASSWORD } from './stage.ts';
import { ARTEFACTS, executablePath, openTab } from './tab.ts';
import { type Say, speaking } from './words.ts';

const TIMEOUT_MS = 180_000;
const SOON = { timeout: 20_000 } as const;
/** What the walks change: each person whom they choose has it to begin with. */
const FIELDS = ['first_name', 'last_name', 'email', 'job_title', 'street', 'city'] as const;
const HELD = ['street'] as const;
const PICTURED: Look = { language: 'en', colorScheme: 'light', width: 1280, height: 800 };

type Walker = { readonly page: Page; readonly say: Say; readonly person: Shared };

// In order: the first walk brings the hub to where the others begin, and each of these has a person of its own.
describe.skipIf(executablePath === null).each(ROUNDS)('the product as people use it, round %i', (round) => {
  let database: Awaited<ReturnType<typeof cloneTemplate>>;
  let product: Product;
  let hands: Hands;
  let people: readonly Shared[] = [];
  beforeAll(async () => {
    database = await cloneTemplate(`use ${round}`);
    product = await openProduct(database.url, HELD);
    hands = handsIn(product);
  });
  afterAll(async () => {
    await product[Symbol.asyncDispose]();
    await database.drop();
  });

  /** Somebody who has signed in, with this look. */
  const comeIn = async (look: Look) => {
    const say = speaking(look.language);
    const { page, complaints } = await openTab(product, look);
    page.setDefaultTimeout(SOON.timeout);
    await page.goto('/sign-in?next=/health');
    await page.getByLabel(say('entrance:email')).fill('robin@acme.example');
    await page.getByLabel(say('entrance:password'), { exact: true }).fill(PASSWORD);
    await page.getByRole('button', { name: say('entrance:signIn') }).click();
    await page.getByRole('heading', { name: say('health:title'), level: 1 }).waitFor();
    return { page, say, complaints };
  };

  /** A walk with the look that it has in this round; a screenshot of where it ends is kept. */
  const walk = (place: number, name: string, along: (walker: Walker) => Promise<void>) =>
    test(name, { timeout: TIMEOUT_MS }, async () => {
      const look = lookOf(place, round);
      const { page, say, complaints } = await comeIn(look);
      await along({ page, say, person: must(people[place], 'somebody in both systems') });
      await page.screenshot({ path: `${ARTEFACTS}/walk-${place}-${nameOf(look)}.png` });
      expect(complaints).toEqual([]);
      await page.context().close();
    });

  /** Both systems give somebody another street, HubSpot while the hub does not look there. */
  const editStreets = async (person: Shared) => {
    await hands.editSalesforce(person, { MailingStreet: '4 Candle Lane' });
    await expect.poll(() => hands.inHub(person, 'street'), SOON).toBe('4 Candle Lane');
    await hands.editHubspot(person, { address: '7 Lantern Row' });
  };

  test('the set-up link leads to two sandboxes and a survey tool in step, and nothing is written before the preview was seen', {
    timeout: TIMEOUT_MS,
  }, async () => {
    await walkFirstStart(product, lookOf(0, round));
    await quicken(product.hub);
    people = await sharedPeople(product.hub, FIELDS);
    expect(people.length).toBeGreaterThan(5);
  });

  walk(1, 'an edit in HubSpot arrives on the page that is open, and in Salesforce', async ({ page, say, person }) => {
    await page.goto(`/contacts/${person.recordId}`);
    await page.getByText(must(person.fields.job_title, 'a job title')).first().waitFor();
    const there = await page.context().newPage();
    const link = page.getByRole('link', { name: say('records:openThere', { system: 'HubSpot sandbox' }) });
    await there.goto(must(await link.getAttribute('href'), 'the page of the record there'));
    await there.getByLabel('Job Title').fill('Keeper of Clocks');
    await there.getByRole('button', { name: 'Save' }).click();
    await page.getByText('Keeper of Clocks').first().waitFor();
    await expect.poll(() => hands.inSalesforce(person, 'Title'), SOON).toBe('Keeper of Clocks');
    await there.close();
    await page.getByRole('button', { name: say('records:why', { field: say('shared:field.job_title') }) }).click();
    const source = page.getByRole('definition').filter({ hasText: `HubSpot sandbox · ${say('records:cause.observed')}` });
    await source.waitFor();
    await page
      .getByRole('definition')
      .filter({ hasText: say('start:fields.rule.newest') })
      .waitFor();
  });

  walk(2, 'a value that both systems have changed waits for a decision, which both then hold', async ({ page, say, person }) => {
    await page.goto('/connections');
    await page.getByRole('link', { name: 'HubSpot sandbox', exact: true }).click();
    await page.getByRole('button', { name: say('connections:pause.open', { name: 'HubSpot sandbox' }) }).click();
    const resume = page.getByRole('button', { name: say('connections:pause.resumeOf', { name: 'HubSpot sandbox' }) });
    await resume.waitFor();
    await editStreets(person);
    await resume.click();
    await page.goto('/decisions?kind=conflict');
    const title = titled(person);
    const card = page.getByRole('article', { name: say('decisions:label', { kind: say('decisions:kind.conflict'), title }) });
    await card.getByText('4 Candle Lane').waitFor();
    await card.getByText('7 Lantern Row').waitFor();
    // A rule made of it is a draft, by which nobody works, and decides nothing.
    const field = say('shared:field.street');
    await card.getByRole('button', { name: say('mappings:always', { system: 'HubSpot sandbox', field }) }).click();
    await page.getByText(say('mappings:draftBar.saved')).waitFor();
    const { text } = must(await findDraft(product.hub, 'hubspot.contact.yaml'), 'the draft');
    expect(text).toContain('{ hub: street, remote: address, rule: { prefer: HubSpot sandbox } }');
    expect((await activeTexts(product.hub)).get('hubspot.contact.yaml')).toContain('{ hub: street, remote: address, rule: hold }');
    await page.goto('/decisions?kind=conflict');
    await card.getByRole('button', { name: say('decisions:takeTheirs', { system: 'HubSpot sandbox' }), exact: true }).click();
    await expect.poll(() => hands.inSalesforce(person, 'MailingStreet'), SOON).toBe('7 Lantern Row');
    await card.waitFor({ state: 'detached' });
  });

  walk(
    3,
    'a record that Salesforce refuses stands under Health with its reason, and is gone from there once it is mended',
    async ({ page, say, person }) => {
      await hands.forbidCity('Nowhere', 'Nobody lives there');
      await hands.editHubspot(person, { city: 'Nowhere' });
      const { language } = lookOf(3, round);
      const { text } = sayCause('validation_rule', language, { system: 'Salesforce sandbox' });
      const cause = page.getByRole('article', { name: text });
      await cause.getByRole('button', { name: say('health:show') }).click();
      await cause.getByText('Nobody lives there').last().waitFor();
      const act = say('health:actAll.retry');
      await cause.getByRole('button', { name: say('health:actOnCause', { act, cause: text }) }).click();
      await page.getByText(say('health:acted', { count: 1 })).waitFor();
      await page.screenshot({ path: `${ARTEFACTS}/walk-failing-${nameOf(lookOf(3, round))}.png`, fullPage: true });
      await hands.editHubspot(person, { city: 'Uppsala' });
      await cause.waitFor({ state: 'detached' });
      await expect.poll(() => hands.inSalesforce(person, 'MailingCity'), SOON).toBe('Uppsala');
    },
  );

  walk(4, 'a value leads to the run that brought it, which is undone in both systems', async ({ page, say, person }) => {
    await hands.editSalesforce(person, { Title: 'Court Jester' });
    await page.goto(`/contacts/${person.recordId}`);
    await page.getByText('Court Jester').first().waitFor();
    await expect.poll(() => hands.inHubspot(person, 'jobtitle'), SOON).toBe('Court Jester');
    await page.getByRole('button', { name: say('records:why', { field: say('shared:field.job_title') }) }).click();
    await page.locator('dd').getByRole('link').click();
    await page.getByRole('button', { name: say('runs:undo.preview') }).click();
    await page.getByText(must(person.fields.job_title, 'a job title')).first().waitFor();
    await page.getByRole('button', { name: say('runs:undo.apply') }).click();
    await page.getByText(say('runs:undo.begun')).waitFor();
    await expect.poll(() => hands.inSalesforce(person, 'Title'), SOON).toBe(person.fields.job_title);
    await expect.poll(() => hands.inHubspot(person, 'jobtitle'), SOON).toBe(person.fields.job_title);
  });

  walk(5, 'a survey answer appears on the contact who gave it', async ({ page, person }) => {
    await page.goto(`/contacts/${person.recordId}`);
    await page.getByRole('heading', { name: titled(person), level: 1 }).waitFor();
    const there = await page.context().newPage();
    await there.goto(await product.sandboxPage('surveymonkey'));
    await there.getByLabel('Score, 0 to 10').first().fill('9');
    await there.getByLabel('Comment').first().fill('A day earlier than promised');
    await there.getByLabel('CRM id').first().fill(person.salesforceId);
    await there.getByRole('button', { name: 'Answer', exact: true }).first().click();
    await page.getByText('A day earlier than promised').first().waitFor();
    await expect.poll(() => hands.inHub(person, 'nps_score'), SOON).toBe(9);
  });

  test('what the README shows is there to be seen', { timeout: TIMEOUT_MS }, async () => {
    const [undecided, failing] = [must(people[6], 'somebody undecided'), must(people[7], 'somebody who is refused')];
    await hands.forbidCity('Atlantis', 'City must be one that we deliver to');
    await hands.editHubspot(failing, { city: 'Atlantis' });
    const { id } = must(await findConnection(product.hub, 'HubSpot sandbox'), 'the HubSpot sandbox');
    await pauseConnection(product.hub, id, { actor: 'syncline', why: null });
    await editStreets(undecided);
    await resumeConnection(product.hub, id);
    const { page, complaints } = await comeIn(PICTURED);
    const { planId } = await readStart(product.hub);
    await takePictures(page, { plan: must(planId, 'the plan of the start'), contact: must(people[1], 'who was edited').recordId });
    expect(complaints).toEqual([]);
    await page.context().close();
  });

  test('sandboxes that ended with their process say so, and begin anew without anybody whom they had made up', {
    timeout: TIMEOUT_MS,
  }, async () => {
    await product[Symbol.asyncDispose]();
    product = await openProduct(database.url, HELD);
    const { page, say, complaints } = await comeIn(lookOf(7, round));
    await page.goto('/connections');
    for (const name of ['HubSpot sandbox', 'Salesforce sandbox', 'SurveyMonkey sandbox']) {
      const card = page.getByRole('article', { name });
      await card.getByText(say('start:try.ended')).waitFor();
      await card.getByRole('button', { name: say('start:try.againOf', { name }) }).click();
      await card.getByText(say('start:try.ended')).waitFor({ state: 'detached' });
    }
    for (const table of ['record', 'link', 'hold', 'response', 'change'] as const)
      expect([table, await product.hub.selectFrom(table).selectAll().execute()]).toEqual([table, []]);
    await page.goto('/contacts');
    await page.getByText(say('records:noneAbout')).waitFor();
    expect(complaints).toEqual([]);
    await page.context().close();
  });
});
