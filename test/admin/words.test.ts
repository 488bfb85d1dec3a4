import { describe, expect, test } from 'vitest';
import { en } from '../../src/admin/language/en.ts';
import { ja } from '../../src/admin/language/ja.ts';
import { th } from '../../src/admin/language/th.ts';
import { readSources, type Source } from '../support/sources.ts';

type Tree = { readonly [key: string]: string | Tree };
const leaves = (tree: Tree, path = ''): readonly (readonly [path: string, text: string])[] =>
  Object.entries(tree).flatMap(([key, value]) =>
    typeof value === 'string' ? [[path + key, value] as const] : leaves(value, `${path}${key}.`),
  );

const EN = new Map(leaves(en));
const OTHERS = { ja: new Map(leaves(ja)), th: new Map(leaves(th)) };
const isOne = (path: string) => path.endsWith('_one');

/** What a text takes in: `{{name}}` and `<tag>`. */
const taken = (text: string) => [...new Set(text.match(/\{\{\w+|<\w+/g) ?? [])].sort();

describe('the words of the page', () => {
  for (const [language, words] of Object.entries(OTHERS)) {
    test(`${language} has every key of English, and none of its own`, () => {
      expect([...words.keys()].sort()).toEqual([...EN.keys()].filter((path) => !isOne(path)).sort());
    });

    test(`${language} takes in what English takes in`, () => {
      const wrong = [...words].filter(([path, text]) => text.trim() === '' || String(taken(text)) !== String(taken(EN.get(path) ?? '')));
      expect(wrong.map(([path]) => path)).toEqual([]);
    });
  }

  test('what is counted has a form for one and a form for all else', () => {
    const alone = [...EN.keys()].filter((path) => isOne(path) && !EN.has(path.replace(/_one$/, '_other')));
    expect(alone).toEqual([]);
  });

  test('Japanese is written in Japanese, and Thai in Thai', () => {
    const scripts = { ja: /[\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Han}]/u, th: /\p{Script=Thai}/u };
    const own = (text: string) => /[a-z]{3}/i.test(text.replaceAll(/\{\{.*?\}\}|<.*?>|Syncline|NPS|CSAT|CES|API|YAML|https?:\/\//g, ''));
    for (const language of ['ja', 'th'] as const) {
      const foreign = [...OTHERS[language]].filter(([, text]) => own(text) && !scripts[language].test(text));
      expect(foreign).toEqual([]);
    }
  });
});

const SOURCES = readSources('src/admin').filter(({ path }) => !path.startsWith('src/admin/language/'));
const ATTRIBUTES = /^(label|title|placeholder|description|about|alt|children|aria-label|aria-description)=["']/;
const HAS_WORD = /\p{L}{2}/u;

/** Text that a reader would see, and that no language can change. */
function fixed({ path, nodes }: Source): readonly string[] {
  return nodes.flatMap(({ type, text }) => {
    if (type === 'JSXText') return HAS_WORD.test(text) ? [`${path}: ${text.trim()}`] : [];
    if (type === 'JSXAttribute')
      return ATTRIBUTES.test(text) && HAS_WORD.test(text.slice(text.indexOf('=') + 1)) ? [`${path}: ${text}`] : [];
    const isText = type === 'Literal' || type === 'TemplateElement';
    return isText && /^["'`]?[A-Z][a-z]+ [a-z]/.test(text) ? [`${path}: ${text}`] : [];
  });
}

describe('the sources of the page', () => {
  test('carry no text of their own', () => {
    expect(SOURCES.flatMap(fixed)).toEqual([]);
  });

  test('lead on wherever they say that there is nothing: one thing to do next', () => {
    const silent = SOURCES.flatMap(({ path, nodes }) =>
      nodes
        .filter(({ type, text }) => type === 'JSXOpeningElement' && /^<Empty\b/.test(text) && !text.includes('action={'))
        .map(() => path),
    );
    // What can be done next stands right above: the search, and the other views of the document.
    expect(new Set(silent)).toEqual(new Set(['src/admin/mappings/editor.tsx', 'src/admin/mappings/suggestions.tsx']));
  });

  test('say every word that the languages have', () => {
    const all = SOURCES.map(({ text }) => text).join('\n');
    const isSaid = (whole: string) => {
      const [, ...parts] = whole.replace(/_(one|other)$/, '').split('.');
      const path = parts.join('.');
      if (['', `${whole.split('.')[0]}:`].some((area) => [`'${area}${path}'`, `"${area}${path}"`].some((said) => all.includes(said))))
        return true;
      return (
        parts.some((_, depth) => all.includes(`${parts.slice(0, depth).join('.')}${depth === 0 ? '' : '.'}\${`) && depth > 0) ||
        LOOSE.test(path)
      );
    };
    expect([...EN.keys()].filter((path) => !isSaid(path))).toEqual([]);
  });
});

// Named by their place in a table: which responses are shown.
const LOOSE = /^responses\.none(All|Unmatched|Attached|Detached)(About)?$/;
