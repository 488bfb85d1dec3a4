import { execFileSync } from 'node:child_process';
import { type Browser, chromium } from 'playwright-core';

const FLAGS = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];
const NAMES = ['chromium', 'chromium-browser', 'google-chrome'] as const;

function find(name: string): string | null {
  try {
    return execFileSync('/bin/sh', ['-c', `command -v ${name}`], { encoding: 'utf8' }).trim() || null;
  } catch {
    return null;
  }
}

/** Where this machine's Chromium is, or null. With CI=true it has to be there. */
export function chromiumPath(): string | null {
  const path = NAMES.map(find).find((each) => each !== null) ?? null;
  if (path === null && process.env.CI === 'true') throw new Error('CI=true, and there is no Chromium on PATH: the page cannot be tested.');
  if (path === null) console.warn('left out: the settings page in a browser, because there is no Chromium on PATH');
  return path;
}

export async function openBrowser(executablePath: string): Promise<Browser> {
  return chromium.launch({ executablePath, args: FLAGS });
}
