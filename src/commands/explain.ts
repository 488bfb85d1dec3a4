import type { Explanation } from '../hub/explanation.ts';
import type { Services } from '../services.ts';
import { explain, findRecords } from '../sync/explain.ts';

/** Prints why a record holds what it holds: as text, or everything as JSON. */
export async function explainCommand(services: Services, object: string, who: string, json: boolean): Promise<number> {
  if (!services.engine.mappings.model.has(object)) {
    process.stderr.write(`There is no object "${object}". There are: ${[...services.engine.mappings.model.keys()].join(', ')}.\n`);
    return 1;
  }
  const ids = await findRecords(services.engine, object, who);
  const explained = (await Promise.all(ids.map((id) => explain(services.engine, id)))).filter((one) => one !== null);
  if (explained.length === 0) {
    process.stderr.write(`No ${object} is known by "${who}".\n`);
    return 1;
  }
  for (const one of explained) process.stdout.write(json ? `${JSON.stringify(one)}\n` : asText(one));
  return 0;
}

const show = (value: unknown): string => (value === undefined ? '(not shown)' : value === null ? '(blank)' : JSON.stringify(value));

function asText(one: Explanation): string {
  const lines = [`${one.object} ${one.recordId}`];
  for (const link of one.links)
    lines.push(
      `  ${link.connection} ${link.remoteId ?? '(not there yet)'}: ${link.state}${link.reason === null ? '' : ` (${link.reason})`}; ${link.evidence}`,
    );
  for (const field of one.fields) {
    if (field.value === null && field.sides.every((side) => side.shown === undefined || side.shown === null)) continue;
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
  return `${lines.join('\n')}\n`;
}
