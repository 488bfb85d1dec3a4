/** Ids that something is wrong with: how many there are, and the first of them by name. */
export type Gap = { readonly count: number; readonly ids: readonly string[] };

/** What a comparison of both sides of one stream came to. */
export type Completeness = {
  readonly object: string;
  /** Records that the system is known to have, and those that are linked to a record here. */
  readonly there: number;
  readonly linked: number;
  /** Records that wait for a person, and those that the mapping leaves out. */
  readonly held: number;
  readonly leftOut: number;
  /** Linked records that were read once more and compared, and how many of them had moved since the last look: those are no gap. */
  readonly sampled: number;
  readonly moved: number;
  /** Ids over there that nothing here stands for. */
  readonly missingHere: Gap;
  /** Ids over there that are gone without having been reported, and hub records that were never made there. */
  readonly missingThere: Gap & { readonly records: readonly string[] };
  /** Ids whose values differ although both sides are said to agree, with the fields. */
  readonly differing: Gap & { readonly fields: Readonly<Record<string, readonly string[]>> };
  /** When every id was compared last (ISO): with the first load, or with the last sweep. */
  readonly allComparedAt: string | null;
  readonly complete: boolean;
};
