import { must } from '../../../src/kernel/must.ts';
import type { Quota } from './api/quota.ts';
import { longId } from './ids.ts';
import type { AppAccess } from './oauth/app-access.ts';
import type { Org } from './org.ts';
import { deleteRecord, undeleteRecord } from './records/bin.ts';
import { type Conversion, type Converted, convertLead } from './records/converting.ts';
import type { Caller, Input } from './records/input.ts';
import { mergeRecords } from './records/merging.ts';
import { createRecord, updateRecord } from './records/save.ts';
import type { ObjectSchema } from './schema/org-schemas.ts';
import { shownField } from './soql/select.ts';
import type { Row } from './store/row.ts';
import { defineCustomField } from './tooling/custom-fields.ts';

/** A record as REST would show it, hidden fields and uncommitted edits included. */
export type ShownRecord = Readonly<Record<string, unknown>> & { readonly Id: string; readonly IsDeleted: boolean };

/** What people and the platform do to the org, without a request. Writes keep the org's rules; a refused one throws. */
export type Hand = {
  create(object: string, fields: Input): string;
  /** `by`: the e-mail address of the user who does it; the first one who is not the integration unless told. */
  edit(id: string, fields: Input, by?: string): void;
  remove(id: string): void;
  /** Takes a record out of the bin, also one that lost a merge: then it has no master any more, and its children stay with the winner. */
  undelete(id: string): void;
  /** Up to two losers go to the bin with the winner as their master; their children move to the winner. */
  merge(winner: string, losers: readonly string[]): void;
  /** Makes a contact, an account, and an opportunity of a lead, or joins those that are named. */
  convert(leadId: string, into?: Omit<Conversion, 'leadId' | 'convertedStatus'>): Converted;
  /** A process of the platform touches the record: only SystemModstamp moves. */
  touch(id: string): void;
  /** The platform archives a closed activity: it is seen by queryAll alone. */
  archive(id: string): void;
  /** Takes the record away for good, from the bin or past it, as a hard delete does. */
  purge(id: string): void;
  deactivate(userId: string): void;
  /** Makes a validation rule: `check` gives the reason to refuse a row, or null. */
  forbid(object: string, check: (row: Row) => string | null): void;
  /** Keeps records from being deleted: `check` gives the vendor's reason, such as that cases hang on it, or null. */
  keep(object: string, check: (row: Row) => string | null): void;
  /** Makes a picklist that takes these values alone, and lets the API user see it. */
  picklist(object: string, name: string, values: readonly string[]): void;
  /** Shows or hides `Object.Field` to the API user. */
  setVisible(path: string, visible: boolean): void;
  /** Lets the API user edit `Object.Field`, or only read it. */
  setEditable(path: string, editable: boolean): void;
  expireTokens(): void;
  issueRefreshToken(): string;
  /** Other integrations of the org make so many calls. */
  callElsewhere(count: number): void;
  /** The connected app as its admin has it. */
  readonly access: AppAccess;
  get(id: string): ShownRecord;
  /** The ids of an object's records, without those in the bin. */
  ids(object: string): readonly string[];
  /** All records of an object, those in the bin included. */
  all(object: string): readonly ShownRecord[];
};

type Sessions = { expireAll(): void; issueRefresh(): string };

const PLAIN_PICKLIST = {
  type: 'Picklist',
  label: undefined,
  length: undefined,
  precision: undefined,
  scale: undefined,
  externalId: false,
  unique: false,
  required: false,
  restricted: true,
  referenceTo: undefined,
  relationshipName: undefined,
} as const;

/** The hand on this org; its edits are made by the first user who is not the integration. */
export function handOn(
  org: Org,
  { sessions, access, quota }: { readonly sessions: Sessions; readonly access: AppAccess; readonly quota: Quota },
): Hand {
  const { store } = org;
  const callerNamed = (email?: string): Caller => {
    const isMeant = ({ Id, Email }: Row) =>
      email === undefined ? Id !== org.apiUserId : String(Email).toLowerCase() === email.toLowerCase();
    const user = store.all('User').find(isMeant)?.Id ?? (email === undefined ? org.apiUserId : undefined);
    return { kind: 'person', userId: must(user, `a user ${email}`), allowSave: true, autoAssign: false };
  };
  const caller = callerNamed();
  const find = (id: string) => {
    const schema = org.schema(must(store.objectOf(longId(id)), `record ${id}`));
    return { schema, row: org.row(schema.name, longId(id)) };
  };
  const put = (id: string, change: Partial<Record<string, Row[string]>>) => {
    const { schema, row } = find(id);
    const after = { ...row, ...change, Id: row.Id, SystemModstamp: org.stamp(), IsDeleted: row.IsDeleted };
    store.write(schema.name, after as Row, org.nextCommit());
  };
  return {
    access,
    create: (object, fields) => createRecord(org, org.schema(object), fields, caller),
    edit: (id, fields, by) => {
      const { schema, row } = find(id);
      updateRecord(org, schema, { id: row.Id, input: fields }, callerNamed(by));
    },
    remove: (id) => {
      const { schema, row } = find(id);
      deleteRecord(org, schema, row.Id, caller);
    },
    undelete: (id) => {
      const { schema, row } = find(id);
      undeleteRecord(org, schema, row, { caller, commitAt: org.nextCommit() });
    },
    merge: (winner, losers) => {
      const { schema, row } = find(winner);
      mergeRecords(org, schema, { winner: row.Id, losers: losers.map(longId), fields: {} }, { caller, commitAt: org.nextCommit() });
    },
    convert: (leadId, into = {}) => convertLead(org, { ...into, leadId, convertedStatus: 'Closed - Converted' }, caller),
    touch: (id) => put(id, {}),
    archive: (id) => put(id, { IsArchived: true }),
    purge: (id) => {
      const { schema, row } = find(id);
      if (!row.IsDeleted && schema.kind === 'data') deleteRecord(org, schema, row.Id, caller);
      store.purge(schema.name, row.Id);
    },
    deactivate: (userId) => put(userId, { IsActive: false }),
    forbid: (object, check) => void org.validationRules.push({ object: org.schema(object).name, check }),
    keep: (object, check) => void org.deleteRules.push({ object: org.schema(object).name, check }),
    picklist(object, name, values) {
      const owner = ['Task', 'Event'].includes(object) ? 'Activity' : object;
      const listed = values.map((value) => ({ value, label: value, active: true }));
      defineCustomField(org, { ...PLAIN_PICKLIST, fullName: `${owner}.${name}`, values: listed }, { replace: false });
      org.setVisible(`${object}.${name}`, true);
    },
    setVisible: (path, visible) => org.setVisible(path, visible),
    setEditable: (path, editable) => org.setEditable(path, editable),
    expireTokens: () => sessions.expireAll(),
    issueRefreshToken: () => sessions.issueRefresh(),
    callElsewhere: (count) => quota.useElsewhere(count, org.now()),
    get: (id) => {
      const { schema, row } = find(id);
      return shown(org, schema, row);
    },
    ids: (object) => store.all(org.schema(object).name).flatMap(({ Id, IsDeleted }) => (IsDeleted ? [] : [Id])),
    all: (object) => store.all(org.schema(object).name).map((row) => shown(org, org.schema(object), row)),
  };
}

function shown(org: Org, schema: ObjectSchema, row: Row): ShownRecord {
  const fields = [...schema.fields.values()].map((field) => [field.name, shownField(org, field, row)]);
  return { ...Object.fromEntries(fields), Id: row.Id, IsDeleted: row.IsDeleted };
}
