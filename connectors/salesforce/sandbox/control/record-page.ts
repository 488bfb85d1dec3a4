import { html } from 'hono/html';
import type { Html } from '../../../../src/sandbox/page/layout.ts';
import type { ShownRecord } from '../hand.ts';
import type { Org } from '../org.ts';
import type { Field } from '../schema/field.ts';
import type { ObjectSchema } from '../schema/org-schemas.ts';

const PAGE = 50;
const COLUMNS_MAX = 5;
/** What a person would look at first. */
const TELLING = [
  'FirstName',
  'LastName',
  'Name',
  'Subject',
  'Email',
  'Company',
  'StageName',
  'Status',
  'Amount',
  'Type',
  'MailingCity',
  'BillingCity',
];

export const textOf = (value: unknown): string => (value === null || value === undefined || typeof value === 'object' ? '' : String(value));

/** The name that a record goes by. */
export function titleOf(schema: ObjectSchema, record: ShownRecord): string {
  const named = [record.FirstName, record.LastName].map(textOf).filter((part) => part !== '');
  return named.join(' ') || textOf(record.Name) || textOf(record.Subject) || `${schema.label} ${record.Id}`;
}

export type Asked = { readonly query: string; readonly from: number; readonly deleted: boolean };

/** The records of an object in which a word stands. */
export function listSection(schema: ObjectSchema, records: readonly ShownRecord[], asked: Asked): Html {
  const words = asked.query.toLowerCase();
  const found = records.filter(
    (record) =>
      record.IsDeleted === asked.deleted &&
      (words === '' || Object.values(record).some((value) => textOf(value).toLowerCase().includes(words))),
  );
  const columns = TELLING.filter((name) => schema.fields.has(name.toLowerCase())).slice(0, COLUMNS_MAX);
  const rows = found
    .slice(asked.from, asked.from + PAGE)
    .map(
      (record) =>
        html`<tr><td class="code"><a href="/_sandbox/records/${record.Id}">${record.Id}</a></td>${columns.map((column) => html`<td>${textOf(record[column]).slice(0, 80)}</td>`)}<td class="code">${textOf(record.SystemModstamp)}</td></tr>`,
    );
  const more = new URLSearchParams({ q: asked.query, from: String(asked.from + PAGE), ...(asked.deleted ? { deleted: 'true' } : {}) });
  return html`<section class="wide"><h1>${schema.labelPlural}${asked.deleted ? ' in the recycle bin' : ''}</h1>
<form class="row" method="get"><label>Search<input name="q" type="search" value="${asked.query}" size="30"></label>
<label>Which<select name="deleted"><option value="">there</option><option value="true" ${asked.deleted ? 'selected' : ''}>in the bin</option></select></label>
<button class="main">Find</button></form>
${rows.length === 0 ? html`<p class="empty">Nothing found.</p>` : html`<table><thead><tr><th>Id</th>${columns.map((column) => html`<th>${column}</th>`)}<th>SystemModstamp</th></tr></thead><tbody>${rows}</tbody></table>`}
${found.length <= asked.from + PAGE ? '' : html`<p><a href="/_sandbox/objects/${schema.name}?${more.toString()}">More</a></p>`}</section>`;
}

function control(field: Field, value: string): Html {
  const { name, label, type, choices } = field;
  if (type === 'boolean')
    return html`<label>${label}<select name="${name}"><option value="false">no</option><option value="true" ${value === 'true' ? 'selected' : ''}>yes</option></select></label>`;
  if (type === 'picklist') {
    const options = [...new Set([...choices, ...(value === '' ? [] : [value])])];
    return html`<label>${label}<select name="${name}"><option value=""></option>${options.map((one) => html`<option ${one === value ? 'selected' : ''}>${one}</option>`)}</select></label>`;
  }
  if (type === 'textarea') return html`<label>${label}<textarea name="${name}">${value}</textarea></label>`;
  return html`<label>${label}<input name="${name}" value="${value}"></label>`;
}

/** The fields that a person may write. */
export const writableOf = (schema: ObjectSchema): readonly Field[] =>
  [...schema.fields.values()].filter(({ writable, createOnly, computed }) => writable && !createOnly && computed === null);

/** The form of everything that a person may write, with what they tried last where it was refused. */
function editSection(schema: ObjectSchema, record: ShownRecord, tried: Readonly<Record<string, string>>): Html {
  const fields = writableOf(schema).map((one) => control(one, tried[one.name] ?? textOf(record[one.name])));
  const path = `/_sandbox/records/${record.Id}`;
  const merge = html`<form class="actions" method="post" action="${path}/merge">
<label>Merge this id into it<input name="loser" size="20" required></label><button>Merge</button></form>`;
  const convert = html`<form method="post" action="${path}/convert"><button>Convert</button></form>`;
  return html`<section class="wide"><h1>${titleOf(schema, record)}</h1>
<form method="post" action="${path}"><div class="fields">${fields}</div><div class="actions"><button class="main">Save</button></div></form>
<div class="actions"><form method="post" action="${path}/remove"><button>Delete</button></form>
<form method="post" action="${path}/touch"><button>Let the platform touch it</button></form>${schema.name === 'Lead' ? convert : ''}</div>
${schema.mergeable ? merge : ''}</section>`;
}

function binnedSection(schema: ObjectSchema, record: ShownRecord): Html {
  const path = `/_sandbox/records/${record.Id}`;
  const master = textOf(record.MasterRecordId);
  return html`<section class="wide"><h1>${titleOf(schema, record)}</h1>
<p>In the recycle bin${master === '' ? '' : html`, merged into <a href="/_sandbox/records/${master}">${master}</a>`}.</p>
<div class="actions"><form method="post" action="${path}/undelete"><button class="main">Undelete</button></form>
<form method="post" action="${path}/purge"><button>Delete for good</button></form></div></section>`;
}

/** The records that it points at, and what nobody writes. */
function tellingSection(org: Org, schema: ObjectSchema, record: ShownRecord): Html {
  const own = new Set(writableOf(schema).map(({ name }) => name));
  const rows = [...schema.fields.values()].flatMap((field) => {
    const value = textOf(record[field.name]);
    if (value === '' || (own.has(field.name) && field.type !== 'reference')) return [];
    const leads = field.type === 'reference' && org.store.objectOf(value) !== undefined;
    return [
      html`<tr><td class="code">${field.name}</td><td>${leads ? html`<a href="/_sandbox/records/${value}">${value}</a>` : value}</td></tr>`,
    ];
  });
  return html`<section><h2>Beside its form</h2><table><tbody>${rows}</tbody></table></section>`;
}

export function recordSections(
  org: Org,
  schema: ObjectSchema,
  { record, tried }: { record: ShownRecord; tried: Readonly<Record<string, string>> },
) {
  const main = record.IsDeleted ? binnedSection(schema, record) : editSection(schema, record, tried);
  return [main, tellingSection(org, schema, record)];
}
