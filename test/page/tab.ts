import { mkdir } from 'node:fs/promises';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, inject } from 'vitest';
import { en } from '../../src/admin/language/en.ts';
import type { Language } from '../../src/admin/language/languages.ts';
import { builtPages } from '../../src/commands/pages.ts';
import type { Hub } from '../../src/hub/database.ts';
import type { Role } from '../../src/hub/tables/access.ts';
import { must } from '../../src/kernel/must.ts';
import { chromiumPath, openBrowser } from './browser.ts';
import { seedHub } from './seed.ts';
import { type BuiltPage, openPageStage, PASSWORD, type Stage } from './stage.ts';

export const ARTEFACTS = 'test/artefacts';
const SOON_MS = 8000;
/** What a browser asks for that speaks this language. */
const LOCALES: Readonly<Record<Language, string>> = { en: 'en-US', ja: 'ja-JP', th: 'th-TH' };

/** Null where there is no Chromium: then the tests of the page are left out. */
export const executablePath = chromiumPath();
let browser: Browser | undefined;
let built: BuiltPage | undefined;

beforeAll(async () => {
  if (executablePath === null) return;
  await mkdir(ARTEFACTS, { recursive: true });
  const folder = must(inject('pageFolder'), 'the folder of the built page');
  [browser, built] = [await openBrowser(executablePath), { folder, pages: must(await builtPages(folder), 'the built page') }];
});
afterAll(async () => {
  await browser?.close();
});

export const thePage = (): BuiltPage => must(built, 'the built page');

/** A tab on a stage; whatever the browser complains about is kept, and has to be nothing in the end. */
export async function openTab(
  stage: Pick<Stage, 'origin'>,
  options: {
    readonly width?: number;
    readonly height?: number;
    readonly colorScheme?: 'light' | 'dark';
    readonly language?: Language;
  } = {},
) {
  const { width = 1280, height = 800, colorScheme = 'light', language = 'en' } = options;
  const context = await must(browser, 'a browser').newContext({
    baseURL: stage.origin,
    viewport: { width, height },
    colorScheme,
    locale: LOCALES[language],
    reducedMotion: 'reduce',
  });
  const page = await context.newPage();
  page.setDefaultTimeout(SOON_MS);
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('console', (line) => {
    if (line.type() === 'error' && !/status of 4\d\d/.test(line.text())) complaints.push(line.text());
  });
  return { page, complaints };
}

type Said = { readonly email: string; readonly password: string; readonly signIn: string };
const ENGLISH: Said = { email: 'E-mail', password: 'Password', signIn: 'Sign in' };

/** Signs in on the page, in the language that it speaks. */
export async function signIn(page: Page, email: string, at = '/connections', said: Said = ENGLISH): Promise<void> {
  await page.goto(at);
  await page.getByLabel(said.email).fill(email);
  await page.getByLabel(said.password, { exact: true }).fill(PASSWORD);
  await page.getByRole('button', { name: said.signIn }).click();
  await page
    .getByRole('navigation')
    .or(page.getByRole('button', { name: en.shell.openMenu }))
    .first()
    .waitFor({ state: 'attached' });
}

/** An operator of this role, signed in to a hub that has worked for a while. */
export async function enter(hub: Hub, role: Role, at?: string, options?: Parameters<typeof openTab>[1]) {
  const seeded = await seedHub(hub);
  const stage = await openPageStage(hub, thePage());
  const { page, complaints } = await openTab(stage, options);
  await signIn(page, await stage.addOperator(role), at);
  return { seeded, stage, page, complaints };
}
