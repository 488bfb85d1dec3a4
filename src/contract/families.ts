import { must } from '../kernel/must.ts';
import type { AnyPort, AnyPorts, Connector, Session } from './connector.ts';

/** The connectors with an object for each name that one of their families covers. `named` gives the names, by connector. */
export function withFamilies(
  connectors: ReadonlyMap<string, Connector>,
  named: (connector: string) => Iterable<string>,
): ReadonlyMap<string, Connector> {
  return new Map([...connectors].map(([id, connector]) => [id, withObjects(connector, named(id))]));
}

type Member = { readonly object: string; readonly family: string };

function withObjects(connector: Connector, names: Iterable<string>): Connector {
  const { objects, families = {} } = connector.manifest;
  const prefixes = Object.keys(families);
  const members = [...names].flatMap((object): Member[] => {
    if (Object.hasOwn(objects, object)) return [];
    const family = prefixes.find((prefix) => object.startsWith(prefix) && object.length > prefix.length);
    return family === undefined ? [] : [{ object, family }];
  });
  if (members.length === 0) return connector;
  const traits = members.map(({ object, family }) => [object, must(families[family], family)] as const);
  return {
    ...connector,
    manifest: { ...connector.manifest, objects: { ...objects, ...Object.fromEntries(traits) } },
    open: (session: Session) => openMembers(connector.open(session), members),
  };
}

function openMembers(ports: AnyPorts, members: readonly Member[]): AnyPorts {
  const opened = members.map(({ object, family }): [string, AnyPort] => {
    const open = must(ports.families?.[family], `the family ${family}`);
    return [object, open(object.slice(family.length))];
  });
  return { ...ports, objects: { ...ports.objects, ...Object.fromEntries(opened) } };
}
