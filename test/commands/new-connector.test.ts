import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { newConnector } from '../../src/commands/new-connector.ts';

const PARTS = ['.gitignore', 'biome.json', 'connectors', 'mappings', 'package.json', 'src', 'test', 'tsconfig.json', 'vitest.config.ts'];

/** A copy of the project, which shares what is installed. */
function copyProject(): string {
  const project = mkdtempSync(join(tmpdir(), 'syncline-connector-'));
  onTestFinished(() => rmSync(project, { recursive: true }));
  for (const part of PARTS) cpSync(part, join(project, part), { recursive: true });
  symlinkSync(join(process.cwd(), 'node_modules'), join(project, 'node_modules'));
  spawnSync('git', ['init', '-q'], { cwd: project });
  return project;
}

async function run(project: string, name: string) {
  const lines: string[] = [];
  const code = await newConnector(project, { name }, (line) => void lines.push(line));
  return { code, said: lines.join('\n') };
}

function bin(project: string, tool: string, ...args: string[]) {
  const { status, stdout, stderr } = spawnSync(join('node_modules/.bin', tool), args, {
    cwd: project,
    encoding: 'utf8',
    env: { ...process.env, NO_COLOR: '1' },
  });
  return { status, said: stdout + stderr };
}

test('a new connector compiles, is listed, is in order, and fails the suite with what to write next', { timeout: 180_000 }, async () => {
  const project = copyProject();
  expect(await run(project, 'rolodex')).toMatchObject({ code: 0 });
  expect(bin(project, 'tsc')).toEqual({ status: 0, said: '' });
  expect(bin(project, 'biome', 'check', 'connectors', 'test/conformance').status).toBe(0);
  // What needs nobody over there holds already; all else names the file to go on in.
  const files = ['manifest', 'erasing'].map((name) => `test/conformance/${name}.test.ts`);
  const { status, said } = bin(project, 'vitest', 'run', '--project', 'vendors', ...files, '-t', '^Rolodex ');
  expect(status).toBe(1);
  expect(said).toMatch(/✓.*manifest\.test\.ts/);
  expect(said).toContain('To write next: connectors/rolodex/sandbox/index.ts');

  const before = readFileSync(join(project, 'connectors/index.ts'), 'utf8');
  expect(await run(project, 'rolodex')).toMatchObject({ code: 1, said: expect.stringContaining('is there already') });
  expect(readFileSync(join(project, 'connectors/index.ts'), 'utf8')).toBe(before);
});

test.each(['', 'a', 'Acme', '1crm', 'acme-crm', '../acme', 'contact', 'typeform', 'template'])('"%s" is no name for one', async (name) => {
  expect(await run(process.cwd(), name)).toMatchObject({ code: 1, said: expect.stringContaining('There cannot be') });
});
