import type { Reference, TypeSpec } from '../references.ts';
import type { Label } from './labels.ts';
import { plainTie, type Tie } from './ties.ts';

/** What a write says of the associations of one record, and what the hub knew of them when it was decided. */
export type TieWish = {
  /** The primary one; null for none; undefined when nothing is said of it. */
  readonly primary: string | null | undefined;
  /** All of them, with their labels; undefined when nothing is said of them. */
  readonly all: ReadonlyMap<string, readonly Label[]> | undefined;
  /** The primary that the hub knew. */
  readonly former: string | null;
  /** The names of the labels by id that the hub knew; undefined when it never saw them. */
  readonly known: ReadonlyMap<string, ReadonlySet<string>> | undefined;
};

type Typed = { readonly to: string; readonly types: readonly TypeSpec[] };

/** The fewest writes that fulfil a wish. `puts` name every type that the pair shall have, because they replace what is there. */
export type TieChange = {
  readonly puts: readonly Typed[];
  readonly unlabels: readonly Typed[];
  readonly removals: readonly string[];
  readonly after: readonly Tie[];
};

/**
 * What to write so that a wish holds. Only what the hub knew is taken away: a tie or a label that somebody made meanwhile stays, and is
 * seen by the next look. The primary is always among the ties, named or not.
 */
export function changeTies(there: readonly Tie[], wish: TieWish, reference: Reference): TieChange {
  const after = withPrimary(wish.all === undefined ? there : wishedTies(there, wish.all, wish.known), wish);
  const before = new Map(there.map((tie) => [tie.id, tie]));
  const staying = new Map(after.map((tie) => [tie.id, tie]));
  const specs = (tie: Tie) => typesOf(tie, reference);
  return {
    puts: after.filter((tie) => hasMore(tie, before.get(tie.id))).map((tie) => ({ to: tie.id, types: specs(tie) })),
    unlabels: there.flatMap((tie) => {
      const left = staying.get(tie.id);
      const types = left === undefined ? [] : lostTypes(tie, left, { reference, isDethroned: after.some(({ primary }) => primary) });
      return types.length === 0 ? [] : [{ to: tie.id, types }];
    }),
    removals: there.filter(({ id }) => !staying.has(id)).map(({ id }) => id),
    after,
  };
}

function wishedTies(there: readonly Tie[], all: ReadonlyMap<string, readonly Label[]>, known: TieWish['known']): readonly Tie[] {
  const kept = there.flatMap((tie) => {
    const wished = all.get(tie.id);
    const knew = (label: Label) => known === undefined || known.get(tie.id)?.has(label.label) === true;
    const strange = tie.labels.filter((label) => !knew(label) && wished?.every((one) => one.typeId !== label.typeId) !== false);
    const isKnown = known === undefined || known.has(tie.id);
    if (wished === undefined && isKnown && strange.length === 0) return [];
    return [{ ...tie, labels: [...(wished ?? []), ...strange] }];
  });
  const made = [...all].filter(([id]) => there.every((tie) => tie.id !== id));
  return [...kept, ...made.map(([id, labels]) => ({ ...plainTie(id, false), labels }))];
}

function withPrimary(ties: readonly Tie[], { primary, all, former }: TieWish): readonly Tie[] {
  if (primary === undefined) return ties;
  // Without a list the move of the primary takes the former one away; other companies of a contact are none of its business.
  const isLeft = ({ id }: Tie) => all === undefined && id === former && id !== primary;
  const left = ties.filter((tie) => !isLeft(tie));
  if (primary === null) return left.map((tie) => (tie.id === former ? { ...tie, primary: false } : tie));
  const others = left.map((tie) => ({ ...tie, primary: tie.id === primary }));
  return others.some(({ id }) => id === primary) ? others : [...others, plainTie(primary, true)];
}

function hasMore(tie: Tie, before: Tie | undefined): boolean {
  if (before === undefined) return true;
  return (tie.primary && !before.primary) || labelsBeyond(tie, before).length > 0;
}

function labelsBeyond(tie: Tie, other: Tie): readonly Label[] {
  return tie.labels.filter((label) => other.labels.every(({ typeId }) => typeId !== label.typeId));
}

const specOf = ({ category, typeId }: Label): TypeSpec => ({ associationCategory: category, associationTypeId: typeId });

/** Every type that a tie has, as a write names them; the plain one only where there is no other, because all others imply it. */
export function typesOf(tie: Tie, { primary, plain }: Reference): readonly TypeSpec[] {
  const types = [...(tie.primary && primary !== null ? [primary] : []), ...tie.labels.map(specOf), ...tie.further];
  return types.length === 0 && plain !== null ? [plain] : types;
}

// HubSpot takes the mark off the old primary by itself when there is a new one.
function lostTypes(
  tie: Tie,
  left: Tie,
  { reference: { primary }, isDethroned }: { reference: Reference; isDethroned: boolean },
): readonly TypeSpec[] {
  const unmarked = tie.primary && !left.primary && !isDethroned && primary !== null ? [primary] : [];
  return [...unmarked, ...labelsBeyond(tie, left).map(specOf)];
}
