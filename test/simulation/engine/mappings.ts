import { parseHub } from '../../../src/mapping/hub.ts';
import type { EntityMapping, HubModel } from '../../../src/mapping/mapping.ts';
import type { Mappings } from '../../../src/mapping/mappings.ts';
import { parseMapping } from '../../../src/mapping/parse.ts';
import { type ConnectorShape, FIELDS, type Shape } from './shape.ts';

const HUB = `objects:
  contact:
    fields:
      email: { type: email, category: basic, sensitivity: personal, identity: email }
      last_name: { type: text, category: basic, sensitivity: personal, identity: name }
      name: { type: text, category: basic, sensitivity: personal }
      city: { type: text, category: basic, sensitivity: personal }
      note: { type: text, category: basic, sensitivity: personal }
      score: { type: number, category: basic, sensitivity: personal }
`;
let model: HubModel | null = null;

function hubModel(): HubModel {
  if (model !== null) return model;
  const parsed = parseHub(HUB, 'hub.yaml');
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
  model = parsed.model;
  return model;
}

/** The mappings of a history, as the product would read them from its files. */
export function mappingsOf(shape: Shape): Mappings {
  return {
    model: hubModel(),
    benchmarks: [],
    byStream: new Map(
      shape.connectors.map((connector) => {
        const file = `${connector.id}.contact.yaml`;
        const parsed = parseMapping(JSON.stringify(documentOf(shape, connector)), file, hubModel());
        if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
        return [`${connector.id}.contact`, parsed.mapping as EntityMapping] as const;
      }),
    ),
  };
}

function documentOf(shape: Shape, connector: ConnectorShape): object {
  return {
    connector: connector.id,
    object: 'contact',
    hub: 'contact',
    removed: connector.removed,
    match: [{ on: ['email'], confirm: ['last_name'] }],
    fields: FIELDS.map((hub) => {
      const { remote, direction, loss, known } = connector.fields[hub];
      const rule = shape.rules[hub];
      return {
        hub,
        remote,
        direction,
        rule: rule.kind === 'prefer' ? { prefer: rule.system } : rule.kind,
        nulls: shape.nulls[hub],
        ...(known && loss === 'lower' ? { transform: 'lower' } : {}),
      };
    }),
  };
}
