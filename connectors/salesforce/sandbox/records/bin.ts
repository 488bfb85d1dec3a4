import type { Org } from '../org.ts';
import { Refusal } from '../refusal.ts';
import type { Field, OnParentDelete } from '../schema/field.ts';
import type { ObjectSchema } from '../schema/org-schemas.ts';
import type { Row } from '../store/row.ts';
import { refuseLocked } from './checks.ts';
import type { Caller } from './input.ts';
import { refusePersonContact } from './person-accounts.ts';
import { refuseDirect } from './relations.ts';
import { stampOf } from './rows.ts';
import { allowWrites, liveRecord } from './save.ts';

type Child = { readonly schema: ObjectSchema; readonly field: Field; readonly row: Row };

/** The records that point at this one, through fields that behave in one of these ways when it is deleted. */
export function childrenOf(org: Org, parent: string, row: Row, ways: readonly OnParentDelete[]): readonly Child[] {
  return [...org.schemas.values()].flatMap((schema) =>
    [...schema.fields.values()]
      .filter((field) => field.computed === null && field.referenceTo.includes(parent) && ways.includes(field.onParentDelete))
      .flatMap((field) => org.store.pointingAt(schema.name, field.name, row.Id).map((child) => ({ schema, field, row: child }))),
  );
}

/** Puts a record in the recycle bin, with what cannot be without it. Setup records have no bin: they are gone. */
export function deleteRecord(org: Org, schema: ObjectSchema, id: string, caller: Caller): void {
  allowWrites(schema);
  const before = liveRecord(org, schema, { id, caller });
  if (caller.kind === 'api') refuseLocked(org, before);
  refuseDirect(before, caller);
  refusePersonContact(before, caller);
  refuseKept(org, schema, before);
  bin(org, schema, before, { caller, commitAt: caller.kind === 'api' ? null : org.nextCommit() });
}

type Binning = { readonly caller: Caller; readonly commitAt: number | null };

function bin(org: Org, schema: ObjectSchema, row: Row, binning: Binning): void {
  for (const { schema: object, row: kept } of childrenOf(org, schema.name, row, ['restrict'])) {
    if (kept.IsDeleted) continue;
    const message = `Your attempt to delete ${String(row.Name ?? row.Id)} could not be completed because it is associated with the following ${object.labelPlural.toLowerCase()}.: ${kept.Id}`;
    throw new Refusal('DELETE_FAILED', message);
  }
  const stamps = stampOf(org.stamp(), binning.caller);
  for (const child of childrenOf(org, schema.name, row, ['cascade'])) if (!child.row.IsDeleted) bin(org, child.schema, child.row, binning);
  for (const child of childrenOf(org, schema.name, row, ['clear'])) {
    org.store.write(child.schema.name, { ...child.row, [child.field.name]: null, ...stamps }, binning.commitAt);
  }
  if (schema.kind === 'data') org.store.write(schema.name, { ...row, ...stamps, IsDeleted: true }, binning.commitAt);
  else org.store.purge(schema.name, row.Id);
}

function refuseKept(org: Org, schema: ObjectSchema, before: Row): void {
  for (const { object, check } of org.deleteRules) {
    const reason = object === schema.name ? check(before) : null;
    if (reason !== null) throw new Refusal('DELETE_FAILED', reason);
  }
}

/** Takes a record out of the bin, with what was deleted in the same moment because of it. */
export function undeleteRecord(org: Org, schema: ObjectSchema, row: Row, binning: Binning): void {
  if (!row.IsDeleted) throw new Refusal('UNDELETE_FAILED', `${row.Id} is not deleted`);
  const back = { IsDeleted: false, ...stampOf(org.stamp(), binning.caller), ...(schema.mergeable ? { MasterRecordId: null } : {}) };
  org.store.write(schema.name, { ...row, ...back }, binning.commitAt);
  for (const child of childrenOf(org, schema.name, row, ['cascade'])) {
    const wentAlong = child.row.IsDeleted && (child.row.MasterRecordId ?? null) === null && child.row.SystemModstamp === row.SystemModstamp;
    if (wentAlong) undeleteRecord(org, child.schema, child.row, binning);
  }
}
