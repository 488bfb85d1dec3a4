/** One kind of tie in one direction, with the kind that it is from the other end. */
export type AssociationType = {
  readonly from: string;
  readonly to: string;
  readonly typeId: number;
  readonly inverseId: number;
  readonly category: 'HUBSPOT_DEFINED' | 'USER_DEFINED' | 'INTEGRATOR_DEFINED' | 'WORK';
  readonly label: string | null;
  readonly kind: 'unlabelled' | 'primary' | 'label';
};

type Row = readonly [from: string, to: string, typeId: number, inverseId: number, words?: readonly [label: string, inverse: string]];

const UNLABELLED: readonly Row[] = [
  ['contacts', 'companies', 279, 280],
  ['contacts', 'deals', 4, 3],
  ['contacts', 'tickets', 15, 16],
  ['deals', 'companies', 341, 342],
  ['tickets', 'companies', 339, 340],
  ['deals', 'tickets', 27, 28],
  ['contacts', 'contacts', 449, 449],
  ['companies', 'companies', 450, 450],
  ['deals', 'deals', 451, 451],
  ['tickets', 'tickets', 452, 452],
  ['notes', 'contacts', 202, 201],
  ['notes', 'companies', 190, 189],
  ['notes', 'deals', 214, 213],
  ['notes', 'tickets', 228, 227],
  ['tasks', 'contacts', 204, 203],
  ['tasks', 'companies', 192, 191],
  ['tasks', 'deals', 216, 215],
  ['tasks', 'tickets', 230, 229],
  ['calls', 'contacts', 194, 193],
  ['calls', 'companies', 182, 181],
  ['calls', 'deals', 206, 205],
  ['calls', 'tickets', 220, 219],
  ['calls', 'meetings', 399, 400],
  ['emails', 'contacts', 198, 197],
  ['emails', 'companies', 186, 185],
  ['emails', 'deals', 210, 209],
  ['emails', 'tickets', 224, 223],
  ['meetings', 'contacts', 200, 199],
  ['meetings', 'companies', 188, 187],
  ['meetings', 'deals', 212, 211],
  ['meetings', 'tickets', 226, 225],
  ['communications', 'contacts', 81, 82],
  ['communications', 'companies', 87, 88],
  ['communications', 'deals', 85, 86],
  ['communications', 'tickets', 83, 84],
  ['feedback_submissions', 'contacts', 98, 97],
  ['feedback_submissions', 'tickets', 100, 99],
];

const PRIMARY: readonly Row[] = [
  ['contacts', 'companies', 1, 2, ['Primary', 'Primary']],
  ['deals', 'companies', 5, 6, ['Primary', 'Primary']],
  ['tickets', 'companies', 26, 25, ['Primary', 'Primary']],
];

const LABELLED: readonly Row[] = [['companies', 'companies', 13, 14, ['Parent Company', 'Child Company']]];

function bothWays(kind: AssociationType['kind'], [from, to, typeId, inverseId, words]: Row): readonly AssociationType[] {
  const shared = { category: 'HUBSPOT_DEFINED', kind } as const;
  const forth = { ...shared, from, to, typeId, inverseId, label: words?.[0] ?? null };
  const back = { ...shared, from: to, to: from, typeId: inverseId, inverseId: typeId, label: words?.[1] ?? null };
  return typeId === inverseId ? [forth] : [forth, back];
}

/** The kinds of ties that every portal has. */
export const SHIPPED: readonly AssociationType[] = [
  ...UNLABELLED.flatMap((row) => bothWays('unlabelled', row)),
  ...PRIMARY.flatMap((row) => bothWays('primary', row)),
  ...LABELLED.flatMap((row) => bothWays('label', row)),
];

/** Kinds of ties for a pair that had none, or one more label for it; the two directions take two ids. */
export function madeHere(
  pair: { readonly from: string; readonly to: string; readonly typeId: number },
  ways: { readonly kind: 'unlabelled' | 'label'; readonly label: string | null; readonly inverse: string | null },
): readonly [AssociationType, AssociationType] {
  const shared = { category: 'USER_DEFINED', kind: ways.kind } as const;
  const { from, to, typeId } = pair;
  return [
    { ...shared, from, to, typeId, inverseId: typeId + 1, label: ways.label },
    { ...shared, from: to, to: from, typeId: typeId + 1, inverseId: typeId, label: ways.inverse },
  ];
}
