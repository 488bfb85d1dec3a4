import type { FieldSchema, FieldType } from '../../contract/connector.ts';
import { fieldsRead } from '../fields-read.ts';
import type { EntityMapping, HubModel } from '../mapping.ts';

/** What there is to be seen of records that only arrive: what their mapping names. Nothing of it can be written. */
export function arrivingSchema(mapping: EntityMapping, model: HubModel): readonly FieldSchema[] {
  const lines = new Map(mapping.lines.map((line) => [line.remote, line]));
  return fieldsRead(mapping).map((name) => {
    const line = lines.get(name);
    const type = line === undefined ? undefined : model.get(mapping.hub)?.fields.get(line.hub)?.type;
    return { name, label: name, type: typeOf(type), writable: false, required: false, maxLength: null, choices: null };
  });
}

function typeOf(type: string | undefined): FieldType {
  if (type === 'reference' || type === 'references' || type === 'choices') return type;
  return type === 'number' || type === 'boolean' || type === 'date' || type === 'datetime' ? type : 'text';
}
