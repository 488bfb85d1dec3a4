/** The operations of a stream that a brake can hold, each by itself. `in` comes from the remote, `out` goes to it. */
export const BRAKE_KINDS = ['removals_in', 'blanks_in', 'merges_in', 'archives_in', 'removals_out', 'blanks_out'] as const;
export type BrakeKind = (typeof BRAKE_KINDS)[number];

/** From how many on a change of one kind is a mass change: this many within the hour, or this part of the linked records. */
export const MASS = { records: 50, part: 0.02 } as const;

/** The most of one kind that may happen within the hour without anybody being asked. */
export const massLimit = (linked: number): number => Math.max(MASS.records, Math.floor(MASS.part * linked));

/** What a brake or a frozen field keeps back, by key; the reason is a sentence for people. */
export type Brakes = ReadonlyMap<string, string>;
/** Something of a link that is kept back, and why. */
export type KeptBack = { readonly by: string; readonly reason: string };

/** What an operation is known by on its stream: blanks are braked field by field. */
export const brakeKey = (kind: BrakeKind, field: string | null = null): string => (field === null ? kind : `${kind}:${field}`);

/** What a field is known by that goes back and forth, and that nothing is to touch. */
export const flipKey = (field: string): string => `flip:${field}`;

/** The operation behind a key. */
export function brakeOf(key: string): { readonly kind: BrakeKind; readonly field: string | null } | null {
  const [name, field] = key.split(/:(.*)/s);
  const kind = BRAKE_KINDS.find((one) => one === name);
  return kind === undefined ? null : { kind, field: field ?? null };
}
