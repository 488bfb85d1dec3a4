import { demandScope } from '../access/scopes.ts';
import { objectTypeOf } from '../portal/object-types.ts';
import type { Portal } from '../portal/portal.ts';
import type { Schema } from '../schema/schema.ts';
import { type Api, attempt, batchAnswer, type Call, pathPart, readBody, rowError } from '../wire/requests.ts';
import { inputsOf, text } from '../wire/shapes.ts';

const INPUTS_MAX = 100;

function schemaOf(portal: Portal, c: Call, right: 'read' | 'write'): Schema {
  const type = objectTypeOf(pathPart(c, 'type'));
  const scopes = [`crm.schemas.${type.name}.${right}`];
  // To look, the right to read the records will do; to define, it will not.
  demandScope(portal.switches.missingScopes, ...scopes, ...(right === 'read' ? [`crm.objects.${type.name}.read`] : []));
  return portal.table(type).schema;
}

async function createBatch(portal: Portal, c: Call): Promise<Response> {
  const schema = schemaOf(portal, c, 'write');
  const at = portal.now().toISOString();
  const tries = inputsOf(await readBody(c), INPUTS_MAX).map((input) => ({ input, tried: attempt(() => schema.define(input, at)) }));
  return batchAnswer(c, at, {
    results: tries.flatMap(({ tried }) => ('done' in tried ? [tried.done] : [])),
    errors: tries.flatMap(({ input, tried }) => ('refused' in tried ? [rowError(tried.refused, { name: [String(input.name)] })] : [])),
    done: 201,
  });
}

async function readBatch(portal: Portal, c: Call): Promise<Response> {
  const schema = schemaOf(portal, c, 'read');
  const names = inputsOf(await readBody(c), INPUTS_MAX).map((input) => text(input.name, 'name'));
  const tries = names.map((name) => ({ name, tried: attempt(() => schema.get(name)) }));
  return batchAnswer(c, portal.now().toISOString(), {
    results: tries.flatMap(({ tried }) => ('done' in tried ? [tried.done] : [])),
    errors: tries.flatMap(({ name, tried }) => ('refused' in tried ? [rowError(tried.refused, { name: [name] })] : [])),
    done: 200,
  });
}

function groupRoutes(api: Api, portal: Portal): void {
  const path = '/crm/v3/properties/:type/groups';
  api.get(path, (c) => c.json({ results: schemaOf(portal, c, 'read').groups() }));
  api.post(path, async (c) => c.json(schemaOf(portal, c, 'write').addGroup(await readBody(c)), 201));
  api.delete(`${path}/:name`, (c) => {
    schemaOf(portal, c, 'write').removeGroup(pathPart(c, 'name'));
    return c.body(null, 204);
  });
}

/** Property definitions and their groups. */
export function propertyRoutes(api: Api, portal: Portal): void {
  const path = '/crm/v3/properties/:type';
  groupRoutes(api, portal);
  api.get(path, (c) => c.json({ results: schemaOf(portal, c, 'read').list(c.req.query('archived') === 'true') }));
  api.post(path, async (c) => c.json(schemaOf(portal, c, 'write').define(await readBody(c), portal.now().toISOString()), 201));
  api.post(`${path}/batch/create`, (c) => createBatch(portal, c));
  api.post(`${path}/batch/read`, (c) => readBatch(portal, c));
  api.post(`${path}/batch/archive`, async (c) => {
    const schema = schemaOf(portal, c, 'write');
    for (const input of inputsOf(await readBody(c), INPUTS_MAX)) schema.archive(text(input.name, 'name'));
    return c.body(null, 204);
  });
  api.get(`${path}/:name`, (c) => c.json(schemaOf(portal, c, 'read').get(pathPart(c, 'name'))));
  api.patch(`${path}/:name`, async (c) => {
    const schema = schemaOf(portal, c, 'write');
    return c.json(schema.change(pathPart(c, 'name'), await readBody(c), portal.now().toISOString()));
  });
  api.delete(`${path}/:name`, (c) => {
    schemaOf(portal, c, 'write').archive(pathPart(c, 'name'));
    return c.body(null, 204);
  });
}
