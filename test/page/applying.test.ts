import { describe, expect } from 'vitest';
import { newId } from '../../src/hub/ids.ts';
import { test } from '../support/database.ts';
import { ARTEFACTS, enter, executablePath } from './tab.ts';

describe.skipIf(executablePath === null)('a plan that is being applied', () => {
  test('shows how far it is, and is paused, resumed, and cancelled from its page', { timeout: 60_000 }, async ({ hub }) => {
    const { stage, page, seeded, complaints } = await enter(hub, 'admin', '/settings');
    await using _ = stage;
    const stateOf = async () =>
      (await hub.selectFrom('plan').select('state').where('id', '=', seeded.plan).executeTakeFirstOrThrow()).state;
    await hub.updateTable('plan').set({ state: 'applying' }).where('id', '=', seeded.plan).execute();
    await hub
      .insertInto('run')
      .values({ id: newId(), stream_id: null, kind: 'apply', plan_id: seeded.plan, counts: '{}', error: null, ended_at: null })
      .execute();
    await page.goto(`/plans/${seeded.plan}`);
    await page
      .getByRole('status')
      .filter({ hasText: /^0 of \d+ written, about .* left$/ })
      .waitFor();
    await page.getByRole('button', { name: 'Pause' }).click();
    await page.getByRole('button', { name: 'Resume' }).waitFor();
    expect(await stateOf()).toBe('paused');
    await page.screenshot({ path: `${ARTEFACTS}/paused.png`, fullPage: true });
    await page.getByRole('button', { name: 'Resume' }).click();
    await page.getByRole('button', { name: 'Pause' }).waitFor();
    await page.getByRole('button', { name: 'Cancel the rest' }).click();
    await page.getByText('What was under way is being looked up').waitFor();
    expect(await stateOf()).toBe('cancelling');
    expect(stage.asked.nudges).toContainEqual({ name: 'reconcile' });
    // What a worker does with it.
    await hub.updateTable('plan').set({ state: 'cancelled' }).where('id', '=', seeded.plan).execute();
    await page.getByRole('link', { name: 'Open its run, to undo it' }).waitFor();
    expect(complaints).toEqual([]);
  });
});
