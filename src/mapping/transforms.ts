import type { FieldValue } from '../contract/records.ts';
import { countryCode, countryName } from './countries.ts';
import { hostOf } from './hosts.ts';
import { type Precision, toDate, toDatetime } from './instants.ts';
import type { HubFieldType, Translated } from './mapping.ts';
import { e164 } from './phones.ts';
import { fromHtml, toHtml, within } from './prose.ts';
import { given, isList, onText, refused, type Translate } from './translated.ts';

export const PLAIN_TRANSFORMS = [
  'text',
  'lower',
  'number',
  'integer',
  'boolean',
  'yes_no',
  'date',
  'datetime',
  'domain',
  'country_name',
  'country_code',
  'e164',
  'list',
  'semicolon_list',
  'html',
] as const;

/** What a transform can be told besides its name: one thing at the most. */
export const TRANSFORM_OPTIONS: Readonly<Partial<Record<TransformSpec['name'], 'region' | 'decimals' | 'precision' | 'max'>>> = {
  e164: 'region',
  number: 'decimals',
  datetime: 'precision',
  text: 'max',
  html: 'max',
};

/** A transform as a mapping names it, with what it can be told. */
export type TransformSpec = {
  /** `references` is for lines with `ref` alone, and has no name that a mapping could use. */
  readonly name: (typeof PLAIN_TRANSFORMS)[number] | 'references';
  readonly region?: string | undefined;
  readonly decimals?: number | undefined;
  readonly precision?: Precision | undefined;
  readonly max?: number | undefined;
};

/** A pair out of the closed list: `decode` then `encode` then `decode` gives what the first `decode` gave. `fits`: the hub's types. */
export type Transform = { readonly fits: readonly HubFieldType[]; readonly decode: Translate; readonly encode: Translate };

/** The pair that a mapping names. */
export function transformOf(spec: TransformSpec): Transform {
  return TRANSFORMS[spec.name](spec);
}

/** The pair for a line that names none: what is written is kept, tidied as far as vendors themselves change it. */
export function defaultTransform(type: HubFieldType): Transform {
  return transformOf({ name: DEFAULTS[type] });
}

const DEFAULTS = {
  text: 'text',
  long_text: 'text',
  email: 'lower',
  phone: 'text',
  url: 'text',
  number: 'number',
  boolean: 'boolean',
  date: 'date',
  datetime: 'datetime',
  choice: 'text',
  choices: 'list',
  reference: 'text',
  references: 'references',
} as const satisfies Record<HubFieldType, TransformSpec['name']>;

const WORDS: readonly HubFieldType[] = ['text', 'long_text', 'email', 'phone', 'url', 'choice', 'reference'];

const TRANSFORMS: Readonly<Record<TransformSpec['name'], (spec: TransformSpec) => Transform>> = {
  /** Outer white space goes, '' is blank, CRLF is LF; nothing else changes. `max` shortens what is written, and says so there. */
  text: ({ max = Number.POSITIVE_INFINITY }) => ({
    fits: WORDS,
    decode: onText(given),
    encode: onText((text) => given(within(text, max, (part) => part))),
  }),
  /** Here plain text, there HTML that shows it. */
  html: ({ max = Number.POSITIVE_INFINITY }) => ({
    fits: ['text', 'long_text'],
    decode: onText((text) => given(fromHtml(text) || null)),
    encode: onText((text) => given(within(text, max, toHtml))),
  }),
  /** `text` in lower case: for e-mail addresses, which many vendors lower-case on their own. */
  lower: () =>
    same(
      WORDS,
      onText((text) => given(text.toLowerCase())),
    ),
  /** A decimal number; `decimals` rounds to what the other side can store. */
  number: ({ decimals }) =>
    same(
      ['number'],
      onText((text) => toNumber(text, decimals)),
    ),
  /** A number without a fraction; one with a fraction is refused, not cut. */
  integer: () => same(['number'], onText(toInteger)),
  boolean: () => same(['boolean'], onText(toBoolean)),
  /** Here true or false, there `Yes` or `No`. */
  yes_no: () => ({ fits: ['boolean'], decode: onText(toBoolean), encode: andThen(onText(toBoolean), (value) => (value ? 'Yes' : 'No')) }),
  date: () => same(['date'], onText(toDate)),
  /** ISO in UTC with milliseconds; `precision: second` for a system that keeps whole seconds, `day` for one that has a date there. */
  datetime: ({ precision = 'millisecond' }) => {
    const there = onText((text) => toDatetime(text, precision));
    return {
      fits: ['datetime'],
      decode: there,
      encode: precision === 'day' ? andThen(there, (value) => String(value).slice(0, 10)) : there,
    };
  },
  /** The host alone, without scheme, `www.`, port, and path. */
  domain: () =>
    same(
      ['text', 'url'],
      onText((text) => given(hostOf(text))),
    ),
  /** Here the ISO alpha-2 code, there the English name; what is no country passes as it is. */
  country_name: () => ({
    fits: ['text', 'choice'],
    decode: onText((text) => given(countryCode(text) ?? text)),
    encode: onText((text) => given(countryName(countryCode(text) ?? '') ?? text)),
  }),
  /** The ISO alpha-2 code on both sides; names and three-letter codes are understood. */
  country_code: () =>
    same(
      ['text', 'choice'],
      onText((text) => given(countryCode(text) ?? text)),
    ),
  /** The international form of a phone number; what is no valid number, or has an extension, passes as it is. */
  e164: ({ region }) =>
    same(
      ['text', 'phone'],
      onText((text) => given(e164(text, region) ?? text)),
    ),
  /** A multi-select, as a list on both sides. */
  list: () => same(['choices'], (value) => given(options(asList(value)))),
  /** A multi-select, written over there as `a;b`. */
  semicolon_list: () => ({
    fits: ['choices'],
    decode: (value) => given(options(asList(value).flatMap((item) => item.split(';')))),
    encode: join,
  }),
  /** Ids, each with a label or without, in one order whatever order they are told in. */
  references: () => same(['references'], toReferences),
};

function same(fits: readonly HubFieldType[], translate: Translate): Transform {
  return { fits, decode: translate, encode: translate };
}

function andThen(first: Translate, next: (value: FieldValue) => FieldValue): Translate {
  return (value) => {
    const translated = first(value);
    return translated.ok && translated.value !== null ? given(next(translated.value)) : translated;
  };
}

function toNumber(text: string, decimals: number | undefined): Translated {
  if (!/^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i.test(text)) return refused('it is not a number');
  const exact = Number(text);
  if (!Number.isFinite(exact)) return refused('the number is too large');
  const rounded = decimals === undefined ? exact : Number(exact.toFixed(decimals));
  return given(rounded === 0 ? 0 : rounded);
}

function toInteger(text: string): Translated {
  const number = toNumber(text, undefined);
  return number.ok && !Number.isInteger(number.value) ? refused('it is not a whole number') : number;
}

const BOOLEANS: ReadonlyMap<string, boolean> = new Map([
  ['true', true],
  ['yes', true],
  ['y', true],
  ['1', true],
  ['false', false],
  ['no', false],
  ['n', false],
  ['0', false],
]);

function toBoolean(text: string): Translated {
  const truth = BOOLEANS.get(text.toLowerCase());
  return truth === undefined ? refused('it is neither true nor false') : given(truth);
}

function asList(value: FieldValue): readonly string[] {
  if (value === null) return [];
  return isList(value) ? value : [String(value)];
}

function options(items: readonly string[]): FieldValue {
  const filled = [...new Set(items.map((item) => item.trim()).filter((item) => item !== ''))];
  return filled.length === 0 ? null : filled;
}

function toReferences(value: FieldValue): Translated {
  const items = options(asList(value));
  if (!isList(items)) return given(null);
  return items.some((item) => item.startsWith('#'))
    ? refused('a label stands there without the id that it is about')
    : given([...items].sort());
}

function join(value: FieldValue): Translated {
  const items = options(asList(value));
  if (!isList(items)) return given(null);
  return items.some((item) => item.includes(';')) ? refused('an option contains a semicolon') : given(items.join(';'));
}
