import { type Context, Hono } from 'hono';
import { asObject } from '../api/exchange.ts';
import type { Hand } from '../hand.ts';
import { bodyOf, textIn, textsIn } from './given.ts';

/** What a person does to one record that needs no more than to be named. */
const ACTS = ['remove', 'undelete', 'touch', 'archive', 'purge'] as const;

/** Records of any object, made and changed as people and the platform do it. */
export function recordCalls(hand: Hand): Hono {
  const calls = new Hono();
  const id = (c: Context) => c.req.param('id') ?? '';
  calls.get('/objects/:object', (c) => c.json({ records: hand.all(c.req.param('object')) }));
  calls.post('/objects/:object', async (c) => {
    const { fields } = await bodyOf(c);
    return c.json({ id: hand.create(c.req.param('object'), asObject(fields)) }, 201);
  });
  calls.get('/records/:id', (c) => c.json(hand.get(id(c))));
  calls.patch('/records/:id', async (c) => {
    const { fields, by } = await bodyOf(c);
    hand.edit(id(c), asObject(fields), by === undefined ? undefined : textIn(by, 'by'));
    return c.json(hand.get(id(c)));
  });
  for (const act of ACTS) {
    calls.post(`/records/:id/${act}`, (c) => {
      hand[act](id(c));
      return c.body(null, 204);
    });
  }
  calls.post('/records/:id/merge', async (c) => {
    hand.merge(id(c), textsIn((await bodyOf(c)).losers, 'losers'));
    return c.json(hand.get(id(c)));
  });
  calls.post('/records/:id/convert', async (c) => {
    const { contactId, accountId, opportunityId, doNotCreateOpportunity } = await bodyOf(c);
    const named = Object.entries({ contactId, accountId, opportunityId }).filter(([, value]) => typeof value === 'string');
    const into = { ...Object.fromEntries(named), ...(doNotCreateOpportunity === true ? { doNotCreateOpportunity } : {}) };
    return c.json(hand.convert(id(c), into));
  });
  return calls;
}
