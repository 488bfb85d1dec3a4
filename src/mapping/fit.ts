import type { FieldSchema, FieldType } from '../contract/connector.ts';
import type { WriteTraits } from '../contract/manifest.ts';
import { nearest } from './distance.ts';
import type { EntityMapping, HubFieldType, HubModel, Line } from './mapping.ts';
import { adviseOneOf } from './problems.ts';

/** What cannot work with the system as it is now, and is left out. `remote` is a field over there, or the setting: `removed.out`. */
export type Misfit = { readonly hub: string; readonly remote: string; readonly reason: string; readonly advice: string };

/** What a mapping is held against. `write`: how the hub may write there, or null when it may not; `systems`: what a rule may name. */
export type Circumstances = {
  readonly model: HubModel;
  readonly schema: readonly FieldSchema[];
  readonly write: WriteTraits | null;
  readonly systems: ReadonlySet<string>;
};

/** What in a mapping does not fit its live system; empty when all of it works. */
export function misfits(mapping: EntityMapping, { model, schema, write, systems }: Circumstances): readonly Misfit[] {
  const byName = new Map(schema.map((field) => [field.name, field]));
  const fields = model.get(mapping.hub)?.fields;
  const active = mapping.lines.filter(({ direction }) => direction !== 'off');
  const wrong = active.flatMap((line) => {
    const found = misfit(line, { field: byName.get(line.remote), type: fields?.get(line.hub)?.type, names: byName.keys() });
    return found === undefined ? [] : [{ hub: line.hub, remote: line.remote, ...found }];
  });
  const creates = write?.verbs.includes('create') === true && mapping.gates.out.creates;
  return [
    ...wrong,
    ...(creates ? missing(active, schema) : []),
    ...strangeSystems(active, systems),
    ...strangeOptOut(mapping, byName),
    ...(write === null || mapping.direction === 'in' ? [] : impossible(mapping, write)),
  ];
}

type Finding = { readonly reason: string; readonly advice: string };
type Seen = { readonly field: FieldSchema | undefined; readonly type: HubFieldType | undefined; readonly names: Iterable<string> };

function misfit(line: Line, { field, type, names }: Seen): Finding | undefined {
  if (field === undefined) {
    const meant = nearest(line.remote, names);
    const advice = meant === undefined ? 'Create it there, or let the connection see it' : `Perhaps "${meant}" was meant`;
    return { reason: `there is no field "${line.remote}", or it is hidden from this connection`, advice };
  }
  if (line.direction !== 'in' && !field.writable) return { reason: `${field.label} is read-only there`, advice: 'Use direction: in' };
  const refers = field.type === 'reference' || field.type === 'references';
  // A map of values may say which record it is.
  const isNamed = line.ref === null && line.codec.spec?.values != null;
  if ((line.ref !== null) !== refers && !isNamed) {
    return line.ref === null
      ? { reason: `${field.label} is a reference`, advice: 'Map it to a reference of the hub, with ref' }
      : { reason: `${field.label} is ${field.type}, no reference`, advice: 'Name the field that holds the id' };
  }
  if (refers && !isNamed && type !== undefined && type !== field.type) {
    const [there, here] = type === 'reference' ? ['several', 'one'] : ['one', 'several'];
    return {
      reason: `${field.label} refers to ${there} there, and to ${here} here`,
      advice: `Map it to a field of the type ${field.type}`,
    };
  }
  if (type !== undefined && (type === 'choices') !== (field.type === 'choices') && !SPLITTABLE.includes(field.type)) {
    return {
      reason: `${field.label} is ${field.type} there and ${type} here`,
      advice: 'One value and several do not fit each other; map another field',
    };
  }
  return undefined;
}

// A list may also be kept as text, with a transform.
const SPLITTABLE: readonly FieldType[] = ['text', 'long_text'];

function missing(lines: readonly Line[], schema: readonly FieldSchema[]): readonly Misfit[] {
  const written = new Set(lines.filter(({ direction }) => direction !== 'in').map(({ remote }) => remote));
  const lacking = schema.filter(({ name, required, writable }) => required && writable && !written.has(name));
  return lacking.map(({ name, label }) => ({
    hub: '',
    remote: name,
    reason: `a new record there needs ${label}, and no line writes it`,
    advice: 'Map it, or let the mapping only come in',
  }));
}

// Which connections there are is not known where the file is read, so a name that nobody has is told here.
function strangeSystems(lines: readonly Line[], systems: ReadonlySet<string>): readonly Misfit[] {
  return lines.flatMap(({ hub, remote, rule }) => {
    const named = rule.kind === 'order' ? rule.systems : rule.kind === 'prefer' ? [rule.system] : [];
    return named
      .filter((name) => !systems.has(name))
      .map((name) => ({
        hub,
        remote,
        reason: `its rule names "${name}", and no system or connection is called so`,
        advice: adviseOneOf(name, [...systems]),
      }));
  });
}

function strangeOptOut({ optOut }: EntityMapping, byName: ReadonlyMap<string, FieldSchema>): readonly Misfit[] {
  if (optOut === null) return [];
  const field = byName.get(optOut.remote);
  if (field === undefined) {
    const reason = `the field by which records are kept out is not there, or is hidden from this connection, so none is kept out`;
    return [{ hub: '', remote: optOut.remote, reason, advice: adviseOneOf(optOut.remote, [...byName.keys()].slice(0, 20)) }];
  }
  const never = field.choices !== null && !field.choices.some(({ value }) => value === String(optOut.is));
  if (!never) return [];
  const reason = `${field.label} has no option "${String(optOut.is)}", so no record is kept out`;
  return [
    {
      hub: '',
      remote: optOut.remote,
      reason,
      advice: adviseOneOf(
        String(optOut.is),
        field.choices.map(({ value }) => value),
      ),
    },
  ];
}

/** Policies that the system offers no way to carry out. */
function impossible({ gates, removed }: EntityMapping, { verbs, restorableDays }: WriteTraits): readonly Misfit[] {
  const [makes, removes] = [verbs.includes('create'), verbs.includes('delete')];
  const restores = removes && restorableDays !== undefined;
  const policies: readonly (readonly [setting: string, wanted: boolean, reason: string, advice: string])[] = [
    ['creates.out', gates.out.creates && !makes, 'no record can be made there', 'Use creates: { out: false }'],
    ['removed.out', removed.out !== 'ignore' && !removes, 'no record can be removed there', 'Use ignore'],
    [
      'removed.out',
      removed.out === 'archive' && removes && !restores,
      'what is removed there cannot be brought back',
      'Use ask, delete, or ignore',
    ],
    [
      'leaves.out',
      gates.out.leaves === 'archive' && !restores,
      'no record can be removed there in a way that brings it back',
      'Use freeze or unlink',
    ],
  ];
  return policies.flatMap(([remote, isWrong, reason, advice]) => (isWrong ? [{ hub: '', remote, reason, advice }] : []));
}
