import { must } from '../../../src/kernel/must.ts';
import { longId } from './ids.ts';
import type { Org } from './org.ts';
import type { Caller, Input } from './records/input.ts';
import { createRecord, deleteRecord, stampOf, updateRecord } from './records/save.ts';
import type { ObjectSchema } from './schema/objects.ts';
import { shownField } from './soql/select.ts';
import type { Row } from './store/row.ts';

/** A record as REST would show it, hidden fields and uncommitted edits included. */
type ShownRecord = Readonly<Record<string, unknown>> & { readonly Id: string; readonly IsDeleted: boolean };

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
  /** A process of the platform touches the record: only SystemModstamp moves. */
  touch(id: string): void;
  /** Takes the record away for good, from the bin or past it, as a hard delete does. */
  purge(id: string): void;
  deactivate(userId: string): void;
  /** Makes a validation rule: `check` gives the reason to refuse a row, or null. */
  forbid(object: string, check: (row: Row) => string | null): void;
  /** Keeps records from being deleted: `check` gives the vendor's reason, such as that cases hang on it, or null. */
  keep(object: string, check: (row: Row) => string | null): void;
  /** Shows or hides `Object.Field` to the API user. */
  setVisible(path: string, visible: boolean): void;
  expireTokens(): void;
  issueRefreshToken(): string;
  get(id: string): ShownRecord;
  /** All records of an object, those in the bin included. */
  all(object: string): readonly ShownRecord[];
};

type Sessions = { expireAll(): void; issueRefresh(): string };

/** The hand on this org; its edits are made by the first user who is not the integration. */
export function handOn(org: Org, sessions: Sessions): Hand {
  const { store } = org;
  const someone = store.all('User').find(({ Id }) => Id !== org.apiUserId)?.Id ?? org.apiUserId;
  const caller: Caller = { kind: 'person', userId: someone, allowSave: true };
  const callerNamed = (email?: string): Caller => {
    if (email === undefined) return caller;
    const user = store.all('User').find(({ Email }) => String(Email).toLowerCase() === email.toLowerCase());
    return { ...caller, userId: must(user, `a user ${email}`).Id };
  };
  const find = (id: string) => {
    const schema = org.schema(must(store.objectOf(longId(id)), `record ${id}`));
    return { schema, row: org.row(schema.name, longId(id)) };
  };
  /** One transaction: all that it puts is committed at one moment. */
  const begin = (): Put => {
    const commitAt = org.nextCommit();
    return (id, change) => {
      const { schema, row } = find(id);
      const after = { ...row, ...kept(change), Id: row.Id, SystemModstamp: org.stamp(), IsDeleted: change.IsDeleted ?? row.IsDeleted };
      store.write(schema.name, after, commitAt);
    };
  };
  return {
    create: (object, fields) => createRecord(org, org.schema(object), fields, caller),
    edit: (id, fields, by) => {
      const { schema, row } = find(id);
      updateRecord(org, schema, { id: row.Id, input: fields }, callerNamed(by));
    },
    remove: (id) => {
      const { schema, row } = find(id);
      deleteRecord(org, schema, row.Id, caller);
    },
    undelete: (id) => undelete(org, find(id), begin(), caller),
    merge: (winner, losers) => merge(org, { winner: longId(winner), losers: losers.map(longId) }, begin(), caller),
    touch: (id) => begin()(id, {}),
    purge: (id) => {
      const { schema, row } = find(id);
      if (!row.IsDeleted) deleteRecord(org, schema, row.Id, caller);
      store.purge(schema.name, row.Id);
    },
    deactivate: (userId) => begin()(longId(userId), { IsActive: false }),
    forbid: (object, check) => void org.validationRules.push({ object: org.schema(object).name, check }),
    keep: (object, check) => void org.deleteRules.push({ object: org.schema(object).name, check }),
    setVisible: (path, visible) => org.setVisible(path, visible),
    expireTokens: () => sessions.expireAll(),
    issueRefreshToken: () => sessions.issueRefresh(),
    get: (id) => {
      const { schema, row } = find(id);
      return shown(schema, row);
    },
    all: (object) => store.all(org.schema(object).name).map((row) => shown(org.schema(object), row)),
  };
}

/** A partial row without its undefined values, which a spread would copy. */
function kept(change: Partial<Row>): Partial<Row> {
  return Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined));
}

function shown(schema: ObjectSchema, row: Row): ShownRecord {
  const fields = [...schema.fields.values()].map((field) => [field.name, shownField(field, row)]);
  return { ...Object.fromEntries(fields), Id: row.Id, IsDeleted: row.IsDeleted };
}

type Put = (id: string, change: Partial<Row>) => void;
type Found = { readonly schema: ObjectSchema; readonly row: Row };

/** An account comes back with the contacts that were deleted in the same moment. */
function undelete(org: Org, { schema, row }: Found, put: Put, caller: Caller): void {
  if (!row.IsDeleted) throw new Error(`${row.Id} is not deleted`);
  const back = { IsDeleted: false, MasterRecordId: null, ...stampOf(org.stamp(), caller) };
  put(row.Id, back);
  if (schema.name !== 'Account') return;
  for (const child of org.store.all('Contact')) {
    if (child.AccountId === row.Id && child.IsDeleted && child.MasterRecordId === null && child.SystemModstamp === row.SystemModstamp)
      put(child.Id, back);
  }
}

type Merge = { readonly winner: string; readonly losers: readonly string[] };

function merge(org: Org, { winner, losers }: Merge, put: Put, caller: Caller): void {
  const object = must(org.store.objectOf(winner), `record ${winner}`);
  const rows = [winner, ...losers].map((id) => org.row(object, id));
  if (losers.length < 1 || losers.length > 2) throw new Error('a merge has one or two losers');
  if (!org.schema(object).mergeable || rows.some(({ IsDeleted }) => IsDeleted))
    throw new Error('only undeleted contacts or accounts merge');
  if (new Set([winner, ...losers]).size !== rows.length) throw new Error('a record does not merge with itself');
  const stamps = stampOf(org.stamp(), caller);
  for (const loser of losers) put(loser, { ...stamps, IsDeleted: true, MasterRecordId: winner });
  put(winner, stamps);
  if (object !== 'Account') return;
  for (const child of org.store.all('Contact')) {
    if (typeof child.AccountId === 'string' && losers.includes(child.AccountId)) put(child.Id, { ...stamps, AccountId: winner });
  }
}
