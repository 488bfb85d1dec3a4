import { must } from '../../../src/kernel/must.ts';
import type { SandboxApp } from '../../../src/sandbox/sandbox.ts';
import { checkValues, demandUnique } from './checking.ts';
import { mergeRecords } from './merging.ts';
import { objectTypeOf } from './object-types.ts';
import { type Portal, tiesOf } from './portal.ts';
import type { Stored } from './records.ts';
import { archiveRecord, followPair, purgeRecord, restoreRecord } from './removing.ts';
import { changeRecord, createRecord, nextTouch, touchRecord } from './writing.ts';

/** A record as somebody in the portal sees it: cleared properties are absent. */
type Seen = {
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

/** The sandbox with the hands of its people. */
export type HubspotSandbox = SandboxApp & {
  readonly contacts: RecordsHand;
  readonly companies: RecordsHand;
  /** Ties a contact to a company; `labels` are what the tie is called from then on, made where nobody has made them yet. */
  tie(contactId: string, companyId: string, ways?: { readonly primary?: boolean; readonly labels?: readonly string[] }): void;
  untie(contactId: string, companyId: string): void;
  companiesOf(contactId: string): readonly string[];
  primaryOf(contactId: string): string | null;
  labelsOf(contactId: string, companyId: string): readonly string[];
  /** Addresses that nobody had when somebody asked for their erasure. */
  blocked(): readonly string[];
};

function seen({ id, properties, updatedAt, archivedAt }: Stored): Seen {
  return { id, properties, updatedAt, archived: archivedAt !== null };
}

/** The hand for one type of record. */
export function recordsHand(portal: Portal, typeName: string): RecordsHand {
  const type = objectTypeOf(typeName);
  const table = portal.table(type);
  const { records } = table;
  const userOf = (email?: string) =>
    must(
      portal.owners.find((owner) => email === undefined || owner.email === email),
      `an owner ${email ?? ''}`,
    ).userId;
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
    remove: (id) => archiveRecord(portal, table, live(id).id),
    restore: (id) => restoreRecord(portal, table, id),
    erase: (id) => purgeRecord(portal, table, must(records.at(id), `${type.singular} ${id}`).id),
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
      const touched = ids === undefined ? [...records.all()].filter(({ archivedAt }) => archivedAt === null) : ids.map(live);
      const at = touched
        .map((record) => nextTouch(portal, record))
        .sort()
        .at(-1);
      if (at !== undefined) for (const record of touched) touchRecord(portal, table, { record, at });
    },
  };
}

type TieHands = Pick<HubspotSandbox, 'tie' | 'untie' | 'companiesOf' | 'primaryOf' | 'labelsOf'>;

/** The hands that tie contacts to companies. */
export function tiesHand(portal: Portal): TieHands {
  const [contacts, companies] = [objectTypeOf('contacts'), objectTypeOf('companies')];
  const { associations } = portal;
  const contact = (id: string) => ({ type: contacts, id });
  const ends = (contactId: string, companyId: string) => ({ from: contact(contactId), to: { type: companies, id: companyId } });
  const typeIdOf = (label: string) => {
    const found = associations.types(contacts, companies).find((one) => one.kind === 'label' && one.label === label);
    return (found ?? must(associations.defineLabel(contacts, companies, { label, inverse: label })[0], label)).typeId;
  };
  return {
    tie: (contactId, companyId, { primary, labels } = {}) => {
      const { from, to } = ends(contactId, companyId);
      const before = associations.primaryOf(from, companies);
      const isPrimary = primary ?? before === companyId;
      if (isPrimary || labels !== undefined)
        associations.label(from, to, [...(isPrimary ? [1] : []), ...(labels ?? associations.labelsOf(from, to)).map(typeIdOf)]);
      else associations.tie(from, to);
      followPair(portal, [from, to]);
    },
    untie: (contactId, companyId) => {
      const { from, to } = ends(contactId, companyId);
      associations.untie(from, to);
      followPair(portal, [from, to]);
    },
    companiesOf: (contactId) => tiesOf(portal, contact(contactId), companies).map(({ id }) => id),
    primaryOf: (contactId) => associations.primaryOf(contact(contactId), companies),
    labelsOf: (contactId, companyId) => {
      const { from, to } = ends(contactId, companyId);
      return associations.labelsOf(from, to);
    },
  };
}
