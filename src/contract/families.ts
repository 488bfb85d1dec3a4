import { must } from '../kernel/must.ts';
import type { AnyPort, AnyPorts, Connector, Session } from './connector.ts';
import type { ObjectTraits } from './manifest.ts';

/** An object that a mapping names, and the one over there that it is a part of, or itself. */
type Named = { readonly object: string; readonly of: string };

/**
 * The connectors with an object for each name that one of their families covers, and for each part of an object. `named` gives what the mappings
 * name, by connector.
 */
export function withFamilies(
  connectors: ReadonlyMap<string, Connector>,
  named: (connector: string) => Iterable<Named>,
): ReadonlyMap<string, Connector> {
  return new Map([...connectors].map(([id, connector]) => [id, withObjects(connector, named(id))]));
}

/** `of`: the object whose port it shares; or the family that makes it one, by its own name there. */
type Member = { readonly object: string; readonly traits: ObjectTraits; readonly port: (ports: AnyPorts) => AnyPort };

function withObjects(connector: Connector, names: Iterable<Named>): Connector {
  const { objects } = connector.manifest;
  const members = [...names].flatMap((named): Member[] => {
    if (Object.hasOwn(objects, named.object)) return [];
    const found = memberOf(connector, named.of);
    if (found === null) return [];
    return [{ ...found, object: named.object, traits: named.of === named.object ? found.traits : partOf(found.traits) }];
  });
  if (members.length === 0) return connector;
  const traits = Object.fromEntries(members.map((member) => [member.object, member.traits]));
  return {
    ...connector,
    manifest: { ...connector.manifest, objects: { ...objects, ...traits } },
    open: (session: Session) => openMembers(connector.open(session), members),
  };
}

/** The traits of an object or of a member of a family, and where its port is. */
function memberOf({ manifest: { objects, families = {} } }: Connector, object: string): Omit<Member, 'object'> | null {
  const traits = objects[object];
  if (traits !== undefined) return { traits, port: (ports) => must(ports.objects[object], `the port ${object}`) };
  const family = Object.keys(families).find((prefix) => object.startsWith(prefix) && object.length > prefix.length);
  if (family === undefined) return null;
  const open = (ports: AnyPorts) => must(ports.families?.[family], `the family ${family}`)(object.slice(family.length));
  return { traits: must(families[family], family), port: open };
}

const partOf = (traits: ObjectTraits): ObjectTraits => ({ ...traits, read: { ...traits.read, only: 'ours' } });

function openMembers(ports: AnyPorts, members: readonly Member[]): AnyPorts {
  const opened = members.map(({ object, port }): [string, AnyPort] => [object, port(ports)]);
  return { ...ports, objects: { ...ports.objects, ...Object.fromEntries(opened) } };
}
