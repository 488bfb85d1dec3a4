import { type Right, schemaScopes } from '../access/scopes.ts';
import type { Portal } from '../portal/portal.ts';
import type { Schema } from '../schema/schema.ts';
import { type Api, attempt, batchAnswer, type Call, demandRight, pathPart, readBody, rowError } from '../wire/requests.ts';
import { inputsOf, text } from '../wire/shapes.ts';

const INPUTS_MAX = 100;

function schemaOf(portal: Portal, c: Call, right: Right): Schema {
  const type = portal.types.named(pathPart(c, 'type'));
  demandRight(c, schemaScopes(type, right, c.get('version')));
  return portal.table(type).schema;
}

function list(portal: Portal, c: Call): Response {
  const sensitivity = c.req.query('dataSensitivity') ?? 'non_sensitive';
  const found = schemaOf(portal, c, 'read').list(c.req.query('archived') === 'true');
  return c.json({ results: found.filter((one) => one.dataSensitivity === sensitivity) });
}

async function createBatch(portal: Portal, c: Call): Promise<Response> {
  const schema = schemaOf(portal, c, 'write');
  const at = portal.now().toISOString();
  const tries = inputsOf(await readBody(c), INPUTS_MAX).map((input) => ({ input, tried: attempt(() => schema.define(input, at)) }));
  return batchAnswer(portal, c, {
    results: tries.flatMap(({ tried }) => ('done' in tried ? [tried.done] : [])),
    errors: tries.flatMap(({ input, tried }) => ('refused' in tried ? [rowError(tried.refused, { name: [String(input.name)] })] : [])),
    done: 201,
  });
}

async function readBatch(portal: Portal, c: Call): Promise<Response> {
  const schema = schemaOf(portal, c, 'read');
  const body = await readBody(c);
  const names = inputsOf(body, INPUTS_MAX).map((input) => text(input.name, 'name'));
  const tries = names.map((name) => ({ name, tried: attempt(() => schema.get(name, body.archived === true)) }));
  return batchAnswer(portal, c, {
    results: tries.flatMap(({ tried }) => ('done' in tried ? [tried.done] : [])),
    errors: tries.flatMap(({ name, tried }) => ('refused' in tried ? [rowError(tried.refused, { name: [name] })] : [])),
    done: 200,
  });
}

function groupRoutes(api: Api, portal: Portal): void {
  const path = '/crm/v3/properties/:type/groups';
  api.get(path, (c) => c.json({ results: schemaOf(portal, c, 'read').groups.all() }));
  api.post(path, async (c) => c.json(schemaOf(portal, c, 'write').groups.add(await readBody(c)), 201));
  api.get(`${path}/:name`, (c) => c.json(schemaOf(portal, c, 'read').groups.get(pathPart(c, 'name'))));
  api.patch(`${path}/:name`, async (c) => c.json(schemaOf(portal, c, 'write').groups.change(pathPart(c, 'name'), await readBody(c))));
  api.delete(`${path}/:name`, (c) => {
    schemaOf(portal, c, 'write').removeGroup(pathPart(c, 'name'));
    return c.body(null, 204);
  });
}

/** Property definitions and their groups. */
export function propertyRoutes(api: Api, portal: Portal): void {
  const path = '/crm/v3/properties/:type';
  groupRoutes(api, portal);
  api.get(path, (c) => list(portal, c));
  api.post(path, async (c) => c.json(schemaOf(portal, c, 'write').define(await readBody(c), portal.now().toISOString()), 201));
  api.post(`${path}/batch/create`, (c) => createBatch(portal, c));
  api.post(`${path}/batch/read`, (c) => readBatch(portal, c));
  api.post(`${path}/batch/archive`, async (c) => {
    const schema = schemaOf(portal, c, 'write');
    for (const input of inputsOf(await readBody(c), INPUTS_MAX)) schema.archive(text(input.name, 'name'), portal.now().toISOString());
    return c.body(null, 204);
  });
  api.get(`${path}/:name`, (c) => c.json(schemaOf(portal, c, 'read').get(pathPart(c, 'name'), c.req.query('archived') === 'true')));
  api.patch(`${path}/:name`, async (c) => {
    const schema = schemaOf(portal, c, 'write');
    return c.json(schema.change(pathPart(c, 'name'), await readBody(c), portal.now().toISOString()));
  });
  api.delete(`${path}/:name`, (c) => {
    schemaOf(portal, c, 'write').archive(pathPart(c, 'name'), portal.now().toISOString());
    return c.body(null, 204);
  });
}
