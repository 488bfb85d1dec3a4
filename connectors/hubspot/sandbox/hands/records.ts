import { must } from '../../../../src/kernel/must.ts';
import { touchAlike } from '../noise.ts';
import type { Portal } from '../portal/portal.ts';
import { checkValues, demandUnique } from '../records/checking.ts';
import { mergeRecords } from '../records/merging.ts';
import type { Stored } from '../records/records.ts';
import { archiveRecord, purgeRecord, restoreRecord } from '../records/removing.ts';
import { changeRecord, createRecord } from '../records/writing.ts';

/** A record as somebody in the portal sees it: cleared properties are absent. */
export type Seen = {
  readonly id: string;
  readonly properties: Readonly<Record<string, string>>;
  readonly updatedAt: string;
  readonly archived: boolean;
};
type Texts = Readonly<Record<string, string>>;

/** What people in the portal do with the records of one type, past the API and its limits. What the API would refuse, throws. */
export type RecordsHand = {
  add(properties: Texts): string;
  /** `by`: the e-mail address of the owner who does it; the first one unless told. */
  edit(id: string, properties: Texts, by?: string): Seen;
  /** Puts it into the recycle bin. */
  remove(id: string): void;
  restore(id: string): void;
  /** Erases it for good. */
  erase(id: string): void;
  /** The id of what is left. */
  merge(primaryId: string, otherId: string): string;
  get(id: string): Seen | undefined;
  /** All that are not archived, by id. */
  all(): readonly Seen[];
  /** Takes a property away for good, with what the records held of it. */
  forgetProperty(name: string): void;
  /** A job of the vendor gives all of these, or all there are, one and the same modified date, and changes nothing else. */
  touch(ids?: readonly string[]): void;
};

/** The user who acts: the owner with this address, or the first one. */
export function personIn(portal: Portal, email?: string): number {
  const owner = portal.owners.all().find((one) => email === undefined || one.email === email);
  return must(owner, `an owner ${email ?? ''}`).userId;
}

function seen({ id, properties, updatedAt, archivedAt }: Stored): Seen {
  return { id, properties, updatedAt, archived: archivedAt !== null };
}

/** The hand for one type of record. */
export function recordsHand(portal: Portal, typeName: string): RecordsHand {
  const type = portal.types.named(typeName);
  const table = portal.table(type);
  const { records } = table;
  const userOf = (email?: string) => personIn(portal, email);
  const live = (id: string) => must(records.live(id), `${type.singular} ${id}`);
  return {
    add: (raw) => {
      const values = checkValues(portal, type, { raw, current: null, version: 'v3' });
      demandUnique(portal, type, { values, ownId: null, claims: new Set() });
      return createRecord(portal, type, { values, by: userOf() }).id;
    },
    edit: (id, raw, by) => {
      const before = live(id);
      const values = checkValues(portal, type, { raw, current: before, version: 'v3' });
      demandUnique(portal, type, { values, ownId: id, claims: new Set() });
      return seen(changeRecord(portal, type, { before, values, by: userOf(by) }));
    },
    remove: (id) => archiveRecord(portal, table, { id: live(id).id, by: userOf() }),
    restore: (id) => restoreRecord(portal, table, { id, by: userOf() }),
    erase: (id) => purgeRecord(portal, table, { id: must(records.at(id), `${type.singular} ${id}`).id, by: userOf() }),
    merge: (primaryId, otherId) => mergeRecords(portal, type, { primaryId, otherId, by: userOf() }).id,
    get: (id) => {
      const record = records.at(id);
      return record === undefined ? undefined : seen(record);
    },
    all: () => [...records.all()].filter(({ archivedAt }) => archivedAt === null).map(seen),
    forgetProperty: (name) => {
      table.schema.forget(name);
      for (const record of [...records.all()]) {
        const { [name]: _gone, ...properties } = record.properties;
        records.replace({ ...record, properties });
      }
    },
    touch: (ids) => {
      const living = () => [...records.all()].filter(({ archivedAt }) => archivedAt === null);
      touchAlike(portal, table, ids === undefined ? living() : ids.map(live));
    },
  };
}
