import type { FieldSchema, FieldType } from '../contract/connector.ts';
import { nearest } from './distance.ts';
import type { EntityMapping, HubFieldType, HubModel, Line } from './mapping.ts';

/** A line that cannot work with the system as it is now. */
export type Misfit = { readonly hub: string; readonly remote: string; readonly reason: string; readonly advice: string };

type Context = { readonly model: HubModel; readonly schema: readonly FieldSchema[] };

/** What in a mapping does not fit the live schema of its object; empty when the mapping may be saved. `creates`: the hub makes records there. */
export function misfits(mapping: EntityMapping, { model, schema, creates }: Context & { readonly creates: boolean }): readonly Misfit[] {
  const byName = new Map(schema.map((field) => [field.name, field]));
  const fields = model.get(mapping.hub)?.fields;
  const active = mapping.lines.filter(({ direction }) => direction !== 'off');
  const wrong = active.flatMap((line) => {
    const found = misfit(line, { field: byName.get(line.remote), type: fields?.get(line.hub)?.type, names: byName.keys() });
    return found === undefined ? [] : [{ hub: line.hub, remote: line.remote, ...found }];
  });
  return creates ? [...wrong, ...missing(active, schema)] : wrong;
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
  if ((line.ref !== null) !== (field.type === 'reference')) {
    return line.ref === null
      ? { reason: `${field.label} is a reference`, advice: 'Map it to a reference of the hub, with ref' }
      : { reason: `${field.label} is ${field.type}, no reference`, advice: 'Name the field that holds the id' };
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
