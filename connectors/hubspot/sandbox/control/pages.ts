import { type Context, Hono } from 'hono';
import { type Html, layout, notice } from '../../../../src/sandbox/page/layout.ts';
import { requestsSections, troublesSection } from '../../../../src/sandbox/page/overview.ts';
import { readTrouble } from '../../../../src/sandbox/page/troubles.ts';
import { type Portal, type Table, tableNamed } from '../portal/portal.ts';
import { notFound, Refusal } from '../wire/refusal.ts';
import type { Hands } from './hands.ts';
import { listSection } from './list-page.ts';
import { lifeSection, objectsSection } from './overview-page.ts';
import { recordSections } from './record-page.ts';

type Texts = Readonly<Record<string, string>>;

async function formOf(c: Context): Promise<Texts> {
  return Object.fromEntries(new URLSearchParams(await c.req.text()));
}

/** A page of the sandbox with what was just said. */
function page(
  portal: Portal,
  c: Context,
  { title, current, sections, refused }: { title: string; current: string | null; sections: readonly Html[]; refused?: string },
) {
  const frame = {
    title,
    system: 'HubSpot',
    account: `account ${portal.id}`,
    now: portal.now().toISOString(),
    objects: portal.types.all().map(({ name }) => name),
    current,
  };
  return c.html(layout(frame, [notice(c.req.query('said'), refused), ...sections]), refused === undefined ? 200 : 400);
}

/** What an act says that cannot be done, in words for a person. */
function tryAct(act: () => string): { readonly done: string } | { readonly refused: string } {
  try {
    return { done: act() };
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return { refused: (error.body.errors ?? []).map(({ message }) => message).join(' ') || error.message };
  }
}

/** Where the server sends a form back to, with a sentence. */
function backTo(c: Context, path: string, said: string): Response {
  return c.redirect(`/_sandbox${path}?${new URLSearchParams({ said }).toString()}`, 303);
}

function overview(portal: Portal, hands: Hands, c: Context) {
  const counts = portal.types.all().map((type) => [type.name, type.typeId, portal.table(type).records.count()] as const);
  const { total } = hands.requests;
  const sections = [
    objectsSection(counts),
    troublesSection(hands.troubles),
    lifeSection({ ...hands.webhooks.counts(), log: hands.webhooks.log() }),
    ...requestsSections(total, hands.requests.counts(), hands.requests.last()),
  ];
  return page(portal, c, { title: 'Overview', current: null, sections });
}

function showRecord(
  portal: Portal,
  c: Context,
  { table, id, tried = {}, refused }: { table: Table; id: string; tried?: Texts; refused?: string },
) {
  const record = table.records.at(table.records.resolve(id));
  if (record === undefined) throw notFound();
  const sections = recordSections(portal, table, { record, tried });
  return page(portal, c, {
    title: `${table.type.singular} ${id}`,
    current: table.type.name,
    sections,
    ...(refused === undefined ? {} : { refused }),
  });
}

/** Only what the person changed is written, as in the vendor's own form. */
function changed({ records }: Table, id: string, form: Texts): Texts {
  const before = records.at(id)?.properties ?? {};
  return Object.fromEntries(Object.entries(form).filter(([name, value]) => (before[name] ?? '') !== value.replaceAll('\r\n', '\n')));
}

function recordPages(app: Hono, portal: Portal, hands: Hands): void {
  const path = '/objects/:object/:id';
  const tableOf = (c: Context) => tableNamed(portal, c.req.param('object') ?? '');
  app.get(path, (c) => showRecord(portal, c, { table: tableOf(c), id: c.req.param('id') }));
  const acts: Readonly<
    Record<string, (hand: ReturnType<Hands['records']>, id: string, form: Texts) => readonly [id: string, said: string]>
  > = {
    '': (hand, id, form) => [hand.edit(id, form).id, 'Saved.'],
    '/archive': (hand, id) => {
      hand.remove(id);
      return [id, 'In the bin now.'];
    },
    '/restore': (hand, id) => {
      hand.restore(id);
      return [id, 'Restored.'];
    },
    '/merge': (hand, id, { otherId = '' }) => {
      const merged = hand.merge(id, otherId.trim());
      return [merged, `Merged into ${merged}.`];
    },
  };
  for (const [ending, act] of Object.entries(acts)) {
    app.post(`${path}${ending}`, async (c) => {
      const [table, id, form] = [tableOf(c), c.req.param('id') ?? '', await formOf(c)];
      let at = id;
      const tried = tryAct(() => {
        const [after, said] = act(hands.records(table.type.name), id, ending === '' ? changed(table, id, form) : form);
        at = after;
        return said;
      });
      if ('refused' in tried) return showRecord(portal, c, { table, id, tried: ending === '' ? form : {}, refused: tried.refused });
      return backTo(c, `/objects/${table.type.name}/${at}`, tried.done);
    });
  }
}

/** The page to look into the portal and to act in it as a person would; it works without JavaScript. */
export function pages(portal: Portal, hands: Hands): Hono {
  const app = new Hono();
  app.get('/', (c) => overview(portal, hands, c));
  app.get('/objects/:object', (c) => {
    const table = tableNamed(portal, c.req.param('object'));
    const { q = '', after = '', archived } = c.req.query();
    const asked = { query: q.trim(), after: Number(after) || 0, archived: archived === 'true' };
    return page(portal, c, { title: table.type.name, current: table.type.name, sections: [listSection(table, asked)] });
  });
  recordPages(app, portal, hands);
  app.post('/troubles', async (c) => {
    const { kind } = hands.troubles.start(readTrouble(await formOf(c)));
    return backTo(c, '', `Trouble "${kind}" has started.`);
  });
  app.post('/troubles/:id/end', (c) => {
    hands.troubles.end(Number(c.req.param('id')));
    return backTo(c, '', 'That trouble is over.');
  });
  app.post('/clock', async (c) => {
    const { seconds = '0' } = await formOf(c);
    hands.wind(Number(seconds) * 1000);
    return backTo(c, '', `${seconds} seconds have passed.`);
  });
  app.post('/noise', async (c) => {
    const { kind = '', count = '0' } = await formOf(c);
    return backTo(c, '', `${hands.noise(kind, Number(count))} contacts were moved.`);
  });
  return app;
}
