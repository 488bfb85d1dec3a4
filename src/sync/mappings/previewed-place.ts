import type { Fields } from '../../contract/records.ts';
import type { CameOut, PreviewedLine, PreviewedPlace } from '../../hub/mappings/looks.ts';
import { fulfils } from '../../mapping/conditions.ts';
import type { EntityMapping, Line, Translated } from '../../mapping/mapping.ts';
import { decodeFields } from '../../merge/recognise.ts';
import type { Engine } from '../engine.ts';
import type { MappedPlace } from './places.ts';
import { readThere } from './read-there.ts';

/** A draft that was compiled, and how long records may be asked for. */
export type TriedMapping = { readonly mapping: EntityMapping; readonly signal: AbortSignal };
type Seen = { readonly remoteId: string | null; readonly fields: Fields };

/** A record over there as it is now; what was seen of it last, where it cannot be read. `gone`: nobody has it any more. */
export async function showThere(
  engine: Engine,
  { mapping, signal }: TriedMapping,
  { place, link }: { readonly place: MappedPlace; readonly link: Seen },
): Promise<{ readonly there: Fields; readonly unread: string | null; readonly gone: boolean }> {
  const { remoteId, fields } = link;
  const shown = new Set((place.stream.schema ?? []).map(({ name }) => name));
  const asked = mapping.lines.map(({ remote }) => remote).filter((name) => shown.has(name));
  if (remoteId === null || asked.length === 0) return { there: fields, unread: null, gone: false };
  const read = await readThere(engine, place, { ids: [remoteId], fields: asked, signal });
  if (typeof read === 'string') return { there: fields, unread: read, gone: false };
  return { there: { ...fields, ...read.get(remoteId) }, unread: null, gone: !read.has(remoteId) };
}

type Sides = {
  readonly place: MappedPlace;
  readonly remoteId: string | null;
  /** Null while there is no record of the hub. */
  readonly here: Fields | null;
  readonly there: Fields;
  readonly unread: string | null;
};

/** What the lines of a mapping make of both sides of a record. */
export function previewedPlace(mapping: EntityMapping, { place, remoteId, here, there, unread }: Sides): PreviewedPlace {
  const { in: entry, out: exit } = mapping.gates;
  return {
    connection: place.connection.name,
    remoteId,
    covered: {
      in: entry.when === null || fulfils(entry.when, decodeFields(there, mapping.lines)),
      out: exit.when === null || here === null || fulfils(exit.when, here),
    },
    unread,
    lines: mapping.lines.map((line) => previewedLine(line, here, there)),
  };
}

function previewedLine(line: Line, here: Fields | null, there: Fields): PreviewedLine {
  const { hub, remote, direction, codec } = line;
  const [mine, theirs] = [here?.[hub] ?? null, there[remote] ?? null];
  const seen = Object.hasOwn(there, remote);
  return {
    ...{ hub, remote, direction, here: mine, there: theirs, seen },
    comesIn: seen && (direction === 'both' || direction === 'in') ? cameOut(codec.decode(theirs)) : null,
    goesOut: here !== null && (direction === 'both' || direction === 'out') ? cameOut(codec.encode(mine)) : null,
  };
}

const cameOut = (made: Translated): CameOut => (made.ok ? { ok: true, value: made.value } : { ok: false, reason: made.reason });
