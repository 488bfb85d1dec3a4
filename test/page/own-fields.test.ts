import { describe, expect, onTestFinished } from 'vitest';
import { handsOf, hubspotSandbox } from '../../connectors/hubspot/sandbox/index.ts';
import type { Hub } from '../../src/hub/database.ts';
import { makeTown } from '../../src/sandbox/people.ts';
import { openSandbox } from '../../src/sandbox/sandbox.ts';
import { provision } from '../../src/sync/schema/provision.ts';
import { begin } from '../../src/sync/sign-in/begin.ts';
import { finish } from '../../src/sync/sign-in/finish.ts';
import { test } from '../support/database.ts';
import { openEngine } from '../support/stage.ts';
import { openPageStage } from './stage.ts';
import { ARTEFACTS, executablePath, openTab, signIn, thePage } from './tab.ts';

/** An admin at the connect form of a hub with its engine, and a portal in which nobody has made anything for it. */
async function openFlow(hub: Hub) {
  const engine = await openEngine(hub);
  const switches = { uniqueId: false, feedbackProperties: false, salesData: false };
  const portal = await openSandbox(hubspotSandbox, { town: makeTown({ seed: 1, people: 3 }), switches });
  onTestFinished(portal.close);
  const stage = await openPageStage(hub, thePage(), {
    beginSignIn: (wish, actor) => begin(engine, { ...wish, actor }),
    finishSignIn: (back, browser) => finish(engine, back, browser),
    ownFields: (id, wish) => provision(engine, id, { ...wish, signal: AbortSignal.timeout(20_000) }),
  });
  onTestFinished(() => stage[Symbol.asyncDispose]());
  const tab = await openTab(stage);
  await signIn(tab.page, await stage.addOperator('admin'), '/connections/connect/hubspot');
  return { ...tab, portal, hands: handsOf(portal.sandbox) };
}

describe.skipIf(executablePath === null)("Syncline's own fields on the page of a connection", () => {
  test('are shown on request, the right for them is asked for only then, and they are made', async ({ hub }) => {
    const { page, portal, hands, complaints } = await openFlow(hub);
    const { id, secret } = hands.access.client;
    await page.getByText('Sign in with HubSpot', { exact: true }).click();
    await page.getByLabel('Address', { exact: true }).fill(portal.origin);
    await page.getByLabel('Sign-in address (optional)').fill(portal.origin);
    await page.getByLabel('Client ID').fill(id);
    await page.getByLabel('Client secret').fill(secret);
    await page.getByRole('button', { name: 'Sign in at HubSpot' }).click();
    await page
      .getByRole('button', { name: 'Allow' })
      .or(page.getByRole('link', { name: 'Allow' }))
      .click();
    await page.getByRole('heading', { name: 'HubSpot', level: 1 }).waitFor();

    hands.fields.define('contacts', {
      name: 'ces_score',
      label: 'Effort',
      type: 'string',
      fieldType: 'text',
      groupName: 'contactinformation',
    });
    const section = page.getByRole('region', { name: 'Fields of Syncline' });
    await section.getByRole('button', { name: 'Look what is there' }).click();
    const contacts = section.getByRole('region', { name: "Syncline's fields of Contacts" });
    await contacts.getByText('The credentials lack crm.schemas.contacts.write').waitFor();
    await contacts.getByText('Missing (text, unique)').waitFor();
    await contacts.getByText('It is text there and has to be number').waitFor();
    expect([...portal.requests.keys()].filter((name) => /POST .*properties/.test(name))).toEqual([]);
    await page.screenshot({ path: `${ARTEFACTS}/own-fields-lacking.png`, fullPage: true });

    expect(await section.getByRole('button', { name: /^Make/ }).count()).toBe(0);
    await section.getByRole('link', { name: 'Sign in again' }).click();
    await page.getByText('crm.schemas.contacts.write').waitFor();
    await page.getByRole('button', { name: 'Sign in at HubSpot' }).click();
    await page
      .getByRole('button', { name: 'Allow' })
      .or(page.getByRole('link', { name: 'Allow' }))
      .click();
    await page.getByRole('heading', { name: 'HubSpot', level: 1 }).waitFor();
    await section.getByRole('button', { name: 'Look what is there' }).click();
    await section.getByRole('button', { name: 'Make 9 fields in HubSpot' }).click();
    await contacts.getByText('Made').nth(7).waitFor();
    await page.screenshot({ path: `${ARTEFACTS}/own-fields-made.png`, fullPage: true });
    await section.getByRole('button', { name: 'Look again' }).click();
    await contacts.getByText('There', { exact: true }).nth(7).waitFor();
    await section.getByText('There is nothing to make.').waitFor();
    expect(complaints).toEqual([]);
  });
});
