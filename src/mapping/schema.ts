import { z } from 'zod';
import { benchmarkDocument, entityDocument, hubDocument } from './document.ts';
import { responseDocument } from './response-document.ts';

const SCHEMAS = {
  'hub.schema.json': { schema: hubDocument, title: 'The objects and fields of the hub' },
  'entity.schema.json': { schema: entityDocument, title: 'Which field of a system is which field of the hub' },
  'response.schema.json': { schema: responseDocument, title: 'How survey responses find their contact and count' },
  'benchmarks.schema.json': { schema: benchmarkDocument, title: 'What others reach, with source and year' },
} as const;

/** The JSON Schemas by which editors complete and check the YAML files, by file name. */
export function jsonSchemas(): ReadonlyMap<string, string> {
  return new Map(
    Object.entries(SCHEMAS).map(([file, { schema, title }]) => {
      return [file, `${JSON.stringify({ title, ...z.toJSONSchema(schema, { io: 'input' }) }, null, 2)}\n`];
    }),
  );
}
