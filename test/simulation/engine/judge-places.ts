import type { FieldValue } from '../../../src/contract/records.ts';
import { must } from '../../../src/kernel/must.ts';
import { type HubLink, type HubRecord, isFrozen, type Left } from './left.ts';
import { connectorOf, editOf, FIELDS, type Field } from './shape.ts';
import type { Row } from './vendor.ts';
import type { World } from './world.ts';

/** Everybody has one place in each system, and every place holds what the hub holds, or an open hold says why not. */
export function judgePlaces(world: World, left: Left): void {
  const { chronicle } = world;
  const records = new Map(left.records.map((record) => [record.id, record]));
  for (const link of left.links) {
    const system = world.connectionIds.indexOf(link.connection_id);
    const row = link.remote_id === null ? undefined : world.vendors[system]?.rows.get(link.remote_id);
    const record = must(records.get(link.record_id), 'the record of a link');
    if (row === undefined || row.deleted !== null || link.state === 'gone' || link.state === 'excluded' || record.gone) continue;
    judgeValues(world, left, { link, row, record, system });
  }
  for (const record of left.records) if (!record.gone) judgeReach(world, left, record);
  world.vendors.forEach((vendor, system) => {
    for (const row of vendor.rows.values()) if (row.deleted === null) judgeRow(world, left, { row, system });
  });
  judgeTwins(world, left);
  if (left.links.some(({ state, reason }) => state === 'in_sync' && reason === 'it was deleted and is back'))
    chronicle.reached.add('a restored record took part again');
}

type Place = { readonly link: HubLink; readonly row: Row; readonly record: HubRecord; readonly system: number };

function judgeValues({ shape, chronicle }: World, left: Left, { link, row, record, system }: Place): void {
  const connector = connectorOf(shape, must(shape.systems[system], 'a system').connector);
  for (const field of FIELDS) {
    const { direction } = connector.fields[field];
    const [hub, remote] = [comparable(field, record.fields[field]), comparable(field, row.values[field])];
    if (hub === remote || direction === 'in' || direction === 'off') continue;
    if (shape.nulls[field] !== 'clear' && (hub === null || remote === null)) continue;
    if (direction === 'out' && hub === null) continue;
    const held = left.holds.some(
      (hold) => isFrozen(hold, record.id, field) || (hold.link_id === link.id && (hold.field === field || hold.kind === 'refused_record')),
    );
    if (held) continue;
    chronicle.broken.push(
      `converges: ${field} of ${String(row.values.last_name)} is ${hub} in the hub and ${remote} in system ${system}, and no hold says why (${link.state})`,
    );
  }
}

/** Which edit a value came from; who somebody is, as text. */
function comparable(field: Field, value: FieldValue | undefined): string | null {
  if (value === null || value === undefined) return null;
  return field === 'email' || field === 'last_name' ? String(value).toLowerCase() : String(editOf(value));
}

/** A record of the hub is in every system, or something says why it is not. */
function judgeReach({ shape, vendors, connectionIds, chronicle }: World, left: Left, record: HubRecord): void {
  const own = left.links.filter((link) => link.record_id === record.id);
  const isAnywhere = own.some((link) => {
    const row = link.remote_id === null ? undefined : vendors[connectionIds.indexOf(link.connection_id)]?.rows.get(link.remote_id);
    return row !== undefined && row.deleted === null;
  });
  if (!isAnywhere) return;
  shape.systems.forEach((_, system) => {
    const link = own.find((one) => one.connection_id === connectionIds[system]);
    if (link !== undefined && (link.remote_id !== null || link.state === 'gone' || link.state === 'excluded')) return;
    const said = left.holds.some(
      (hold) =>
        hold.connection_id === connectionIds[system] &&
        (hold.link_id === link?.id || (Array.isArray(hold.detail.candidates) && hold.detail.candidates.includes(record.id))),
    );
    if (!said)
      chronicle.broken.push(
        `converges: ${String(record.fields.last_name)} is missing in system ${system}, and nothing says why (${link?.state ?? 'no link'})`,
      );
  });
}

/** A remote record stands for one record of the hub, the right one, or a person is asked who it is. */
function judgeRow({ connectionIds, chronicle }: World, left: Left, { row, system }: { row: Row; system: number }): void {
  const links = left.links.filter(
    (link) => link.connection_id === connectionIds[system] && link.remote_id === row.id && link.state !== 'gone',
  );
  const asked = left.holds.some(
    (hold) => hold.connection_id === connectionIds[system] && hold.remote_id === row.id && hold.link_id === null,
  );
  if (links.length > 1) chronicle.broken.push(`duplicates nothing: ${row.id} stands for ${links.length} records`);
  if (links.length === 0 && !asked)
    chronicle.broken.push(`loses nothing: ${row.id} (person ${row.person}) was never taken in, and nobody is asked about it`);
}

/** Two records over there for one person, one of them the hub's doing, are there only while a person is asked, or because one decided so. */
function judgeTwins({ vendors, chronicle, connectionIds }: World, left: Left): void {
  vendors.forEach((vendor, system) => {
    const people = new Set([...vendor.rows.values()].map(({ person }) => person));
    for (const person of people) {
      if (person === null || chronicle.handmade.has(person)) continue;
      const live = vendor.live(person);
      const asked = live.some((row) =>
        left.holds.some((hold) => hold.connection_id === connectionIds[system] && hold.remote_id === row.id),
      );
      if (live.length > 1 && live.some(({ madeBy }) => madeBy === 'hub') && !asked)
        chronicle.broken.push(`duplicates nothing: person ${person} is ${live.length} times in system ${system}, and nobody is asked`);
    }
  });
}
