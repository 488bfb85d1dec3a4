import { describe, expect, test } from 'vitest';
import { rowError } from '../../connectors/salesforce/http/errors.ts';
import { causeOf } from '../../src/causes/cause-of.ts';
import { CAUSE_IDS, CAUSES, type Sign } from '../../src/causes/causes.ts';
import { LANGUAGES, languageOf } from '../../src/causes/languages.ts';
import { sayCause, WORDS } from '../../src/causes/say.ts';
import { PLACES } from '../../src/causes/words/words.ts';
import { type ErrorKind, HubError, RECOVERY } from '../../src/contract/errors.ts';
import { HOLD_KINDS } from '../../src/hub/stored.ts';

const KINDS = Object.keys(RECOVERY) as readonly ErrorKind[];
const signsOf = (id: (typeof CAUSE_IDS)[number]): readonly Sign[] => CAUSES[id].signs;

/** What the catalogue is to recognise by a sign: the error, hold, or link as the hub meets it. */
function met(sign: Sign): readonly Parameters<typeof causeOf>[0][] {
  if ('error' in sign) {
    const codes = sign.codes ?? [undefined];
    return codes.map((code) => new HubError(sign.error, 'anything at all', code === undefined ? {} : { code }));
  }
  if ('hold' in sign)
    return (sign.because ?? [undefined]).map((because) => ({ kind: sign.hold, detail: because === undefined ? {} : { because } }));
  return (sign.because ?? [undefined]).map((because) => ({ link: sign.link, because }));
}

describe('the catalogue', () => {
  test('has at least forty causes', () => expect(CAUSE_IDS.length).toBeGreaterThanOrEqual(40));

  test.for(CAUSE_IDS)('%s is found by each of its signs', (id) => {
    expect(signsOf(id).length).toBeGreaterThan(0);
    for (const sign of signsOf(id)) for (const trouble of met(sign)) expect(causeOf(trouble)).toBe(id);
  });

  test('no two causes have the same sign', () => {
    const signs = CAUSE_IDS.flatMap((id) => signsOf(id).flatMap(met)).map((trouble) =>
      trouble instanceof HubError ? `${trouble.kind} ${trouble.code}` : JSON.stringify(trouble),
    );
    expect(new Set(signs).size).toBe(signs.length);
  });

  test.for(KINDS)('every error of the kind %s has a cause, whatever its code', (kind) => {
    const plain = causeOf(new HubError(kind, 'x'));
    expect(causeOf(new HubError(kind, 'x', { code: 'NOBODY_KNOWS_IT' }))).toBe(plain);
    expect(plain).not.toBe('tries_fail');
  });

  test.for(HOLD_KINDS)('every hold of the kind %s has a cause, whatever its detail', (kind) => {
    expect(causeOf({ kind, detail: { because: 'new', code: 'NOBODY_KNOWS_IT' } })).toBe(causeOf({ kind, detail: {} }));
    expect(causeOf({ kind, detail: {} })).not.toBe('tries_fail');
  });

  test('the text of a message decides nothing', () => {
    expect(causeOf(new HubError('record_rejected', 'STRING_TOO_LONG: data value too large'))).toBe('record_refused');
  });

  test('an error leads to the recovery of its kind', () => {
    for (const id of CAUSE_IDS) {
      for (const sign of signsOf(id)) if ('error' in sign) expect([id, CAUSES[id].recovery]).toEqual([id, RECOVERY[sign.error]]);
    }
  });

  test('what a vendor refused keeps its cause in the hold', () => {
    expect(causeOf({ kind: 'refused_record', detail: { by: 'vendor', error: 'record_rejected', code: 'DUPLICATES_DETECTED' } })).toBe(
      'duplicate_rule',
    );
    expect(
      causeOf({ kind: 'refused_field', detail: { by: 'vendor', error: 'record_rejected', code: 'STRING_TOO_LONG', value: 'x' } }),
    ).toBe('value_too_long');
  });

  test('what a vendor answers finds its cause by the code that its connector passes on', () => {
    const update = { verb: 'update', id: '1', ifVersion: null, fields: {}, seen: {} } as const;
    const codes = {
      REQUIRED_FIELD_MISSING: 'required_missing',
      UNABLE_TO_LOCK_ROW: 'record_locked',
      ENTITY_IS_DELETED: 'deleted_there',
      STRING_TOO_LONG: 'value_too_long',
    };
    for (const [code, id] of Object.entries(codes)) expect(causeOf(rowError([{ code, message: 'said', fields: [] }], update))).toBe(id);
  });
});

const placesIn = (text: string): readonly string[] => [...text.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name);

describe('the words', () => {
  test.for(LANGUAGES)('in %s say every cause, and what to do', (language) => {
    for (const id of CAUSE_IDS) {
      const [text, advice] = WORDS[language][id];
      expect([id, text.trim() !== '', advice.trim() !== '']).toEqual([id, true, true]);
      for (const place of placesIn(text + advice)) expect(PLACES).toContain(place);
    }
  });

  test.for(CAUSE_IDS)('of %s name the same things in every language', (id) => {
    const named = LANGUAGES.map((language) =>
      [...new Set(placesIn(WORDS[language][id].join(' ')))].filter((place) => place !== 'object').sort(),
    );
    expect(named[1]).toEqual(named[0]);
    expect(named[2]).toEqual(named[0]);
  });

  test('are written in their own script', () => {
    const scripts = { en: /^[\p{Script=Latin}\P{L}]+$/u, ja: /[\p{Script=Hiragana}\p{Script=Katakana}]/u, th: /\p{Script=Thai}/u };
    for (const language of LANGUAGES)
      for (const id of CAUSE_IDS) for (const words of WORDS[language][id]) expect(words).toMatch(scripts[language]);
  });

  test('are whole sentences with everything filled in, also where nothing is known', () => {
    for (const language of LANGUAGES) {
      for (const id of CAUSE_IDS) {
        const bare = sayCause(id, language);
        const full = sayCause(id, language, { system: 'Acme', field: 'Phone', limit: '40', object: 'contact' });
        for (const said of [bare, full]) expect(said.text + said.advice).not.toMatch(/[{}]|undefined|null/);
      }
    }
    expect(sayCause('value_too_long', 'en', { system: 'Acme', field: 'phone', limit: '40' }).text).toBe(
      'The value of phone is longer than Acme takes (limit: 40).',
    );
    expect(sayCause('rate_limited', 'en').text).toBe('The other system asked for a pause.');
    expect(sayCause('deleted_there', 'ja', { system: 'Acme', object: 'contact' }).text).toBe('コンタクトがAcmeで削除されました。');
  });
});

describe('the language that a caller asks for', () => {
  test.each([
    ['ja', 'ja'],
    ['th-TH,th;q=0.9,en;q=0.8', 'th'],
    ['de, ja;q=0.5, en;q=0.4', 'ja'],
    ['en;q=0.1, th;q=0.9', 'th'],
    ['fr-CH, de', 'en'],
    ['ja;q=0, en', 'en'],
    ['*', 'en'],
    ['', 'en'],
    [null, 'en'],
    [';;q=x,,', 'en'],
  ] as const)('%j is answered in %s', (header, language) => expect(languageOf(header)).toBe(language));
});
