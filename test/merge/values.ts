import fc from 'fast-check';
import type { FieldValue } from '../../src/contract/records.ts';
import type { Echo, Trees } from '../../src/merge/merge-field.ts';

/** What a remote makes of a value that it is given; doing it twice changes nothing more. */
export type Loss = (value: FieldValue) => FieldValue;

const onText =
  (change: (text: string) => string): Loss =>
  (value) =>
    typeof value === 'string' ? change(value) : value;

/** Ways in which systems keep less than they are given. */
export const LOSSES = {
  none: (value) => value,
  truncate: onText((text) => text.slice(0, 10)),
  lowerCase: onText((text) => text.toLowerCase()),
  trim: onText((text) => text.trim() || text),
  round: (value) => (typeof value === 'number' ? Math.round(value) : value),
} as const satisfies Readonly<Record<string, Loss>>;

const losses: fc.Arbitrary<Loss> = fc.constantFrom(...Object.values(LOSSES));
/** An echo; now and then one that cannot send everything. */
export const echoes: fc.Arbitrary<Echo> = fc.oneof(
  { weight: 5, arbitrary: losses },
  losses.map(
    (loss): Echo =>
      (value) =>
        value === 'Cannot be sent' ? undefined : loss(value),
  ),
);

export const values: fc.Arbitrary<FieldValue> = fc.oneof(
  fc.constantFrom('Ada Lovelace-King', 'ada lovelace-king', 'Ada Lovela', ' Ada ', 'Ada', 'Cannot be sent', '', 'Zoë', 'Zoe\u0308'),
  fc.constantFrom(0, 1, 1.4, 2, -0),
  fc.boolean(),
  fc.constant(null),
  fc.subarray(['red', 'green', 'blue']),
);

/** A value near `agreed`: the same, its echo, or another one. Independent values hardly ever agree. */
const nudge = (agreed: FieldValue, echo: Echo): fc.Arbitrary<FieldValue> =>
  fc.oneof(fc.constant(agreed), fc.constant(echo(agreed) ?? agreed), values);

export type Scene = { readonly trees: Trees; readonly echo: Echo };

/** One agreement, nudged on both sides. */
export const scenes: fc.Arbitrary<Scene> = fc.tuple(values, echoes).chain(([agreed, echo]) =>
  fc
    .record({
      base: fc.option(fc.constant({ hub: agreed, remote: echo(agreed) ?? agreed }), { nil: undefined, freq: 4 }),
      sent: fc.option(nudge(agreed, echo), { nil: undefined, freq: 2 }),
      hub: nudge(agreed, echo),
      remote: fc.option(nudge(agreed, echo), { nil: undefined, freq: 8 }),
    })
    .map((trees) => ({ trees, echo })),
);
