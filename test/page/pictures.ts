import { mkdir, stat } from 'node:fs/promises';
import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import { ARTEFACTS } from './tab.ts';

/** Where the pictures go: beside the page itself when they are made afresh, by `npm run screenshots`. */
const FOLDER = process.env.SCREENSHOTS === 'true' ? 'src/admin/screenshots' : ARTEFACTS;
const BYTES_MAX = 150_000;
const WIDTH = 1200;
const HEIGHT = 750;

/** What is shown of the product: the name of its picture, its address, and what has to be seen there. `plan`, `contact`: ids. */
const pictures = ({ plan, contact }: Shown): readonly Picture[] => [
  { name: 'start', path: '/start/matching', shows: 'Share a key' },
  { name: 'connections', path: '/connections', shows: 'Working' },
  { name: 'mapping', path: '/mappings/hubspot.contact.yaml', shows: 'Job title' },
  { name: 'plan', path: `/plans/${plan}`, shows: 'Record by record' },
  { name: 'decision', path: '/decisions?kind=conflict', shows: '7 Lantern Row' },
  { name: 'contact', path: `/contacts/${contact}?why=job_title`, shows: 'What each system holds' },
  { name: 'trend', path: '/feedback/metrics/nps', shows: 'How often each score was given', height: 900 },
  { name: 'health', path: '/health', shows: 'City must be one that we deliver to', height: 1000 },
];

type Picture = { readonly name: string; readonly path: string; readonly shows: string; readonly height?: number };
export type Shown = { readonly plan: string; readonly contact: string };

/** Takes the pictures of the README, each of them small. */
export async function takePictures(page: Page, shown: Shown): Promise<void> {
  await mkdir(FOLDER, { recursive: true });
  for (const { name, path, shows, height = HEIGHT } of pictures(shown)) {
    await page.setViewportSize({ width: WIDTH, height });
    await page.goto(path);
    await page.getByRole('main').getByText(shows).first().waitFor();
    await page.locator('[aria-busy="true"]').first().waitFor({ state: 'detached' });
    if (name === 'trend') await page.getByRole('main').locator('svg.recharts-surface').first().waitFor();
    const file = `${FOLDER}/${name}.png`;
    await page.screenshot({ path: file });
    expect([name, (await stat(file)).size < BYTES_MAX]).toEqual([name, true]);
  }
}
