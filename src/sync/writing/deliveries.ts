import type { Fields, FieldValue, Observation } from '../../contract/records.ts';
import type { Delivery } from '../../hub/runs/deliveries.ts';
import type { Line } from '../../mapping/mapping.ts';
import { sameValue } from '../../merge/same.ts';
import { readBase } from '../../merge/stored-base.ts';
import type { LinkRow } from '../reconciling/link-row.ts';
import type { EntityStream } from '../streams.ts';
import type { Attempt } from './attempt.ts';

/** A confirmed write as it is kept. */
export function deliveryOf({ link, record, write, pushed }: Attempt, remoteId: string, lines: readonly Line[]): Delivery {
  const known = { linkId: link.id, recordId: record.id, remoteId, verb: write.verb };
  switch (write.verb) {
    case 'create':
      return { ...known, before: {}, after: pushed };
    case 'update':
      return {
        ...known,
        before: heldOf(
          link,
          lines.filter((line) => line.hub in pushed),
        ),
        after: pushed,
      };
    case 'delete':
    case 'merge':
      return { ...known, before: heldOf(link, lines), after: {} };
  }
}

/** Writes whose answer never came, and which the record shows all the same: nobody else will tell of them. */
export function lateDeliveries(links: readonly LinkRow[], seen: readonly Observation[], stream: EntityStream): readonly Delivery[] {
  const byId = new Map(seen.map((one) => [one.id, one]));
  return links.flatMap((link): readonly Delivery[] => {
    const { sent, remoteId } = link;
    const one = byId.get(remoteId ?? '');
    if (remoteId === null || one === undefined || sent === null) return [];
    const known = { linkId: link.id, recordId: link.recordId, remoteId };
    if (one.kind === 'gone')
      return link.removal === null ? [] : [{ ...known, verb: 'delete', before: heldOf(link, stream.lines), after: {} }];
    const shown = one.fields;
    const arrived = stream.lines.filter((line) => sent[line.hub] !== undefined && hasArrived(link, line, shown));
    if (arrived.length === 0) return [];
    const after = Object.fromEntries(arrived.map((line) => [line.hub, sent[line.hub] ?? null]));
    return [{ ...known, verb: 'update', before: heldOf(link, arrived), after }];
  });
}

/** Whether the field shows something else than before, which is what it would show of the value that was sent. */
function hasArrived(link: LinkRow, line: Line, shown: Fields): boolean {
  const now = shown[line.remote];
  const before = rawOf(link, line);
  if (now === undefined || (before !== undefined && sameValue(now, before))) return false;
  if (line.ref !== null) return true;
  const encoded = line.codec.encode(link.sent?.[line.hub] ?? null);
  const [expected, found] = [encoded.ok ? line.codec.decode(encoded.value) : encoded, line.codec.decode(now)];
  return expected.ok && found.ok && sameValue(expected.value, found.value);
}

/** The value over there in the remote's words; undefined when it has not been seen. */
const rawOf = ({ expected, seen }: LinkRow, { remote }: Line): FieldValue | undefined =>
  expected?.[remote] !== undefined ? expected[remote] : seen?.[remote];

/** What the record over there was last seen to hold, in the hub's words, as far as it can be read. */
function heldOf(link: LinkRow, lines: readonly Line[]): Fields {
  return Object.fromEntries(
    lines.flatMap((line): readonly (readonly [string, FieldValue])[] => {
      const agreed = readBase(link.base, line.hub)?.remote;
      // A reference is an id over there, which only the base has as a record of the hub.
      if (line.ref !== null) return agreed === undefined ? [] : [[line.hub, agreed]];
      const raw = rawOf(link, line);
      const value = raw === undefined ? null : line.codec.decode(raw);
      return value?.ok === true ? [[line.hub, value.value]] : agreed === undefined ? [] : [[line.hub, agreed]];
    }),
  );
}
