import type { ObjectType } from '../portal/object-types.ts';
import type { Portal } from '../portal/portal.ts';
import { LIFECYCLE_STAGES } from '../schema/contact-properties.ts';
import type { Definition } from '../schema/definitions.ts';
import type { ApiVersion } from '../wire/paths.ts';
import { badProperties, conflict, invalid, type PropertyProblem, Refusal } from '../wire/refusal.ts';
import type { Shape } from '../wire/shapes.ts';
import { demandNeeded, withDefaults } from './needs.ts';
import type { Stored } from './records.ts';
import type { Values } from './values.ts';
import { acceptValue } from './values.ts';

/** What is to be written: to which record (null: to a new one), by which version. */
export type Proposal = { readonly raw: Shape; readonly current: Stored | null; readonly version: ApiVersion };

/** Unique values that earlier rows of the same batch have taken. */
export type Claims = Set<string>;

type Judged = { readonly value: string | null } | { readonly problem: PropertyProblem } | null;

function problem(name: string, error: string, message: string): { readonly problem: PropertyProblem } {
  return { problem: { name, error, message } };
}

function goesBackwards(name: string, value: string | null, current: string | null): boolean {
  if (name !== 'lifecyclestage' || value === null || current === null) return false;
  return LIFECYCLE_STAGES.indexOf(value) < LIFECYCLE_STAGES.indexOf(current);
}

function judge(portal: Portal, definition: Definition, { raw, current }: { raw: unknown; current: string | null }): Judged {
  const { name } = definition;
  const accepted = acceptValue(definition, raw, current);
  if (accepted === null) return null;
  if ('error' in accepted) {
    const code = accepted.error === 'INVALID_OPTION' ? portal.switches.optionCode : accepted.error;
    return problem(name, code, accepted.message);
  }
  const { value } = accepted;
  if (definition.referencedObjectType === 'OWNER' && value !== null && !portal.owners.isThere(value)) {
    return problem(name, 'INVALID_OWNER_ID', `Owner ${value} does not exist.`);
  }
  if (!goesBackwards(name, value, current)) return { value };
  if (portal.switches.lifecycleBackwards === 'ignore') return null;
  return problem(name, 'INVALID_LIFECYCLE_STAGE', `The lifecycle stage cannot go back from ${current} to ${value}.`);
}

const LENIENT = ['notes', 'tasks', 'communications'];

function passesOver({ switches }: Portal, type: ObjectType): boolean {
  return switches.activitiesIgnoreUnknown && LENIENT.includes(type.name);
}

function judgeNamed(
  portal: Portal,
  type: ObjectType,
  { name, raw, current }: { name: string; raw: unknown; current: Stored | null },
): Judged {
  const definition = portal.table(type).schema.find(name);
  const closed = definition === undefined || definition.modificationMetadata.readOnlyValue;
  if (closed && passesOver(portal, type)) return null;
  if (definition === undefined) return problem(name, 'PROPERTY_DOESNT_EXIST', `Property "${name}" does not exist`);
  if (definition.modificationMetadata.readOnlyValue) {
    return problem(name, 'READ_ONLY_VALUE', `"${name}" is a read only property; its value cannot be set.`);
  }
  return judge(portal, definition, { raw, current: current?.properties[name] ?? null });
}

function demandConditional(portal: Portal, { current, version }: Proposal, values: Values): void {
  if (version !== '2026-09') return;
  const after = (name: string) => (values.has(name) ? values.get(name) : current?.properties[name]) ?? null;
  const broken = portal.switches.conditionalRequired.find(({ when, is, needs }) => after(when) === is && after(needs) === null);
  if (broken === undefined) return;
  throw invalid(`Some required properties were not set: ${broken.needs} is required when ${broken.when} is ${broken.is}.`, {
    errors: [{ message: `${broken.needs} is required`, code: 'REQUIRED_PROPERTY_MISSING', context: { propertyName: [broken.needs] } }],
  });
}

/** What a proposal stores, or the refusal that lists everything wrong with it. */
export function checkValues(portal: Portal, type: ObjectType, proposal: Proposal): Values {
  const values = new Map<string, string | null>();
  const problems: PropertyProblem[] = [];
  for (const [name, raw] of Object.entries(proposal.raw)) {
    const judged = judgeNamed(portal, type, { name, raw, current: proposal.current });
    if (judged === null) continue;
    if ('problem' in judged) problems.push(judged.problem);
    else values.set(name, judged.value);
  }
  if (problems.length > 0) throw badProperties(problems, portal.id);
  if (proposal.current !== null) {
    demandConditional(portal, proposal, values);
    return values;
  }
  const filled = withDefaults(portal, type, values);
  demandNeeded(portal, type, { values: filled, version: proposal.version });
  demandConditional(portal, proposal, filled);
  return filled;
}

/** Refuses properties that nobody defined: in a batch update they stop every row. */
export function demandKnown(portal: Portal, type: ObjectType, raws: readonly Shape[]): void {
  if (passesOver(portal, type)) return;
  const { schema } = portal.table(type);
  const names = new Set(raws.flatMap((raw) => Object.keys(raw)).filter((name) => schema.find(name) === undefined));
  if (names.size === 0) return;
  const problems = [...names].map((name) => ({ name, error: 'PROPERTY_DOESNT_EXIST', message: `Property "${name}" does not exist` }));
  throw badProperties(problems, portal.id);
}

/** Refuses values that must be unique and belong to another record, or to an earlier row. */
export function demandUnique(portal: Portal, type: ObjectType, row: { values: Values; ownId: string | null; claims: Claims }): void {
  const { records, schema } = portal.table(type);
  for (const [name, value] of row.values) {
    if (value === null || !schema.isKey(name)) continue;
    const holder = records.holder(name, value) ?? null;
    const taken = row.claims.has(`${name} ${value}`);
    if (taken || (holder !== null && holder !== row.ownId)) {
      throw name === type.key
        ? conflict(portal.switches.conflictTellsId ? holder : null)
        : clash(portal, { name, value }, { holder, ownId: row.ownId });
    }
    row.claims.add(`${name} ${value}`);
  }
}

type Taken = { readonly name: string; readonly value: string };

function clash(portal: Portal, { name, value }: Taken, { holder, ownId }: { holder: string | null; ownId: string | null }): Error {
  const message = `Cannot set PropertyValueCoordinates{propertyName=${name}, value=${value}} on ${ownId ?? 'a new record'}. ${holder ?? 'Another input'} already has that value.`;
  const errors = [{ message, code: 'CONFLICTING_UNIQUE_VALUE', context: { propertyName: [name] } }];
  return portal.switches.uniqueClash === 409 ? new Refusal(409, { message, category: 'CONFLICT', errors }) : invalid(message, { errors });
}
