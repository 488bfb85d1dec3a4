import { sql } from 'kysely';
import type { FieldSchema } from '../../contract/connector.ts';
import type { Fields } from '../../contract/records.ts';
import type { SamplePair, SuggestedLine, SuggestedLines } from '../../hub/mappings/looks.ts';
import { codecOf } from '../../mapping/codec.ts';
import { type Likeness, likeness, typesFit } from '../../mapping/editing/likeness.ts';
import { type EntityMapping, type HubField, isComputed } from '../../mapping/mapping.ts';
import { sameValue } from '../../merge/same.ts';
import type { Engine } from '../engine.ts';
import { compileDraft } from './check-draft.ts';
import { type MappedPlace, placesOf } from './places.ts';
import { readThere, type Tried } from './read-there.ts';

const LOOKED_AT = 25;
const MOST_FIELDS = 60;
const SAMPLES = 5;
/** From so many values on they say more than names. */
const ENOUGH = 3;

/** Fields of both sides that no line has and that seem to be the same: by name, by type, and by what the same records hold in them. */
export async function suggestLines(engine: Engine, draft: Tried): Promise<SuggestedLines> {
  const { mapping, model, problems } = await compileDraft(engine, draft.name, draft.text);
  if (mapping?.kind !== 'entity' || model === null) return { kind: 'problems', problems };
  const place = (await placesOf(engine.hub, mapping)).find(({ stream }) => stream.schema !== null);
  if (place === undefined) return { kind: 'suggested', hubObject: mapping.hub, connection: null, unread: null, lines: [] };
  const fields = [...(model.get(mapping.hub)?.fields.values() ?? [])];
  const likely = likelyPairs(mapping, fields, place.stream.schema ?? []);
  const pairs = await pairsOf(engine, place);
  const read = await readThere(engine, place, {
    ids: pairs.map(({ remoteId }) => remoteId),
    fields: likely.map(({ there }) => there.name),
    signal: draft.signal,
  });
  const seen = pairs.map(({ remoteId, here }) => ({ here, there: typeof read === 'string' ? {} : (read.get(remoteId) ?? {}) }));
  const judged = likely.map((pair) => judge(pair, seen)).filter(({ score }) => score >= 0.5);
  return {
    kind: 'suggested',
    hubObject: mapping.hub,
    connection: place.connection.name,
    unread: typeof read === 'string' ? read : null,
    lines: bestOfEach(judged),
  };
}

type Likely = { readonly here: HubField; readonly there: FieldSchema; readonly names: Likeness };

function likelyPairs(mapping: EntityMapping, fields: readonly HubField[], schema: readonly FieldSchema[]): readonly Likely[] {
  const [ours, theirs] = [new Set(mapping.lines.map(({ hub }) => hub)), new Set(mapping.lines.map(({ remote }) => remote))];
  const free = fields.filter((field) => !ours.has(field.name) && !isComputed(field) && field.to === null);
  return free
    .flatMap((here) =>
      schema
        .filter((there) => !theirs.has(there.name) && typesFit(here.type, there.type))
        .map((there) => ({ here, there, names: likeness(here, there) })),
    )
    .sort((a, b) => b.names - a.names)
    .slice(0, MOST_FIELDS);
}

/** Records that are on both sides, those that were found last first. */
async function pairsOf({ hub }: Engine, { connection, stream }: MappedPlace): Promise<readonly { remoteId: string; here: Fields }[]> {
  const { rows } = await sql<{ remoteId: string; here: Fields }>`
    select l.remote_id as "remoteId", r.fields as here from link l join record r on r.id = l.record_id
    where l.connection_id = ${connection.id} and l.object = ${stream.object} and l.remote_id is not null and l.state not in ('gone', 'excluded')
    order by l.id desc limit ${LOOKED_AT}`.execute(hub);
  return rows;
}

type Seen = { readonly here: Fields; readonly there: Fields };

function judge({ here, there, names }: Likely, seen: readonly Seen[]): SuggestedLine & { readonly score: number } {
  const codec = codecOf({ type: here.type, transform: null, values: null, unmapped: 'hold' });
  const samples = seen.flatMap((one): readonly SamplePair[] => {
    const [mine, theirs] = [one.here[here.name] ?? null, one.there[there.name] ?? null];
    const decoded = codec.decode(theirs);
    return mine === null && theirs === null ? [] : [{ here: mine, there: theirs, agree: decoded.ok && sameValue(decoded.value, mine) }];
  });
  const both = samples.filter((pair) => pair.here !== null && pair.there !== null);
  const agreeing = both.filter(({ agree }) => agree).length;
  const score = both.length >= ENOUGH ? 0.35 * names + 0.65 * (agreeing / both.length) : names * 0.9;
  return {
    ...{ hub: here.name, remote: there.name, score, agreeing, compared: both.length },
    direction: there.writable ? 'both' : 'in',
    confidence: score >= 0.85 ? 'high' : score >= 0.65 ? 'medium' : 'low',
    samples: [...both, ...samples.filter((pair) => !both.includes(pair))].slice(0, SAMPLES),
  };
}

/** Each field once, in the pair that is likeliest. */
function bestOfEach(judged: readonly (SuggestedLine & { readonly score: number })[]): readonly SuggestedLine[] {
  const taken = new Set<string>();
  return judged
    .toSorted((a, b) => b.score - a.score)
    .flatMap(({ score: _, ...line }) => {
      const [ours, theirs] = [`hub ${line.hub}`, `there ${line.remote}`];
      if (taken.has(ours) || taken.has(theirs)) return [];
      taken.add(ours).add(theirs);
      return [line];
    });
}
