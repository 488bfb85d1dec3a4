import { sql } from 'kysely';
import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import { listStreams } from '../../src/hub/connections/connections.ts';
import { START_STEPS, type StartStep } from '../../src/hub/connections/guided-start.ts';
import { setStream } from '../../src/hub/connections/set-stream.ts';
import type { Hub } from '../../src/hub/database.ts';
import type { Product } from './product.ts';
import { type Look, nameOf } from './rotation.ts';
import { PASSWORD } from './stage.ts';
import { ARTEFACTS, openTab } from './tab.ts';
import { type Say, speaking } from './words.ts';

/** How long whoever looks on waits for what is there to be read, and for the first sync. */
const LONG_MS = 90_000;
/** The product itself works beside the browser, on the same machine. */
const SOON_MS = 20_000;
const QUICK_MS = 1000;

/** From the set-up link to two sandboxes and a survey tool in step, with a screenshot of each step. */
export async function walkFirstStart(product: Product, look: Look): Promise<void> {
  const { page, complaints } = await openTab(product, look);
  page.setDefaultTimeout(SOON_MS);
  const say = speaking(look.language);
  const shoot = (step: string) => page.screenshot({ path: `${ARTEFACTS}/start-${step}-${nameOf(look)}.png`, fullPage: true });
  const next = () => page.getByRole('button', { name: say('start:next') }).click();
  await page.goto(await product.setupLink());
  await page.getByLabel(say('entrance:name')).fill('Robin');
  await page.getByLabel(say('entrance:email')).fill('robin@acme.example');
  await page.getByLabel(say('entrance:password'), { exact: true }).fill(PASSWORD);
  await shoot('set-up');
  await page.getByRole('button', { name: say('entrance:make') }).click();

  await page.getByRole('button', { name: say('start:try.all') }).waitFor();
  await shoot('systems');
  await page.getByRole('button', { name: say('start:try.all') }).click();
  await at(page, say, 'objects');
  await addTool(page, say, shoot);
  await shoot('objects');
  // A reload in the midst lands where one was, with what one had chosen.
  await page.goto('/');
  await at(page, say, 'objects');
  expect(await page.getByRole('checkbox', { name: say('shared:objects.contact') }).isChecked()).toBe(true);
  await next();

  await at(page, say, 'matching');
  await page.getByRole('link', { name: say('start:matching.edit') }).waitFor({ timeout: LONG_MS });
  await shoot('matching');
  await next();
  await at(page, say, 'fields');
  await page.getByText(say('start:fields.rule.newest')).filter({ visible: true }).first().waitFor();
  await shoot('fields');
  // What lies ahead cannot be gone to before.
  await page.goto('/start/enable');
  await at(page, say, 'fields');
  await next();
  await at(page, say, 'preview');
  await page.getByRole('group', { name: say('runs:forecast') }).waitFor();
  await shoot('preview');
  for (const step of START_STEPS.slice(0, START_STEPS.indexOf('preview') + 1)) {
    await page.goto(`/start/${step}`);
    await at(page, say, step);
  }
  expect(await written(product.hub)).toBe(0);
  expect(await product.hub.selectFrom('connection').select('name').where('enabled', '=', true).execute()).toEqual([]);

  await page.getByRole('button', { name: say('start:preview.enable') }).click();
  await page.getByText(say('start:enable.done')).waitFor({ timeout: LONG_MS });
  await shoot('enable');
  expect(await written(product.hub)).toBeGreaterThan(100);
  await page.getByRole('link', { name: say('start:enable.contacts') }).click();
  await page.getByRole('heading', { name: say('shell:contacts'), level: 1 }).waitFor();
  expect(await page.getByRole('link', { name: say('shell:start') }).count()).toBe(0);
  for (const name of ['HubSpot sandbox', 'Salesforce sandbox', 'SurveyMonkey sandbox']) {
    await page.goto('/connections');
    const card = page.getByRole('article', { name });
    await card.getByText(say('connections:state.ready')).waitFor();
    await card.getByText(say('shared:sandbox.ours'), { exact: true }).waitFor();
  }
  expect(complaints).toEqual([]);
  await page.context().close();
}

const at = (page: Page, say: Say, step: StartStep) => page.getByRole('heading', { name: say(`start:heading.${step}`), level: 2 }).waitFor();

/** Goes back to the first step and chooses another tool, whose sandbox is offered; then goes on without it after all. */
async function addTool(page: Page, say: Say, shoot: (step: string) => Promise<unknown>): Promise<void> {
  const choose = async (isChosen: boolean) => {
    await page
      .getByRole('navigation', { name: say('start:steps') })
      .getByRole('link', { name: say('start:step.systems') })
      .click();
    await at(page, say, 'systems');
    await page.getByRole('checkbox', { name: 'Typeform' }).setChecked(isChosen);
    await page.getByRole('button', { name: say('start:next') }).click();
    await at(page, say, 'connect');
  };
  await choose(true);
  await page.getByText(say('start:connect.left', { count: 1 })).waitFor();
  await page.getByRole('button', { name: say('start:try.oneOf', { system: 'Typeform' }) }).waitFor();
  await shoot('connect');
  await choose(false);
  await page.getByRole('button', { name: say('start:next') }).click();
  await at(page, say, 'objects');
}

const written = async (hub: Hub): Promise<number> =>
  (await sql<{ n: number }>`select count(*)::int as n from delivery`.execute(hub)).rows[0]?.n ?? 0;

/** Has the two CRMs looked at each second, so that nobody waits long for what was edited there. */
export async function quicken(hub: Hub): Promise<void> {
  for (const { id, object } of await listStreams(hub)) if (object === 'contact') await setStream(hub, id, { everyMs: QUICK_MS });
}
