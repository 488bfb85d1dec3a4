import type { FieldSchema } from '../../contract/connector.ts';
import { readStart } from '../../hub/connections/guided-start.ts';
import type { HubObject, Line } from '../../mapping/mapping.ts';
import { isComputed } from '../../mapping/mapping.ts';
import { mappingFor } from '../../mapping/mappings.ts';
import type { AppParts } from '../parts.ts';
import { chosenStreams, type StartStream } from './state.ts';

type Kept = StartStream & {
  readonly lines: readonly Line[];
  readonly on: readonly (readonly string[])[];
  readonly schema: readonly FieldSchema[];
};

/** What the mappings say of the objects that were chosen, by object of the hub. */
export async function startMapping({ hub, mappings }: Pick<AppParts, 'hub' | 'mappings'>) {
  const start = await readStart(hub);
  const all = mappings();
  const connectors = new Map(
    (await hub.selectFrom('connection').select(['id', 'connector']).execute()).map((row) => [row.id, row.connector]),
  );
  const schemas = await hub.selectFrom('stream').select(['connection_id', 'object', 'schema']).execute();
  const kept = (await chosenStreams(hub, start)).flatMap((stream): Kept[] => {
    const mapping = mappingFor(all, { connector: connectors.get(stream.connectionId) ?? '', name: stream.connection }, stream.object);
    if (mapping?.kind !== 'entity') return [];
    const schema = schemas.find((row) => row.connection_id === stream.connectionId && row.object === stream.object)?.schema ?? [];
    return [{ ...stream, lines: mapping.lines, on: mapping.match.map(({ on }) => on), schema }];
  });
  return {
    objects: [...all.model.values()].flatMap((object) =>
      toldOf(
        object,
        kept.filter(({ hubObject }) => hubObject === object.name),
      ),
    ),
  };
}

function toldOf(object: HubObject, kept: readonly Kept[]) {
  if (kept.length === 0) return [];
  const label = (name: string): string => object.fields.get(name)?.label ?? name;
  return [
    {
      object: object.name,
      keys: kept.map(({ connection, on }) => ({ connection, on: on.map((names) => names.map(label)) })),
      fields: [...object.fields.values()].flatMap((field) => {
        const sides = kept.flatMap((one) =>
          one.lines.filter(({ hub, direction }) => hub === field.name && direction !== 'off').map((line) => sideOf(one, line)),
        );
        return sides.length === 0 ? [] : [{ name: field.name, label: field.label, computed: isComputed(field), sides }];
      }),
    },
  ];
}

const sideOf = ({ connection, object, schema }: Kept, { remote, direction, rule }: Line) => ({
  connection,
  object,
  remote,
  label: schema.find(({ name }) => name === remote)?.label ?? null,
  direction,
  rule,
});
