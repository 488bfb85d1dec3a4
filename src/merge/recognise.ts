import type { Fields, FieldValue } from '../contract/records.ts';
import type { LinkState } from '../hub/stored.ts';
import { fulfils } from '../mapping/conditions.ts';
import type { EntityMapping, Gates, HubObject, Line, MatchRule } from '../mapping/mapping.ts';
import { confirms } from '../mapping/match.ts';
import { sameValue } from './same.ts';

/** A remote record that is tied to no hub record yet. */
export type Stranger = {
  readonly connectionId: string;
  readonly object: string;
  readonly remoteId: string;
  readonly fields: Fields;
  readonly changedAt: string;
  /** The run that saw it, and who had changed it over there. */
  readonly runId: string | null;
  readonly changedBy: string | null;
};

/** Who a stranger turned out to be. `fill` names a link that was waiting for this remote record. */
export type Identified =
  | { readonly kind: 'new'; readonly stranger: Stranger; readonly recordId: string }
  | {
      readonly kind: 'known';
      readonly stranger: Stranger;
      readonly recordId: string;
      readonly fill: string | null;
      readonly evidence: string;
    }
  | { readonly kind: 'ambiguous'; readonly stranger: Stranger; readonly candidates: readonly string[]; readonly reason: string }
  | { readonly kind: 'excluded'; readonly stranger: Stranger }
  /** Records of ours were merged into it, and whether the hub follows that is not decided yet. */
  | { readonly kind: 'aside'; readonly stranger: Stranger };

/** What identification needs to know of the stream that a stranger came by. `makes`: whether somebody nobody knows becomes a record. */
export type Door = {
  readonly key: string;
  readonly system: string;
  readonly match: readonly MatchRule[];
  readonly gates: Gates;
  readonly optOut: EntityMapping['optOut'];
  readonly makes: boolean;
};

/** A stranger in the hub's words. `digests` are what it answers to, by the fields of a match rule joined with `+`. */
export type Face = {
  readonly stranger: Stranger;
  readonly door: Door;
  readonly fields: Fields;
  readonly digests: ReadonlyMap<string, string | null>;
};

/** A record of the hub that strangers may turn out to be. */
export type Candidate = {
  readonly recordId: string;
  readonly fields: Fields;
  readonly isArchived: boolean;
  /** Its links by stream, whether they have found their remote record or still wait for it. */
  readonly links: ReadonlyMap<string, Place>;
};
type Place = {
  readonly id: string | null;
  readonly remoteId: string | null;
  readonly state: LinkState;
  /** What stood there until it was removed, while it waits to be made again. */
  readonly formerly?: string | undefined;
};

/** How the digests of a match rule are told apart. */
export const ruleKey = (rule: MatchRule): string => rule.on.join('+');

/**
 * Finds the hub record of each stranger by its mapping's ordered match keys, or decides that it is new. More than one candidate, or one that
 * nothing confirms, is left to a person. Strangers of one batch see each other. Pure, but for the ids that `newId` makes.
 */
export function recogniseAll(
  faces: readonly Face[],
  object: HubObject,
  { book, newId }: { readonly book: Book; readonly newId: () => string },
): readonly Identified[] {
  return faces.map((face) => {
    const found = recognise(face, object, book) ?? { kind: 'new', stranger: face.stranger, recordId: newId() };
    if (found.kind === 'new')
      book.add({ recordId: found.recordId, fields: face.fields, isArchived: false, links: new Map() }, digestsOf(face));
    if (found.kind === 'new' || found.kind === 'known') book.claim(found.recordId, face);
    return found;
  });
}

/** Everything that a stranger answers to. */
export const digestsOf = (face: Face): readonly string[] => [...face.digests.values()].filter((digest) => digest !== null);

function recognise({ stranger, door, fields, digests }: Face, object: HubObject, book: Book): Identified | undefined {
  const { optOut, gates } = door;
  if (gates.in.when !== null && !fulfils(gates.in.when, fields)) return { kind: 'excluded', stranger };
  if (optOut !== null && sameValue(stranger.fields[optOut.remote] ?? null, optOut.is)) return { kind: 'excluded', stranger };
  const before = book.findFormer(door.key, stranger.remoteId);
  if (before !== undefined) return knownAs(stranger, door, before, 'it stood there for the same record before it was removed');
  for (const rule of door.match) {
    const digest = digests.get(ruleKey(rule)) ?? null;
    const candidates = digest === null ? [] : book.find(digest);
    if (candidates.length === 0) continue;
    return judge(stranger, door, { rule, fields, object, candidates });
  }
  return door.makes ? undefined : { kind: 'excluded', stranger };
}

function judge(
  stranger: Stranger,
  door: Door,
  match: { rule: MatchRule; fields: Fields; object: HubObject; candidates: readonly Candidate[] },
): Identified {
  const { rule, fields, object } = match;
  const inUse = match.candidates.filter(({ isArchived }) => !isArchived);
  const candidates = inUse.length > 0 ? inUse : match.candidates;
  const keys = rule.on.map((name) => object.fields.get(name)?.label ?? name).join(' and ');
  const ids = candidates.map((candidate) => candidate.recordId);
  const [only] = candidates;
  if (only === undefined || candidates.length > 1)
    return { kind: 'ambiguous', stranger, candidates: ids, reason: `${candidates.length} records have the same ${keys}` };
  const taken = only.links.get(door.key);
  if (taken !== undefined && taken.remoteId !== null && taken.state !== 'gone') {
    return {
      kind: 'ambiguous',
      stranger,
      candidates: ids,
      reason: `${door.system} has two records with the same ${keys}: ${taken.remoteId} and ${stranger.remoteId}`,
    };
  }
  if (!confirms(rule, object, { a: fields, b: only.fields })) {
    return { kind: 'ambiguous', stranger, candidates: ids, reason: `the ${keys} is the same, but nothing else agrees` };
  }
  return knownAs(stranger, door, only, `same ${keys}`);
}

function knownAs(stranger: Stranger, { key, gates }: Door, { recordId, fields, links }: Candidate, evidence: string): Identified {
  const { when, leaves } = gates.out;
  if (leaves === 'unlink' && when !== null && !fulfils(when, fields)) return { kind: 'excluded', stranger };
  return { kind: 'known', stranger, recordId, fill: links.get(key)?.id ?? null, evidence };
}

/** What a remote record says in the hub's words, as far as it can be read; references are left out. */
export function decodeFields(fields: Fields, lines: readonly Line[]): Fields {
  const decoded: Record<string, FieldValue> = {};
  for (const line of lines) {
    const raw = fields[line.remote];
    if (raw === undefined || line.ref !== null) continue;
    const value = line.codec.decode(raw);
    if (value.ok) decoded[line.hub] = value.value;
  }
  return decoded;
}

/** Candidates by the digests that they answer to, and by the remote records that stood for them. */
export class Book {
  readonly #byDigest = new Map<string, Set<string>>();
  readonly #byFormer = new Map<string, string>();
  readonly #byId = new Map<string, { readonly candidate: Candidate; readonly links: Map<string, Place> }>();
  add(candidate: Candidate, digests: readonly string[]): void {
    if (!this.#byId.has(candidate.recordId)) {
      const links = new Map(candidate.links);
      this.#byId.set(candidate.recordId, { candidate: { ...candidate, links }, links });
      for (const [key, { formerly }] of links) if (formerly !== undefined) this.#byFormer.set(`${key} ${formerly}`, candidate.recordId);
    }
    for (const digest of digests) {
      const ids = this.#byDigest.get(digest) ?? new Set();
      this.#byDigest.set(digest, ids.add(candidate.recordId));
    }
  }
  find(digest: string): readonly Candidate[] {
    return [...(this.#byDigest.get(digest) ?? [])].flatMap((id) => this.#byId.get(id)?.candidate ?? []);
  }
  /** The record whose place on a stream waits to be filled again, by what stood there before. */
  findFormer(key: string, remoteId: string): Candidate | undefined {
    const candidate = this.#byId.get(this.#byFormer.get(`${key} ${remoteId}`) ?? '')?.candidate;
    return candidate?.links.get(key)?.formerly === remoteId ? candidate : undefined;
  }
  claim(recordId: string, { stranger, door }: Face): void {
    this.#byId.get(recordId)?.links.set(door.key, { id: null, remoteId: stranger.remoteId, state: 'in_sync' });
  }
}
