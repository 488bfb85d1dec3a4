import { sql } from 'kysely';
import type { Fields, FieldValue } from '../contract/records.ts';
import type { Db } from '../hub/database.ts';
import { newId } from '../hub/ids.ts';
import type { LinkState } from '../hub/tables.ts';
import { must } from '../kernel/must.ts';
import { fulfils } from '../mapping/conditions.ts';
import type { HubObject, MatchRule } from '../mapping/mapping.ts';
import { confirms } from '../mapping/match.ts';
import { ruleDigest } from './identities.ts';
import { type EntityStream, streamKey } from './streams.ts';

/** A remote record that is tied to no hub record yet. */
export type Stranger = {
  readonly connectionId: string;
  readonly object: string;
  readonly remoteId: string;
  readonly fields: Fields;
  readonly changedAt: string;
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
  | { readonly kind: 'excluded'; readonly stranger: Stranger };

type Candidate = {
  readonly recordId: string;
  readonly fields: Fields;
  /** Its links by stream, whether they have found their remote record or still wait for it. */
  readonly links: Map<string, { id: string | null; remoteId: string | null; state: LinkState; sent: boolean }>;
};

/**
 * Finds the hub record of each stranger by its mapping's ordered match keys, or decides that it is new. More than one candidate, or one that
 * nothing confirms, is left to a person. Strangers of one batch see each other.
 */
export async function identify(
  db: Db,
  strangers: readonly Stranger[],
  object: HubObject,
  streams: ReadonlyMap<string, EntityStream>,
  rules: readonly MatchRule[],
): Promise<readonly Identified[]> {
  const known = strangers.map((stranger) => ({
    stranger,
    stream: must(streams.get(streamKey(stranger.connectionId, stranger.object)), 'the stream of a stranger'),
  }));
  const decoded = known.map(({ stranger, stream }) => decodeFields(stranger.fields, stream));
  const keys = decoded.map((fields) => new Map(rules.map((rule) => [rule.on.join('+'), ruleDigest(rule, object, fields)])));
  const digests = keys.map((own) => [...own.values()].filter((digest) => digest !== null));
  const book = await readCandidates(db, [...new Set(digests.flat())]);
  return known.map(({ stranger, stream }, i) => {
    const fields = decoded[i] ?? {};
    const found = recognise({ stranger, stream, fields, keys: keys[i] ?? new Map() }, object, book);
    if (found.kind === 'new') book.add(newCandidate(found.recordId, fields, stranger), digests[i] ?? []);
    if (found.kind === 'known') book.claim(found.recordId, stranger);
    return found;
  });
}

type Face = {
  readonly stranger: Stranger;
  readonly stream: EntityStream;
  readonly fields: Fields;
  readonly keys: ReadonlyMap<string, string | null>;
};

function recognise({ stranger, stream, fields, keys }: Face, object: HubObject, book: Book): Identified {
  if (stream.mapping.gates.in.when !== null && !fulfils(stream.mapping.gates.in.when, fields)) return { kind: 'excluded', stranger };
  for (const rule of stream.mapping.match) {
    const digest = keys.get(rule.on.join('+')) ?? null;
    const candidates = digest === null ? [] : book.find(digest);
    if (candidates.length === 0) continue;
    return judge(stranger, stream, { rule, fields, object, candidates });
  }
  return stream.stream.direction === 'out' ? { kind: 'excluded', stranger } : { kind: 'new', stranger, recordId: newId() };
}

function judge(
  stranger: Stranger,
  stream: EntityStream,
  match: { rule: MatchRule; fields: Fields; object: HubObject; candidates: readonly Candidate[] },
): Identified {
  const { rule, fields, object, candidates } = match;
  const keys = rule.on.map((name) => object.fields.get(name)?.label ?? name).join(' and ');
  const ids = candidates.map((candidate) => candidate.recordId);
  const [only] = candidates;
  if (only === undefined || candidates.length > 1)
    return { kind: 'ambiguous', stranger, candidates: ids, reason: `${candidates.length} records have the same ${keys}` };
  const taken = only.links.get(stream.key);
  if (taken !== undefined && taken.remoteId !== null && taken.state !== 'gone') {
    return {
      kind: 'ambiguous',
      stranger,
      candidates: ids,
      reason: `${stream.connection.name} has two records with the same ${keys}: ${taken.remoteId} and ${stranger.remoteId}`,
    };
  }
  if (!confirms(rule, object, { a: fields, b: only.fields })) {
    return { kind: 'ambiguous', stranger, candidates: ids, reason: `the ${keys} is the same, but nothing else agrees` };
  }
  return { kind: 'known', stranger, recordId: only.recordId, fill: taken?.id ?? null, evidence: `same ${keys}` };
}

/** What a remote record says in the hub's words, as far as it can be read; references are left out. */
export function decodeFields(fields: Fields, stream: EntityStream): Fields {
  const decoded: Record<string, FieldValue> = {};
  for (const line of stream.lines) {
    const raw = fields[line.remote];
    if (raw === undefined || line.ref !== null) continue;
    const value = line.codec.decode(raw);
    if (value.ok) decoded[line.hub] = value.value;
  }
  return decoded;
}

const newCandidate = (recordId: string, fields: Fields, stranger: Stranger): Candidate => ({
  recordId,
  fields,
  links: new Map([
    [streamKey(stranger.connectionId, stranger.object), { id: null, remoteId: stranger.remoteId, state: 'in_sync' as const, sent: false }],
  ]),
});

/** Candidates by the digests that they answer to. */
class Book {
  readonly #byDigest = new Map<string, Set<string>>();
  readonly #byId = new Map<string, Candidate>();
  add(candidate: Candidate, digests: readonly string[]): void {
    if (!this.#byId.has(candidate.recordId)) this.#byId.set(candidate.recordId, candidate);
    for (const digest of digests) {
      const ids = this.#byDigest.get(digest) ?? new Set();
      this.#byDigest.set(digest, ids.add(candidate.recordId));
    }
  }
  find(digest: string): readonly Candidate[] {
    return [...(this.#byDigest.get(digest) ?? [])].flatMap((id) => this.#byId.get(id) ?? []);
  }
  claim(recordId: string, stranger: Stranger): void {
    this.#byId.get(recordId)?.links.set(streamKey(stranger.connectionId, stranger.object), {
      id: null,
      remoteId: stranger.remoteId,
      state: 'in_sync',
      sent: false,
    });
  }
}

async function readCandidates(db: Db, digests: readonly string[]): Promise<Book> {
  const book = new Book();
  if (digests.length === 0) return book;
  type Link = { connection_id: string; object: string; id: string; remote_id: string | null; state: LinkState; sent: boolean };
  const { rows } = await sql<{ digest: string; id: string; fields: Fields; links: Link[] | null }>`
    select i.digest, r.id, r.fields, (
      select jsonb_agg(jsonb_build_object('connection_id', l.connection_id, 'object', l.object, 'id', l.id, 'remote_id', l.remote_id, 'state', l.state, 'sent', l.sent is not null))
      from link l where l.record_id = r.id) as links
    from identity i join record r on r.id = i.record_id
    where i.digest = any(${digests}::uuid[]) and r.merged_into is null`.execute(db);
  for (const row of rows) {
    const links = new Map(
      (row.links ?? []).map((link) => [
        streamKey(link.connection_id, link.object),
        { id: link.id, remoteId: link.remote_id, state: link.state, sent: link.sent },
      ]),
    );
    book.add({ recordId: row.id, fields: row.fields, links }, [row.digest]);
  }
  return book;
}
