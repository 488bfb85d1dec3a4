import { type Context, Hono } from 'hono';
import { html } from 'hono/html';
import { must } from '../../../../src/kernel/must.ts';
import { type Html, layout, notice } from '../../../../src/sandbox/page/layout.ts';
import { requestsSections, troublesSection } from '../../../../src/sandbox/page/overview.ts';
import { readTrouble } from '../../../../src/sandbox/page/troubles.ts';
import type { Hand } from '../hand.ts';
import { longId } from '../ids.ts';
import type { Org } from '../org.ts';
import { Refusal } from '../refusal.ts';
import { type Field, isNumeric } from '../schema/field.ts';
import type { ObjectSchema } from '../schema/org-schemas.ts';
import type { Control } from './front.ts';
import { listSection, recordSections, textOf, titleOf, writableOf } from './record-page.ts';

type Texts = Readonly<Record<string, string>>;

const formOf = async (c: Context): Promise<Texts> => Object.fromEntries(new URLSearchParams(await c.req.text()));

type Shown = { readonly title: string; readonly current: string | null; readonly sections: readonly Html[]; readonly refused?: string };

function page(org: Org, c: Context, { title, current, sections, refused }: Shown) {
  const objects = org.objects('data').map(({ name }) => name);
  const frame = { title, system: 'Salesforce', account: `org ${org.id}`, now: new Date(org.now()).toISOString(), objects, current };
  return c.html(layout(frame, [notice(c.req.query('said'), refused), ...sections]), refused === undefined ? 200 : 400);
}

/** Where the server sends a form back to, with a sentence. */
const backTo = (c: Context, path: string, said: string): Response => c.redirect(`/_sandbox${path}?${new URLSearchParams({ said })}`, 303);

function overview(org: Org, { hand, troubles, requests }: Control, c: Context) {
  const counts = org.objects('data').map(({ name, keyPrefix }) => {
    const rows = hand.all(name);
    const binned = rows.filter(({ IsDeleted }) => IsDeleted).length;
    return html`<tr><td><a href="/_sandbox/objects/${name}">${name}</a></td><td class="code">${keyPrefix}</td><td class="number">${rows.length - binned}</td><td class="number">${binned}</td></tr>`;
  });
  const records = html`<section><h2>Records</h2>
<table><thead><tr><th>Object</th><th>Prefix</th><th class="number">There</th><th class="number">In the bin</th></tr></thead><tbody>${counts}</tbody></table></section>`;
  const time = html`<section><h2>Time and others</h2>
<form class="row" method="post" action="/_sandbox/clock"><label>Seconds<input name="seconds" type="number" min="1" value="60"></label><button>Let them pass</button></form>
<form class="row" method="post" action="/_sandbox/elsewhere"><label>Calls<input name="count" type="number" min="1" value="1000"></label><button>Let others make them</button></form>
<form class="row" method="post" action="/_sandbox/sessions"><button>End all sessions</button></form></section>`;
  const sections = [records, troublesSection(troubles), time, ...requestsSections(requests.total, requests.counts(), requests.last())];
  return page(org, c, { title: 'Overview', current: null, sections });
}

/** The object that a record belongs to. */
function schemaOf(org: Org, id: string): ObjectSchema {
  return org.schema(must(org.store.objectOf(longId(id)), `record ${id}`));
}

function showRecord(org: Org, c: Context, { hand, id, tried = {}, refused }: { hand: Hand; id: string; tried?: Texts; refused?: string }) {
  const [schema, record] = [schemaOf(org, id), hand.get(id)];
  const sections = recordSections(org, schema, { record, tried });
  return page(org, c, { title: titleOf(schema, record), current: schema.name, sections, ...(refused === undefined ? {} : { refused }) });
}

type Given = string | number | boolean | null;

/** Only what the person changed is written, as in the vendor's own form; an empty field is cleared. */
function changed(org: Org, hand: Hand, { id, form }: { readonly id: string; readonly form: Texts }): Readonly<Record<string, Given>> {
  const record = hand.get(id);
  const entries = writableOf(schemaOf(org, id)).flatMap((field): (readonly [string, Given])[] => {
    const value = form[field.name]?.replaceAll('\r\n', '\n');
    return value === undefined || value === textOf(record[field.name]) ? [] : [[field.name, givenIn(value, field)]];
  });
  return Object.fromEntries(entries);
}

function givenIn(value: string, field: Field): Given {
  if (field.type === 'boolean') return value === 'true';
  if (value === '') return null;
  return isNumeric(field) && !Number.isNaN(Number(value)) ? Number(value) : value;
}

type Act = (id: string, form: Texts) => string;

function actsOf(org: Org, hand: Hand): Readonly<Record<string, Act>> {
  const simply = (act: (id: string) => void, said: string) => (id: string) => {
    act(id);
    return said;
  };
  return {
    '': (id, form) => {
      hand.edit(id, changed(org, hand, { id, form }));
      return 'Saved.';
    },
    '/remove': simply(hand.remove, 'In the recycle bin now.'),
    '/undelete': simply(hand.undelete, 'Undeleted.'),
    '/touch': simply(hand.touch, 'Only its SystemModstamp has moved.'),
    '/merge': (id, { loser = '' }) => {
      hand.merge(id, [loser.trim()]);
      return `${loser} lives on as this one.`;
    },
    '/convert': (id) => `Converted into ${hand.convert(id).contactId}.`,
  };
}

function recordPages(app: Hono, org: Org, hand: Hand): void {
  app.get('/records/:id', (c) => showRecord(org, c, { hand, id: c.req.param('id') }));
  app.post('/records/:id/purge', (c) => {
    const { name } = schemaOf(org, c.req.param('id'));
    hand.purge(c.req.param('id'));
    return backTo(c, `/objects/${name}`, 'Gone for good.');
  });
  for (const [ending, act] of Object.entries(actsOf(org, hand))) {
    app.post(`/records/:id${ending}`, async (c) => {
      const [id, form] = [c.req.param('id') ?? '', await formOf(c)];
      try {
        return backTo(c, `/records/${id}`, act(id, form));
      } catch (error) {
        if (!(error instanceof Refusal)) throw error;
        return showRecord(org, c, { hand, id, tried: ending === '' ? form : {}, refused: error.message });
      }
    });
  }
}

/** The page to look into the org and to act in it as a person would; it works without JavaScript. */
export function pages(org: Org, control: Control): Hono {
  const { hand, troubles } = control;
  const app = new Hono();
  app.get('/', (c) => overview(org, control, c));
  app.get('/objects/:object', (c) => {
    const schema = org.schema(c.req.param('object'), 404);
    const { q = '', from = '', deleted } = c.req.query();
    const asked = { query: q.trim(), from: Number(from) || 0, deleted: deleted === 'true' };
    return page(org, c, { title: schema.name, current: schema.name, sections: [listSection(schema, hand.all(schema.name), asked)] });
  });
  recordPages(app, org, hand);
  app.post('/troubles', async (c) => backTo(c, '', `Trouble "${troubles.start(readTrouble(await formOf(c))).kind}" has started.`));
  app.post('/troubles/:id/end', (c) => {
    troubles.end(Number(c.req.param('id')));
    return backTo(c, '', 'That trouble is over.');
  });
  app.post('/clock', async (c) => {
    const { seconds = '0' } = await formOf(c);
    org.wind(Number(seconds) * 1000);
    return backTo(c, '', `${seconds} seconds have passed.`);
  });
  app.post('/elsewhere', async (c) => {
    const { count = '0' } = await formOf(c);
    hand.callElsewhere(Number(count));
    return backTo(c, '', `Others have made ${count} calls.`);
  });
  app.post('/sessions', (c) => {
    hand.expireTokens();
    return backTo(c, '', 'All sessions have ended.');
  });
  return app;
}
