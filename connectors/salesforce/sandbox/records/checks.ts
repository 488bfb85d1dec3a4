import type { Org } from '../org.ts';
import { Refusal } from '../refusal.ts';
import type { ObjectSchema } from '../schema/org-schemas.ts';
import type { Row } from '../store/row.ts';
import { type Caller, matches } from './input.ts';

/** Refuses a row whose record another transaction holds. */
export function refuseLocked(org: Org, { Id }: Pick<Row, 'Id'>): void {
  if (!org.store.isLocked(Id) && !org.nextRowIsLocked()) return;
  throw new Refusal('UNABLE_TO_LOCK_ROW', `unable to obtain exclusive access to this record or 1 records: ${Id}`);
}

/** Refuses what an admin forbade. */
export function refuseRules(org: Org, schema: ObjectSchema, after: Row): void {
  for (const rule of org.validationRules) {
    const reason = rule.object === schema.name ? rule.check(after) : null;
    if (reason !== null) throw new Refusal('FIELD_CUSTOM_VALIDATION_EXCEPTION', reason);
  }
}

/** Refuses a value of a unique field that another record has. */
export function refuseTaken(org: Org, schema: ObjectSchema, after: Row): void {
  for (const field of schema.fields.values()) {
    const value = after[field.name];
    if (!field.unique || typeof value !== 'string') continue;
    const taken = matches(org, schema, field.name, value).find((id) => id !== after.Id);
    if (taken === undefined) continue;
    throw new Refusal('DUPLICATE_VALUE', `duplicate value found: ${field.name} duplicates value on record with id: ${taken}`);
  }
}

/** Refuses a choice that the controlling field does not allow. */
export function refuseMisfit(org: Org, schema: ObjectSchema, { after, given }: { after: Row; given: ReadonlySet<string> }): void {
  if (!org.switches.enforceDependent) return;
  for (const { name, label, dependsOn } of schema.fields.values()) {
    const value = after[name];
    if (dependsOn === null || typeof value !== 'string' || !(given.has(name) || given.has(dependsOn.field))) continue;
    if (dependsOn.allows[String(after[dependsOn.field])]?.includes(value)) continue;
    const message = `${label}: bad value for restricted picklist field: ${value}`;
    throw new Refusal('INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST', message, { fields: [name] });
  }
}

type Write = { readonly before: Row | null; readonly after: Row; readonly caller: Caller };

/** Refuses a person whose e-mail address somebody has, as the org's duplicate rule says. */
export function refuseDuplicate(org: Org, schema: ObjectSchema, { before, after, caller }: Write): void {
  const { duplicateRule } = org.switches;
  if (schema.name !== 'Contact' && schema.name !== 'Lead') return;
  if (duplicateRule === 'off' || typeof after.Email !== 'string' || after.Email === before?.Email) return;
  if (duplicateRule === 'alert' && caller.allowSave) return;
  const same = matches(org, schema, 'Email', after.Email).filter((id) => id !== after.Id);
  if (same.length > 0) throw new Refusal('DUPLICATES_DETECTED', 'Use one of these records?');
}
