import { expect, test } from 'vitest';
import { pathsOf, readSources } from '../support/sources.ts';

const SOURCES = readSources('src/admin');

test('the page carries the styles of every part that it uses', () => {
  const all = new Set(pathsOf('node_modules/@mantine/core/styles/*.css').map((path) => path.replace(/^.*\/|\.css$/g, '')));
  const used = SOURCES.flatMap(({ nodes }) =>
    nodes
      .filter(({ type, text }) => type === 'ImportDeclaration' && text.includes("'@mantine/core'"))
      .flatMap(({ text }) => text.match(/\w+/g) ?? []),
  );
  const carried = new Set(SOURCES.flatMap(({ text }) => [...text.matchAll(/@mantine\/core\/styles\/(\w+)\.css/g)].map(([, name]) => name)));
  expect([...new Set(used)].filter((name) => all.has(name) && !carried.has(name))).toEqual([]);
});
