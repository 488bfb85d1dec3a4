import { Buffer } from 'node:buffer';
import { AxeBuilder } from '@axe-core/playwright';
import { describe, expect, onTestFinished } from 'vitest';
import type { RowProblem } from '../../src/mapping/arriving/read-row.ts';
import { connect, setEnabled } from '../../src/sync/connecting/connect.ts';
import { importFile } from '../../src/sync/importing/import-file.ts';
import { previewFile } from '../../src/sync/importing/preview.ts';
import { rehearse } from '../../src/sync/importing/rehearse.ts';
import { test } from '../support/database.ts';
import { openEngine } from '../support/stage.ts';
import { openPageStage } from './stage.ts';
import { ARTEFACTS, executablePath, openTab, signIn, thePage } from './tab.ts';

const LIST = [
  'Customer ID;Updated at;E-mail;First name;Last name;Phone',
  '1;3/4/2026 09:30;hana@example.jp;Hana;Sato;090-1234-5678',
  ';3/4/2026 09:30;nobody@example.jp;No;Body;',
  '',
].join('\n');

describe.skipIf(executablePath === null)('files on the page of a connection', () => {
  test('are looked at, tried, and imported, and rows that cannot be read are told with their line', { timeout: 120_000 }, async ({
    hub,
  }) => {
    const engine = await openEngine(hub);
    const stage = await openPageStage(hub, thePage(), {
      connect: (draft) => connect(engine, draft),
      previewFile: (connection, upload) => previewFile(engine, { connection, ...upload }),
      rehearseImport: async (connection, upload) => {
        const errors: RowProblem[] = [];
        return { ...(await rehearse(engine, { connection, ...upload }, (some) => errors.push(...some))), errors };
      },
      importFile: (connection, upload) => importFile(engine, { connection, ...upload }),
    });
    onTestFinished(() => stage[Symbol.asyncDispose]());
    const { page, complaints } = await openTab(stage);
    await signIn(page, await stage.addOperator('admin'), '/connections/connect/csv');
    expect(await page.getByLabel('Address', { exact: true }).count()).toBe(0);
    await page.getByLabel('Name').fill('till');
    await page.getByRole('button', { name: 'Connect', exact: true }).click();
    await page.getByRole('heading', { name: 'till', level: 1 }).waitFor();
    await setEnabled(engine, 'till', true);

    const section = page.getByRole('region', { name: 'Files' });
    await section.locator('input[type=file]').setInputFiles({ name: 'list.csv', mimeType: 'text/csv', buffer: Buffer.from(LIST) });
    await section.getByText('6 columns between semicolons, in UTF-8; the first row names the columns.').waitFor();
    await section.getByText('A mapping that could read it, to keep as mappings/csv.contact.till.yaml').waitFor();
    await section.getByRole('button', { name: 'Try it without storing anything' }).click();
    await section.getByText('2 rows: 1 new, 0 changed, 0 unchanged, 0 removed, 1 refused').waitFor();
    await section.getByText('Line 3: there is no id in Customer ID').waitFor();
    await section.getByRole('button', { name: 'Import', exact: true }).click();
    await section.getByText('list.csv: 2 rows, 1 refused, done').waitFor();
    await page.screenshot({ path: `${ARTEFACTS}/files.png`, fullPage: true });
    expect((await new AxeBuilder({ page }).analyze()).violations.map(({ id }) => id)).toEqual([]);
    const errors = await page.request.get(`${stage.origin}${await section.getByRole('link', { name: /as CSV/ }).getAttribute('href')}`);
    expect(await errors.text()).toContain('3,,there is no id in Customer ID,,3/4/2026 09:30,nobody@example.jp');
    expect(complaints).toEqual([]);
  });
});
