import type { Explanation } from '../hub/records/explanation.ts';
import type { Services } from '../services.ts';
import { type Difference, difference } from '../sync/explain/as-of.ts';
import { explain, findRecords } from '../sync/explain/explain.ts';

export type ExplainOptions = { readonly field?: string; readonly at?: string; readonly since?: string; readonly json?: boolean };

/** Prints why a record holds what it holds, or held at a time, or what has changed since one: as text, or everything as JSON. */
export async function explainCommand(
  services: Services,
  { object, who }: { readonly object: string; readonly who: string },
  options: ExplainOptions,
): Promise<number> {
  const { engine } = services;
  const mistake = mistakeIn(services, object, options);
  if (mistake !== null) return fail(mistake);
  const told: string[] = [];
  for (const id of await findRecords(engine, object, who)) {
    const at = options.at ?? engine.clock.now().toISOString();
    const one =
      options.since === undefined
        ? await explainOne(services, id, options)
        : await since(services, id, { ...options, from: options.since, to: at });
    if (one !== null) told.push(one);
  }
  if (told.length === 0) return fail(`No ${object} is known by "${who}"${options.at === undefined ? '' : ` at ${options.at}`}.`);
  for (const one of told) process.stdout.write(`${one}\n`);
  return 0;
}

function mistakeIn({ engine }: Services, object: string, options: ExplainOptions): string | null {
  const { model } = engine.mappings;
  const declared = model.get(object);
  if (declared === undefined) return `There is no object "${object}". There are: ${[...model.keys()].join(', ')}.`;
  if (options.field !== undefined && !declared.fields.has(options.field))
    return `${declared.label} has no field "${options.field}". There are: ${[...declared.fields.keys()].join(', ')}.`;
  const wrong = [options.at, options.since].find((time) => time !== undefined && Number.isNaN(Date.parse(time)));
  return wrong === undefined ? null : `"${wrong}" is no time. Write it as in 2026-11-22T08:00:00Z.`;
}

function fail(reason: string): number {
  process.stderr.write(`${reason}\n`);
  return 1;
}

async function explainOne({ engine }: Services, id: string, options: ExplainOptions): Promise<string | null> {
  const whole = await explain(engine, id, options.at === undefined ? {} : { at: options.at });
  if (whole === null) return null;
  const one = { ...whole, fields: whole.fields.filter(({ field }) => options.field === undefined || field === options.field) };
  return options.json === true ? JSON.stringify(one) : asText(one);
}

async function since(
  { engine }: Services,
  id: string,
  options: ExplainOptions & { readonly from: string; readonly to: string },
): Promise<string | null> {
  const whole = await difference(engine, id, options);
  if (whole === null) return null;
  const one = { ...whole, fields: whole.fields.filter(({ field }) => options.field === undefined || field === options.field) };
  return options.json === true ? JSON.stringify(one) : differenceAsText(one);
}

function differenceAsText({ from, to, fields }: Difference): string {
  const lines = [`${to.object} ${to.id}: ${from === null ? 'it began since' : `${from.at} to ${to.at}`}`];
  if (fields.length === 0) lines.push('  nothing differs');
  for (const { field, from: before, to: after, changes } of fields) {
    lines.push(`  ${field}: ${show(before)} -> ${show(after)}`);
    for (const line of changes) {
      const change = line.fields[field];
      lines.push(
        `    ${line.at} ${line.cause} ${show(change?.old)} -> ${show(change?.new)}${line.actor === null ? '' : ` by ${line.actor}`}; change ${line.id}`,
      );
    }
  }
  return lines.join('\n');
}

const show = (value: unknown): string => (value === undefined ? '(not shown)' : value === null ? '(blank)' : JSON.stringify(value));

function asText(one: Explanation): string {
  const lines = [`${one.object} ${one.recordId}${one.at === null ? '' : ` at ${one.at}`}`];
  if (one.archived !== null) lines.push(`  archived: ${one.archived.reason}`);
  if (one.mergedInto !== null) lines.push(`  merged into ${one.mergedInto}`);
  for (const link of one.links)
    lines.push(
      `  ${link.connection} ${link.remoteId ?? '(not there yet)'}: ${link.state}${link.reason === null ? '' : ` (${link.reason})`}; ${link.began === 'matched' ? 'matched: ' : ''}${link.evidence}`,
    );
  for (const field of one.fields) {
    if (one.fields.length > 1 && field.value === null && field.sides.every((side) => side.shown === undefined || side.shown === null))
      continue;
    lines.push('', `${field.field}: ${field.sentence}`);
    for (const side of field.sides) {
      const base =
        side.base === undefined
          ? '(none)'
          : side.base.hub === side.base.remote
            ? show(side.base.hub)
            : `hub ${show(side.base.hub)}, there ${show(side.base.remote)}`;
      const sent = side.sent === undefined ? '' : `, sent ${show(side.sent)}`;
      lines.push(
        `  ${side.connection}.${side.remoteField}: shows ${show(side.shown)}, last agreed ${base}${sent} -> ${side.verdict}, ${side.decision}: ${side.reason}`,
      );
    }
    for (const lost of field.lost)
      lines.push(`  gave way: ${show(lost.value)} from ${lost.by} at ${lost.at} (${lost.rule}); change ${lost.changeId}`);
  }
  return lines.join('\n');
}
