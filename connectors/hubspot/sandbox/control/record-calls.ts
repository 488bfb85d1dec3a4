import { type Context, Hono } from 'hono';
import type { Portal } from '../portal/portal.ts';
import { notFound } from '../wire/refusal.ts';
import { object, optionalText, type Shape, text, texts } from '../wire/shapes.ts';
import type { Hands } from './hands.ts';

const asText = ([name, value]: readonly [string, unknown]): readonly [string, string] => [name, value === null ? '' : String(value)];
const propertiesIn = (body: Shape) => Object.fromEntries(Object.entries(object(body.properties, 'properties')).map(asText));
const bodyOf = async (c: Context): Promise<Shape> => object(await c.req.json(), 'the body');

function namedIn(raw: unknown, what: string): { readonly object: string; readonly id: string } {
  const { object: name, id } = object(raw, what);
  return { object: text(name, `${what}.object`), id: text(id, `${what}.id`) };
}

/** What a person does to records, by calls without limits and lag. */
export function recordCalls(portal: Portal, hands: Hands): Hono {
  const calls = new Hono();
  const handOf = (c: Context) => hands.records(portal.types.named(c.req.param('object') ?? '').name);
  const idOf = (c: Context) => c.req.param('id') ?? '';
  calls.get('/objects/:object', (c) => c.json({ results: handOf(c).all() }));
  calls.post('/objects/:object', async (c) => c.json({ id: handOf(c).add(propertiesIn(await bodyOf(c))) }, 201));
  calls.post('/objects/:object/merge', async (c) => {
    const { primaryId, otherId } = await bodyOf(c);
    return c.json({ id: handOf(c).merge(text(primaryId, 'primaryId'), text(otherId, 'otherId')) });
  });
  calls.get('/objects/:object/:id', (c) => {
    const record = handOf(c).get(idOf(c));
    if (record === undefined) throw notFound();
    return c.json(record);
  });
  calls.patch('/objects/:object/:id', async (c) => {
    const body = await bodyOf(c);
    return c.json(handOf(c).edit(idOf(c), propertiesIn(body), optionalText(body.by, 'by')));
  });
  for (const act of ['remove', 'restore', 'erase'] as const) {
    calls.post(`/objects/:object/:id/${act}`, (c) => {
      handOf(c)[act](idOf(c));
      return c.body(null, 204);
    });
  }
  calls.post('/ties', async (c) => {
    const body = await bodyOf(c);
    const labels = body.labels === undefined ? {} : { labels: texts(body.labels, 'labels') };
    const primary = typeof body.primary === 'boolean' ? { primary: body.primary } : {};
    hands.tieAny(namedIn(body.from, 'from'), namedIn(body.to, 'to'), { ...labels, ...primary });
    return c.body(null, 204);
  });
  calls.post('/ties/remove', async (c) => {
    const body = await bodyOf(c);
    hands.untieAny(namedIn(body.from, 'from'), namedIn(body.to, 'to'));
    return c.body(null, 204);
  });
  return calls;
}
