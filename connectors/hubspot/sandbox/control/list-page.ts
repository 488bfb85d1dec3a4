import { html } from 'hono/html';
import type { Html } from '../../../../src/sandbox/page/layout.ts';
import type { Table } from '../portal/portal.ts';
import type { Stored } from '../records/records.ts';

const PAGE = 50;
const COLUMNS_MAX = 5;

/** What a person would look at first. */
const TELLING = [
  'firstname',
  'lastname',
  'email',
  'name',
  'domain',
  'dealname',
  'dealstage',
  'amount',
  'subject',
  'city',
  'hs_pipeline_stage',
];
const TELLING_ENDS = ['_subject', '_title', '_body_preview', '_status'];

function columnsOf({ schema, type }: Table): readonly string[] {
  const names = schema.list(false).map(({ name }) => name);
  const first = TELLING.filter((name) => names.includes(name));
  const further = names.filter((name) => TELLING_ENDS.some((end) => name.endsWith(end)));
  return [...new Set([...first, ...further, ...type.needs.allOf])].slice(0, COLUMNS_MAX);
}

/** The name that a record goes by. */
export function titleOf(table: Table, { id, properties }: Stored): string {
  const { firstname, lastname, name, dealname, subject, email } = properties;
  const named = [firstname, lastname].filter((one) => one !== undefined).join(' ') || name || dealname || subject || email;
  const further = columnsOf(table)
    .map((column) => properties[column])
    .find((value) => value !== undefined && value !== '');
  return named ?? further ?? `${table.type.singular} ${id}`;
}

export type Asked = { readonly query: string; readonly after: number; readonly archived: boolean };

function pageOf(table: Table, { query, after, archived }: Asked): ReturnType<Table['records']['page']> {
  const words = query.toLowerCase();
  return table.records.page(
    after,
    PAGE,
    (record) =>
      (record.archivedAt !== null) === archived &&
      (words === '' || record.id === words || Object.values(record.properties).some((value) => value.toLowerCase().includes(words))),
  );
}

export function listSection(table: Table, asked: Asked): Html {
  const { name } = table.type;
  const { records, next } = pageOf(table, asked);
  const columns = columnsOf(table);
  const rows = records.map(
    ({ id, properties, updatedAt }) =>
      html`<tr><td class="code"><a href="/_sandbox/objects/${name}/${id}">${id}</a></td>${columns.map((column) => html`<td>${(properties[column] ?? '').slice(0, 80)}</td>`)}<td class="code">${updatedAt}</td></tr>`,
  );
  const more = new URLSearchParams({ q: asked.query, after: next ?? '', ...(asked.archived ? { archived: 'true' } : {}) });
  return html`<section class="wide"><h1>${name}${asked.archived ? ' in the bin' : ''}</h1>
<form class="row" method="get"><label>Search<input name="q" type="search" value="${asked.query}" size="30"></label>
<label>Which<select name="archived"><option value="">there</option><option value="true" ${asked.archived ? 'selected' : ''}>in the bin</option></select></label>
<button class="main">Find</button></form>
${rows.length === 0 ? html`<p class="empty">Nothing found.</p>` : html`<table><thead><tr><th>Id</th>${columns.map((column) => html`<th>${column}</th>`)}<th>Modified</th></tr></thead><tbody>${rows}</tbody></table>`}
${next === null ? '' : html`<p><a href="/_sandbox/objects/${name}?${more.toString()}">More</a></p>`}</section>`;
}
