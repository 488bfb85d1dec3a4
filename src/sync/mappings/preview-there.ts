import type { Fields } from '../../contract/records.ts';
import type { Previewed, PreviewedAs } from '../../hub/mappings/looks.ts';
import { titleOf } from '../../hub/views/titles.ts';
import { must } from '../../kernel/must.ts';
import { streamName } from '../../mapping/mappings.ts';
import { decodeFields } from '../../merge/recognise.ts';
import type { Engine } from '../engine.ts';
import { identify } from '../identity/identify.ts';
import { rulesOf } from '../identity/identities.ts';
import { entityStream } from '../streams.ts';
import { type MappedPlace, placesOf } from './places.ts';
import { previewedPlace, showThere, type TriedMapping } from './previewed-place.ts';

/** One record of a system, by its id there. */
export type RecordThere = { readonly connectionId: string; readonly remoteId: string };

/** What a draft makes of a record of a system: who it is here, or would be, and what would come in. */
export async function previewThere(engine: Engine, tried: TriedMapping, { connectionId, remoteId }: RecordThere): Promise<Previewed> {
  const { mapping } = tried;
  const place = (await placesOf(engine.hub, mapping)).find(({ connection }) => connection.id === connectionId);
  if (place === undefined) return { kind: 'not_found' };
  const known = await lastSeen(engine, place, remoteId);
  const { there, unread, gone } = await showThere(engine, tried, { place, link: { remoteId, fields: known ?? {} } });
  if (known === null && (gone || unread !== null)) return unread === null ? { kind: 'not_found' } : { kind: 'unread', reason: unread };
  const as = await whoIs(engine, tried, { place, remoteId, there });
  const here = as.recordId === null ? null : await fieldsOf(engine, as.recordId);
  return { kind: 'previewed', hubObject: mapping.hub, as, places: [previewedPlace(mapping, { place, remoteId, here, there, unread })] };
}

async function lastSeen({ hub }: Engine, { connection, stream }: MappedPlace, remoteId: string): Promise<Fields | null> {
  const row = await hub
    .selectFrom('observation')
    .select('fields')
    .where('connection_id', '=', connection.id)
    .where('object', '=', stream.object)
    .where('remote_id', '=', remoteId)
    .where('gone', '=', false)
    .executeTakeFirst();
  return row?.fields ?? null;
}

async function fieldsOf({ hub }: Engine, recordId: string): Promise<Fields> {
  return (await hub.selectFrom('record').select('fields').where('id', '=', recordId).executeTakeFirstOrThrow()).fields;
}

type Found = { readonly place: MappedPlace; readonly remoteId: string; readonly there: Fields };

/** Who a record is by its link; else who it would be found to be under the draft. */
async function whoIs(engine: Engine, { mapping }: TriedMapping, { place, remoteId, there }: Found): Promise<PreviewedAs> {
  const { connection, stream } = place;
  const title = titleOf(engine.mappings.model, mapping.hub, decodeFields(there, mapping.lines));
  const link = await engine.hub
    .selectFrom('link')
    .select('record_id')
    .where('connection_id', '=', connection.id)
    .where('object', '=', stream.object)
    .where('remote_id', '=', remoteId)
    .executeTakeFirst();
  if (link !== undefined) return { kind: 'linked', recordId: link.record_id, title, reason: null };
  const byStream = new Map([...engine.mappings.byStream, [streamName(mapping), mapping] as const]);
  const under: Engine = { ...engine, mappings: { ...engine.mappings, byStream } };
  const [opened, object] = [entityStream(under, connection, stream), engine.mappings.model.get(mapping.hub)];
  if (opened === null || object === undefined) return { kind: 'untold', recordId: null, title, reason: null };
  const stranger = {
    ...{ connectionId: connection.id, object: stream.object, remoteId, fields: there },
    ...{ changedAt: engine.clock.now().toISOString(), runId: null, changedBy: null },
  };
  const rules = rulesOf(under, mapping.hub);
  const found = must((await identify(engine.hub, [stranger], object, new Map([[opened.key, opened]]), rules))[0], 'who a record is');
  switch (found.kind) {
    case 'known':
      return { kind: 'known', recordId: found.recordId, title, reason: found.evidence };
    case 'ambiguous':
      return { kind: 'ambiguous', recordId: null, title, reason: found.reason };
    case 'new':
      return { kind: 'new', recordId: null, title, reason: null };
    case 'excluded':
    case 'aside':
      return { kind: 'excluded', recordId: null, title, reason: null };
  }
}
