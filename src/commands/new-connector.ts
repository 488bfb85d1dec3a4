import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { cp, glob, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Out } from './mapping.ts';

const TEMPLATE = 'template';

/** Each list that names all connectors: the import that it gets, and what stands before the names in it. */
const LISTS: readonly { readonly file: string; readonly line: string; readonly before: RegExp; readonly entry: string }[] = [
  {
    file: 'connectors/index.ts',
    line: "import { template } from './template/index.ts';",
    before: /new Map\(\s*\[/,
    entry: 'template',
  },
  {
    file: 'connectors/manifests.ts',
    line: "import { manifest as template } from './template/manifest.ts';",
    before: /MANIFESTS: [^=]*= \[/,
    entry: 'template',
  },
  {
    file: 'connectors/sandboxes.ts',
    line: "import { templateSandbox } from './template/sandbox/index.ts';",
    before: /SANDBOXES: [^=]*= \[/,
    entry: 'templateSandbox',
  },
  {
    file: 'test/conformance/every.ts',
    line: "import { templateBench } from './benches/template.ts';",
    before: /BENCHES: [^=]*= \[/,
    entry: 'templateBench',
  },
];

/**
 * `syncline new-connector`: makes the folder of a connector in the project, with its sandbox, bench, and mapping, and puts it into the lists. It
 * compiles, and what is left to write is what the conformance suite asks for. The exit code is 1 when the name cannot be used.
 */
export async function newConnector(project: string, { name, label }: { name: string; label?: string }, out: Out): Promise<0 | 1> {
  const wrong = await wrongWith(project, name);
  if (wrong !== null) {
    out(`There cannot be a connector "${name}": ${wrong}`);
    return 1;
  }
  const named = (text: string): string =>
    text.replaceAll('Template', label ?? name.charAt(0).toUpperCase() + name.slice(1)).replaceAll(TEMPLATE, name);
  const made = [`connectors/${name}`, `mappings/${name}.contact.yaml`, `test/conformance/benches/${name}.ts`];
  await cp(join(project, 'connectors', TEMPLATE), join(project, 'connectors', name), { recursive: true });
  for await (const file of glob(`connectors/${name}/**/*.*`, { cwd: project })) await rewrite(join(project, file), named);
  await cp(join(project, 'connectors', name, 'mapping.yaml'), join(project, 'mappings', `${name}.contact.yaml`));
  await rm(join(project, 'connectors', name, 'mapping.yaml'));
  const benches = join(project, 'test/conformance/benches');
  await cp(join(benches, `${TEMPLATE}.ts`), join(benches, `${name}.ts`));
  await rewrite(join(benches, `${name}.ts`), named);
  for (const { file, line, before, entry } of LISTS) {
    await rewrite(join(project, file), (text) => listed(text, { line: named(line), before, entry: named(entry) }));
  }
  tidy(project, [...made.filter((path) => !path.endsWith('.yaml')), ...LISTS.map(({ file }) => file)]);
  for (const path of made) out(`made     ${path}`);
  for (const { file } of LISTS) out(`listed   ${file}`);
  out(`\nconnectors/README.md leads on from here. What is to be written next is what fails first:`);
  out(`  npx vitest run --project vendors test/conformance -t '^${named('Template')} ' --bail 1`);
  return 0;
}

/** Why a connector cannot have this name, or null. */
async function wrongWith(project: string, name: string): Promise<string | null> {
  if (!/^[a-z][a-z0-9]{2,29}$/.test(name)) return 'a name has 3 to 30 small letters and digits, and begins with a letter.';
  const paths = [`connectors/${name}`, `mappings/${name}.contact.yaml`, `test/conformance/benches/${name}.ts`];
  const there = paths.find((path) => existsSync(join(project, path)));
  if (there !== undefined) return `${there} is there already, and nothing is written over.`;
  for await (const file of glob('src/**/*.{ts,tsx}', { cwd: project })) {
    if ((await readFile(join(project, file), 'utf8')).toLowerCase().includes(name)) {
      return `${file} has the word in it, and no code of the hub may seem to know which systems there are. Take a longer name.`;
    }
  }
  return null;
}

async function rewrite(file: string, change: (text: string) => string): Promise<void> {
  await writeFile(file, change(await readFile(file, 'utf8')));
}

/** A list with one more import and one more entry, which stands last. */
function listed(text: string, { line, before, entry }: { line: string; before: RegExp; entry: string }): string {
  const start = before.exec(text);
  if (start === null) throw new Error(`a list has changed its shape: ${before} is not in it`);
  const from = start.index + start[0].length;
  const close = start[0].endsWith('{') ? '}' : ']';
  const end = text.indexOf(close, from);
  const names = text.slice(from, end).trimEnd().replace(/,$/, '');
  return `${line}\n${text.slice(0, from)}${names}, ${entry},${text.slice(end)}`;
}

/** Sorts imports and breaks lines as `npm run check` wants them, where the project's own tool is installed. */
function tidy(project: string, paths: readonly string[]): void {
  const tool = join(project, 'node_modules/.bin/biome');
  if (!existsSync(tool)) return;
  const { status, stderr } = spawnSync(tool, ['check', '--write', ...paths], { cwd: project, encoding: 'utf8' });
  if (status !== 0) throw new Error(`the new files could not be put in order: ${stderr}`);
}
