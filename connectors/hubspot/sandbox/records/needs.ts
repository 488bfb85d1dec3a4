import type { ObjectType } from '../portal/object-types.ts';
import type { Portal } from '../portal/portal.ts';
import type { ApiVersion } from '../wire/paths.ts';
import { invalid } from '../wire/refusal.ts';
import type { Values } from './values.ts';

const UNDATED = ['calls', 'meetings', 'emails'];

/** What the vendor fills in when a create leaves it out. */
export function withDefaults(portal: Portal, type: ObjectType, values: Values): Values {
  const filled = new Map(values);
  const [only, ...others] = portal.pipelines.of(type);
  if (type.name === 'deals' && only !== undefined && others.length === 0 && !filled.has('pipeline')) filled.set('pipeline', only.id);
  const stage = portal.switches.newContactStage;
  if (type.name === 'contacts' && stage !== '' && !filled.has('lifecyclestage')) filled.set('lifecyclestage', stage);
  return filled;
}

function namesNeeded(portal: Portal, type: ObjectType, version: ApiVersion): readonly string[] {
  const { switches, pipelines } = portal;
  const onForm = version === '2026-09' ? switches.requiredOnCreate.filter((rule) => rule.type === type.name).map(({ needs }) => needs) : [];
  return [
    ...type.needs.allOf,
    ...(type.name === 'deals' && pipelines.of(type).length > 1 ? ['pipeline'] : []),
    ...(UNDATED.includes(type.name) && switches.activitiesNeedTimestamp ? ['hs_timestamp'] : []),
    ...onForm,
  ];
}

/** Refuses to create a record without what its type needs. */
export function demandNeeded(portal: Portal, type: ObjectType, { values, version }: { values: Values; version: ApiVersion }): void {
  const isSet = (name: string) => (values.get(name) ?? null) !== null;
  const lacking = namesNeeded(portal, type, version).filter((name) => !isSet(name));
  const { anyOf } = type.needs;
  if (lacking.length === 0 && (anyOf.length === 0 || anyOf.some(isSet))) return;
  throw invalid(`Error creating ${type.singular.toUpperCase()}. Some required properties were not set.`, {
    context: { properties: lacking.length > 0 ? lacking : anyOf },
  });
}
