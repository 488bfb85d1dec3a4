import { createRoute, z } from '@hono/zod-openapi';
import { listConnections } from '../../hub/connections/connections.ts';
import { mappingSet } from '../../hub/mappings/texts.ts';
import {
  type MappingListed as Listed,
  listMappings,
  listMappingVersions,
  readMapping,
  readMappingVersion,
} from '../../hub/views/mappings.ts';
import { difference } from '../../mapping/editing/difference.ts';
import type { Mappings } from '../../mapping/mappings.ts';
import { readYaml } from '../../mapping/yaml.ts';
import { afterOf, ById, Listing, listed } from '../listing.ts';
import { answers, found, newApi } from '../operation.ts';
import type { AppParts } from '../parts.ts';
import { Problem } from '../problem.ts';
import { allow } from '../security/operator.ts';
import { listOf } from '../shapes/common.ts';
import { ByName, Mapping, MappingDifference, MappingFolder, MappingListed, MappingVersion } from '../shapes/mappings.ts';

const tags = ['mappings'];
const list = createRoute({
  method: 'get',
  path: '/mappings',
  tags,
  summary: 'Which documents say which field is which, and what is active of them',
  ...allow('viewer'),
  responses: answers(listOf(MappingListed), 'By name, with the fields of the hub first'),
});
const folder = createRoute({
  method: 'get',
  path: '/mappings/folder',
  tags,
  summary: 'The folder that mappings are taken from, and what is wrong with its files',
  ...allow('viewer'),
  responses: answers(MappingFolder, 'As it was when a process looked at it last'),
});
const read = createRoute({
  method: 'get',
  path: '/mappings/{name}',
  tags,
  summary: 'One document, as YAML and as JSON, with its draft',
  ...allow('viewer'),
  request: { params: ByName },
  responses: answers(Mapping, 'The document'),
});
const versions = createRoute({
  method: 'get',
  path: '/mappings/{name}/versions',
  tags,
  summary: 'The versions of a document, with author and reason',
  ...allow('viewer'),
  request: { params: ByName, query: Listing },
  responses: answers(listOf(MappingVersion), 'The latest first'),
});
const version = createRoute({
  method: 'get',
  path: '/mappings/{name}/versions/{id}',
  tags,
  summary: 'What a version says, and how it differs from another',
  ...allow('viewer'),
  request: { params: ByName.extend(ById.shape), query: z.object({ against: z.guid().optional() }) },
  responses: answers(MappingDifference, 'Compared with the version before it, or with the one that is named'),
});
const download = createRoute({
  method: 'get',
  path: '/mappings/{name}/file',
  tags,
  summary: 'The active version as a file',
  ...allow('viewer'),
  request: { params: ByName },
  responses: { 200: { description: 'YAML', content: { 'application/yaml': { schema: z.string() } } } },
});

/** What a document is for, as far as it is active. */
async function around({ hub, mappings }: Pick<AppParts, 'hub' | 'mappings'>) {
  const connections = await listConnections(hub);
  return (document: Listed) => {
    const mapping = mappingCalled(mappings(), document.name);
    const [connector, object, only] = document.name.replace(/\.yaml$/, '').split('.');
    const isMapping = object !== undefined;
    return {
      ...document,
      kind: mapping?.kind ?? (document.name === 'hub.yaml' ? ('hub' as const) : isMapping ? null : ('benchmarks' as const)),
      connector: isMapping ? (connector ?? null) : null,
      object: object ?? null,
      hubObject: mapping?.hub ?? null,
      lines: mapping?.kind === 'entity' ? mapping.lines.length : null,
      connections: connections
        .filter((one) => isMapping && one.connector === connector && (only === undefined || one.name === only))
        .map(({ id, name, enabled }) => ({ id, name, enabled })),
    };
  };
}

export const mappingCalled = ({ byStream }: Mappings, name: string) => byStream.get(name.replace(/\.yaml$/, ''));

/** A text as the document that it is; null where there is none, or it cannot be read. */
function documentIn(text: string | null, name: string) {
  const yaml = text === null ? null : readYaml(text, name);
  return yaml?.ok === true ? yaml.source.value : null;
}

/** Mappings as they are and were. */
export function mappingRoutes(parts: AppParts) {
  const { hub } = parts;
  const named = async (name: string) => found(await readMapping(hub, name), 'mapping');
  return newApi()
    .openapi(list, async (c) => c.json({ items: (await listMappings(hub)).map(await around(parts)), next: null }, 200))
    .openapi(folder, async (c) => {
      const { folder, folderProblems } = await mappingSet(hub);
      return c.json({ folder, problems: [...folderProblems] }, 200);
    })
    .openapi(read, async (c) => {
      const document = await named(c.req.valid('param').name);
      const { text, draftText, ...listed } = document;
      const view = (await around(parts))(listed);
      return c.json({ ...view, text, draftText, document: documentIn(text, document.name) }, 200);
    })
    .openapi(versions, async (c) => {
      const { name } = c.req.valid('param');
      await named(name);
      return c.json(
        listed('mapping-versions', await listMappingVersions(hub, name, afterOf('mapping-versions', c.req.valid('query')))),
        200,
      );
    })
    .openapi(version, async (c) => {
      const { name, id } = c.req.valid('param');
      const one = found(await readMappingVersion(hub, name, { id, ...c.req.valid('query') }), 'version');
      const { version: shown, text, before } = one;
      const documents = { document: documentIn(text, name), before: documentIn(before, name) };
      return c.json({ version: shown, text, ...documents, lines: difference(before ?? '', text ?? '') }, 200);
    })
    .openapi(download, async (c) => {
      const { name } = c.req.valid('param');
      const { text } = await named(name);
      if (text === null) throw new Problem(404, 'There is no active version of this mapping.');
      c.header('content-type', 'application/yaml; charset=utf-8');
      c.header('content-disposition', `attachment; filename="${name}"`);
      return c.body(text);
    });
}
