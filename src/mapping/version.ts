import type { Json } from '../kernel/json.ts';
import type { Mapping } from './mappings.ts';

/** A mapping as plain data, without the file that it came from: two mappings that do the same are the same document. */
export function documentOf(mapping: Mapping): Json {
  const { file: _, ...rest } = mapping;
  const plain =
    rest.kind === 'response' ? rest : { ...rest, lines: rest.lines.map(({ codec, ...line }) => ({ ...line, codec: codec.spec ?? null })) };
  return JSON.parse(JSON.stringify(plain)) as Json;
}
