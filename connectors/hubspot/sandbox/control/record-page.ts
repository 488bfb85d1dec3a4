import { html } from 'hono/html';
import type { Html } from '../../../../src/sandbox/page/layout.ts';
import { type Portal, type Table, tiesOf } from '../portal/portal.ts';
import type { Stored } from '../records/records.ts';
import type { Definition } from '../schema/definitions.ts';
import { titleOf } from './list-page.ts';

const CHANGES_MAX = 20;

type Choice = readonly [value: string, label: string];

function choicesOf(portal: Portal, { type, fieldType, options, referencedObjectType }: Definition): readonly Choice[] {
  if (referencedObjectType === 'OWNER') {
    return portal.owners.all().map(({ id, firstName, lastName, archived }) => [id, `${firstName} ${lastName}${archived ? ' (left)' : ''}`]);
  }
  return type === 'enumeration' && fieldType !== 'checkbox' ? options.map(({ value, label }) => [value, label]) : [];
}

function control(portal: Portal, definition: Definition, value: string): Html {
  const { name, label, fieldType } = definition;
  const choices = choicesOf(portal, definition);
  if (choices.length > 0) {
    const options = choices.map(([one, words]) => html`<option value="${one}" ${one === value ? 'selected' : ''}>${words}</option>`);
    return html`<label>${label}<select name="${name}"><option value=""></option>${options}</select></label>`;
  }
  if (fieldType === 'textarea' || fieldType === 'html') return html`<label>${label}<textarea name="${name}">${value}</textarea></label>`;
  return html`<label>${label}<input name="${name}" value="${value}"></label>`;
}

type Opened = { readonly record: Stored; readonly tried: Readonly<Record<string, string>> };

/** The form of everything that a person may write, with what they tried last where it was refused. */
function editSection(portal: Portal, table: Table, { record, tried }: Opened): Html {
  const { name } = table.type;
  const writable = table.schema.list(false).filter(({ modificationMetadata }) => !modificationMetadata.readOnlyValue);
  const fields = writable.map((one) => control(portal, one, tried[one.name] ?? record.properties[one.name] ?? ''));
  const path = `/_sandbox/objects/${name}/${record.id}`;
  const merge = html`<form class="actions" method="post" action="${path}/merge">
<label>Merge this id into it<input name="otherId" size="12" required></label><button>Merge</button></form>`;
  return html`<section class="wide"><h1>${titleOf(table, record)}</h1>
<form method="post" action="${path}"><div class="fields">${fields}</div><div class="actions"><button class="main">Save</button></div></form>
<div class="actions"><form method="post" action="${path}/archive"><button>Put into the bin</button></form></div>
${table.type.merges ? merge : ''}</section>`;
}

function binnedSection(table: Table, record: Stored): Html {
  const path = `/_sandbox/objects/${table.type.name}/${record.id}`;
  return html`<section class="wide"><h1>${titleOf(table, record)}</h1><p>In the bin since ${record.archivedAt}.</p>
<form method="post" action="${path}/restore"><button class="main">Restore</button></form></section>`;
}

function tiesSection(portal: Portal, table: Table, record: Stored): Html {
  const rows = portal.types.all().flatMap((to) =>
    tiesOf(portal, { type: table.type, id: record.id }, to).map(({ id, typeIds }) => {
      const labels = typeIds.map((typeId) => portal.associations.typeOf(table.type, to, typeId).label).filter((label) => label !== null);
      const there = portal.table(to).records.live(id);
      return html`<tr><td>${to.singular}</td><td><a href="/_sandbox/objects/${to.name}/${id}">${there === undefined ? id : titleOf(portal.table(to), there)}</a></td><td>${labels.join(', ')}</td></tr>`;
    }),
  );
  return html`<section><h2>Associations</h2>${rows.length === 0 ? html`<p class="empty">None.</p>` : html`<table><tbody>${rows}</tbody></table>`}</section>`;
}

function historySection({ versions }: Stored): Html {
  const changes = [...versions].flatMap(([name, all]) => all.map((version) => ({ name, ...version })));
  changes.sort((a, b) => (a.timestamp < b.timestamp ? 1 : -1));
  const rows = changes
    .slice(0, CHANGES_MAX)
    .map(
      ({ name, value, timestamp, sourceType }) =>
        html`<tr><td class="code">${timestamp}</td><td class="code">${name}</td><td>${value}</td><td>${sourceType}</td></tr>`,
    );
  return html`<section><h2>Changes</h2>${rows.length === 0 ? html`<p class="empty">None since the sandbox opened.</p>` : html`<table><tbody>${rows}</tbody></table>`}</section>`;
}

function readOnlySection(table: Table, { properties }: Stored): Html {
  const shown = table.schema.list(false).filter((one) => one.modificationMetadata.readOnlyValue && properties[one.name] !== undefined);
  const rows = shown.map(({ name }) => html`<tr><td class="code">${name}</td><td>${properties[name]}</td></tr>`);
  return html`<section><h2>Worked out</h2><table><tbody>${rows}</tbody></table></section>`;
}

export function recordSections(portal: Portal, table: Table, { record, tried }: Opened): readonly Html[] {
  const main = record.archivedAt === null ? editSection(portal, table, { record, tried }) : binnedSection(table, record);
  return [main, tiesSection(portal, table, record), readOnlySection(table, record), historySection(record)];
}
