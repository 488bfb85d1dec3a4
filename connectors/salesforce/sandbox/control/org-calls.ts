import { Hono } from 'hono';
import { readTrouble } from '../../../../src/sandbox/page/troubles.ts';
import type { Barrier } from '../oauth/app-access.ts';
import type { Org } from '../org.ts';
import type { Control } from './front.ts';
import { bodyOf, textIn } from './given.ts';

/** What happens to the org as a whole: time, troubles, what its admin changes, and the calls of others. */
export function orgCalls(org: Org, { hand, troubles, requests }: Control): Hono {
  const calls = new Hono();
  calls.get('/state', (c) =>
    c.json({
      now: new Date(org.now()).toISOString(),
      objects: Object.fromEntries(org.objects('data').map(({ name }) => [name, hand.ids(name).length])),
      requests: requests.total,
      troubles: troubles.all(),
    }),
  );
  calls.post('/clock', async (c) => {
    org.wind(Number((await bodyOf(c)).ms));
    return c.json({ now: new Date(org.now()).toISOString() });
  });
  calls.get('/troubles', (c) => c.json({ results: troubles.all() }));
  calls.post('/troubles', async (c) => c.json(troubles.start(readTrouble(await c.req.json())), 201));
  calls.delete('/troubles', (c) => {
    troubles.end();
    return c.body(null, 204);
  });
  calls.get('/requests', (c) => c.json({ total: requests.total, counts: requests.counts(), last: requests.last() }));
  calls.delete('/requests', (c) => {
    requests.forget();
    return c.body(null, 204);
  });
  adminCalls(calls, hand);
  return calls;
}

function adminCalls(calls: Hono, hand: Control['hand']): void {
  const { access } = hand;
  const told = (path: string, act: (body: Readonly<Record<string, unknown>>) => void) =>
    calls.post(path, async (c) => {
      act(await bodyOf(c));
      return c.body(null, 204);
    });
  told('/limits/elsewhere', ({ count }) => hand.callElsewhere(Number(count)));
  told('/fields', ({ path, visible, editable }) => {
    if (typeof visible === 'boolean') hand.setVisible(textIn(path, 'path'), visible);
    if (typeof editable === 'boolean') hand.setEditable(textIn(path, 'path'), editable);
  });
  told('/rules', ({ object, field, equals, message }) => {
    const [name, said] = [textIn(field, 'field'), textIn(message, 'message')];
    hand.forbid(textIn(object, 'object'), (row) => (row[name] === equals ? said : null));
  });
  told('/users/deactivate', ({ id }) => hand.deactivate(textIn(id, 'id')));
  told('/app', ({ barrier, apiOff, movedTo, certificate }) => {
    if (barrier !== undefined) access.bar(barrier as Barrier | null);
    if (typeof apiOff === 'boolean') access.setApiOff(apiOff);
    if (movedTo !== undefined) access.moveTo(textIn(movedTo, 'movedTo'));
    if (certificate !== undefined) access.trust(textIn(certificate, 'certificate'));
  });
  calls.post('/tokens/expire', (c) => {
    hand.expireTokens();
    return c.body(null, 204);
  });
  calls.post('/tokens/refresh', (c) => c.json({ refresh_token: hand.issueRefreshToken() }, 201));
}
