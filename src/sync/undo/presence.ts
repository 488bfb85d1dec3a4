import type { JournalLine } from '../../hub/records/journal.ts';
import type { UndoLine } from '../../hub/runs/undoing.ts';
import type { Archived } from '../../hub/stored.ts';
import { archivedBy, moves, movesPresence } from '../../merge/history.ts';
import { inverseOf } from '../../merge/inverse.ts';
import { putBackOf } from '../../merge/put-back.ts';
import type { LinkRow } from '../reconciling/link-row.ts';
import { streamKey } from '../streams.ts';
import { NO_DEEDS, type UndoCase, type UndoDeeds, whoAndWhen } from './case.ts';

type PresenceUndone = {
  readonly lines: readonly UndoLine[];
  readonly deeds: UndoDeeds;
  /**
   * Whether the record began with what is undone. `ends`: its values are left alone, since it is taken out of use, or somebody's own by now.
   * `stays`: it stands for several records that were there before, so that each of those gets its own values back.
   */
  readonly begins: 'ends' | 'stays' | null;
};

/** What of a record is taken out of use, brought back, removed over there, or made there again. */
export function undoPresence(one: UndoCase): PresenceUndone {
  const begun = undoBeginning(one);
  if (begun !== null) return begun;
  const parts = [undoArchiving(one), undoCreates(one), undoDeletes(one), undoRemovals(one)];
  const archived = parts.map(({ deeds }) => deeds.archived).find((state) => state !== undefined);
  return {
    begins: null,
    lines: parts.flatMap(({ lines }) => lines),
    deeds: {
      ...NO_DEEDS,
      archived,
      undidPresence: parts.flatMap(({ deeds }) => deeds.undidPresence ?? []),
      removes: parts.flatMap(({ deeds }) => deeds.removes ?? []),
      keeps: parts.flatMap(({ deeds }) => deeds.keeps ?? []),
      remakes: [...new Set(parts.flatMap(({ deeds }) => deeds.remakes ?? []))],
      deliveries: parts.flatMap(({ deeds }) => deeds.deliveries ?? []),
    },
  };
}

type Part = { readonly lines: readonly UndoLine[]; readonly deeds: Partial<UndoDeeds> };
const NOTHING: Part = { lines: [], deeds: {} };

const evidenceOf = (link: LinkRow) =>
  (link.evidence ?? {}) as { readonly made?: string; readonly matched?: string; readonly undone?: string };

/** A record that began with what is undone is taken out of use, unless somebody has made it his own since. */
function undoBeginning(one: UndoCase): PresenceUndone | null {
  const { journal, record, links, selected } = one;
  const [first] = journal;
  if (first === undefined || !selected(first) || first.cause !== 'observed' || record.archived !== null) return null;
  const matched = links.find((link) => evidenceOf(link).matched !== undefined && link.state !== 'gone');
  const since = journal.find((line) => line !== first && !selected(line) && isEdit(one, line));
  const spared = (reason: string): PresenceUndone => ({
    begins: 'ends',
    lines: [one.tell({ deed: 'archive', fate: 'spared', reason })],
    deeds: NO_DEEDS,
  });
  if (matched !== undefined) {
    const { lines } = spared(`it also stands for ${matched.remoteId} in ${nameAt(one, matched)}`);
    const copies = undoCreates(one);
    return { begins: 'stays', lines: [...lines, ...copies.lines], deeds: { ...NO_DEEDS, ...copies.deeds } };
  }
  if (since !== undefined) return spared(whoAndWhen(one, since));
  const copies = links
    .filter((link) => evidenceOf(link).made === 'remote' && link.remoteId !== null && link.state !== 'gone')
    .map((link) => removeThere(one, link));
  return {
    begins: 'ends',
    lines: [one.tell({ deed: 'archive', fate: 'undone', reason: 'it began with what is undone' }), ...copies.flatMap(({ lines }) => lines)],
    deeds: {
      ...NO_DEEDS,
      archived: { by: 'hub', removes: false, reason: 'the run that it began with was undone' },
      removes: copies.flatMap(({ deeds }) => deeds.removes ?? []),
    },
  };
}

const isEdit = (one: UndoCase, line: JournalLine): boolean =>
  (line.cause === 'observed' || line.cause === 'admin') &&
  Object.keys(line.fields).some((field) => moves(line, field) && !isFilledIn(one, line, field));

/** A stopgap that the vendor gave to a record which the hub made there, where the hub had nothing to say: nobody chose it. */
function isFilledIn({ links, streams }: UndoCase, line: JournalLine, field: string): boolean {
  const link = links.find((each) => each.connectionId === line.connectionId && each.remoteId === line.remoteId);
  if (line.cause !== 'observed' || link === undefined || evidenceOf(link).made !== 'remote') return false;
  const stream = streams.get(streamKey(link.connectionId, link.object));
  const remote = stream?.lines.find((each) => each.hub === field)?.remote;
  return line.fields[field]?.old === null && remote !== undefined && stream?.schema.get(remote)?.stopgap === true;
}

const nameAt = ({ systems }: UndoCase, { connectionId }: { connectionId: string }): string =>
  systems.get(connectionId)?.name ?? 'a deleted connection';

function removeThere(one: UndoCase, link: LinkRow): Part {
  const place = { deed: 'remove' as const, connection: nameAt(one, link), remoteId: link.remoteId };
  const stream = one.streams.get(streamKey(link.connectionId, link.object));
  if (stream !== undefined && !stream.canDelete)
    return {
      lines: [one.tell({ ...place, fate: 'impossible', reason: `the hub cannot remove records in ${place.connection}` })],
      deeds: {},
    };
  return { lines: [one.tell({ ...place, fate: 'undone', reason: 'the hub made it there' })], deeds: { removes: [link.id] } };
}

/** Records that the hub made over there are removed again, unless somebody has edited them there since. */
function undoCreates(one: UndoCase): Part {
  const parts = one.deliveries
    .filter(({ verb }) => verb === 'create')
    .map((delivery): Part => {
      const link = one.links.find((each) => each.id === delivery.linkId);
      if (link === undefined || link.remoteId !== delivery.remoteId || link.state === 'gone') return NOTHING;
      const { made, undone } = evidenceOf(link);
      if (made !== 'remote' || undone !== undefined) return NOTHING;
      const edit = one.journal.find(
        (line) => line.connectionId === link.connectionId && line.remoteId === link.remoteId && line.at > delivery.at && isTold(one, line),
      );
      if (edit === undefined) return removeThere(one, link);
      const place = { deed: 'remove' as const, connection: nameAt(one, link), remoteId: link.remoteId };
      return { lines: [one.tell({ ...place, fate: 'spared', reason: whoAndWhen(one, edit) })], deeds: {} };
    });
  return join(parts);
}

/** Whether a line tells of an edit, also of one that gave way. */
const isTold = (one: UndoCase, line: JournalLine): boolean =>
  line.cause === 'observed' && Object.keys(line.fields).some((field) => !isFilledIn(one, line, field));

/** Records that the hub removed over there are made again. */
function undoDeletes(one: UndoCase): Part {
  const parts = one.deliveries
    .filter(({ verb }) => verb === 'delete')
    .map((delivery): Part => {
      const link = one.links.find((each) => each.id === delivery.linkId);
      if (link?.state !== 'gone' || link.remoteId !== delivery.remoteId || evidenceOf(link).undone !== undefined) return NOTHING;
      const remade = remakeThere(one, link);
      const { archived } = one.record;
      if (archived === null) return remade;
      const lines = [...remade.lines, one.tell({ deed: 'restore', fate: 'undone', reason: archived.reason })];
      return { lines, deeds: { ...remade.deeds, archived: null } };
    });
  return join(parts);
}

function remakeThere(one: UndoCase, link: LinkRow): Part {
  const place = { deed: 'remake' as const, connection: nameAt(one, link), remoteId: link.remoteId };
  const stream = one.streams.get(streamKey(link.connectionId, link.object));
  if (stream !== undefined && !stream.canCreate)
    return { lines: [one.tell({ ...place, fate: 'impossible', reason: `the hub cannot make records in ${place.connection}` })], deeds: {} };
  return { lines: [one.tell({ ...place, fate: 'undone', reason: 'it was removed there' })], deeds: { remakes: [link.id] } };
}

/** A record that was taken out of use is brought back and made again wherever it is gone; one that was brought back is taken out again. */
function undoArchiving(one: UndoCase): Part {
  const { record, selected } = one;
  if (!one.journal.some(movesPresence)) return NOTHING;
  const journal = one.journal.map((line, i) => presenceLine(one.journal, line, i));
  const inverse = inverseOf('', journal, { now: record.archived !== null, selected });
  if (inverse.kind === 'nothing') return NOTHING;
  const deed = record.archived === null ? 'archive' : 'restore';
  if (inverse.kind === 'spared') return { lines: [one.tell({ deed, fate: 'spared', reason: whoAndWhen(one, inverse.by) })], deeds: {} };
  const undidPresence = inverse.undid.map((line) => line.id);
  const first = one.journal.findIndex((line) => line.id === inverse.undid.at(-1)?.id);
  const archived = archivedBy(one.journal.slice(0, first));
  if (archived !== null) {
    return { lines: [one.tell({ deed, fate: 'undone', reason: archived.reason })], deeds: { archived, undidPresence } };
  }
  const gone = one.links.filter((link) => link.state === 'gone' && link.remoteId !== null && evidenceOf(link).undone === undefined);
  const remade = join(gone.map((link) => remakeThere(one, link)));
  const reason = record.archived?.reason ?? 'it is in use';
  return {
    lines: [one.tell({ deed, fate: 'undone', reason }), ...remade.lines],
    deeds: { ...remade.deeds, archived: null, undidPresence },
  };
}

/** A line as one about a single field that has no name: whether the record is out of use. */
function presenceLine(journal: readonly JournalLine[], line: JournalLine, i: number): JournalLine {
  const [before, after] = [archivedBy(journal.slice(0, i)), archivedBy(journal.slice(0, i + 1))];
  return { ...line, fields: { '': { old: before !== null, new: after !== null } } };
}

/** Removals that an undo had wished for are called off when that undo is undone, or made good where they have been carried out. */
function undoRemovals(one: UndoCase): Part {
  const wished = new Map(
    one.journal
      .filter((line) => line.cause === 'undone' && one.selected(line))
      .flatMap((line) => linksIn(line).map((id) => [id, line.runId] as const)),
  );
  const parts = one.links
    .filter((link) => wished.has(link.id) && wished.get(link.id) === (evidenceOf(link).undone ?? putBackOf(link)?.run))
    .map((link): Part => {
      if (link.state === 'gone') return remakeThere(one, link);
      const place = { deed: 'remake' as const, connection: nameAt(one, link), remoteId: link.remoteId };
      const reason = putBackOf(link) === null ? 'it is not removed after all' : 'it takes part again';
      return { lines: [one.tell({ ...place, fate: 'undone', reason })], deeds: { keeps: [link.id] } };
    });
  return join(parts);
}

const linksIn = ({ detail }: JournalLine): readonly string[] => (Array.isArray(detail.links) ? detail.links.map(String) : []);

function join(parts: readonly Part[]): Part {
  const archived = parts.map(({ deeds }) => deeds.archived).find((state): state is Archived | null => state !== undefined);
  return {
    lines: parts.flatMap(({ lines }) => lines),
    deeds: {
      ...(archived === undefined ? {} : { archived }),
      removes: parts.flatMap(({ deeds }) => deeds.removes ?? []),
      keeps: parts.flatMap(({ deeds }) => deeds.keeps ?? []),
      remakes: parts.flatMap(({ deeds }) => deeds.remakes ?? []),
      deliveries: parts.flatMap(({ deeds }) => deeds.deliveries ?? []),
    },
  };
}
