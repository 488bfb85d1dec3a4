import type { History } from './history.ts';
import { FIELDS } from './shape.ts';

/** A history in a few lines, for people. */
export function tell({ shape, steps }: History): string {
  const connectors = shape.connectors.map(({ fields, ...traits }) => {
    const odd = FIELDS.flatMap((field) => {
      const { loss, known, direction } = fields[field];
      const said = [loss === 'none' ? '' : `${known ? '' : 'unknown '}${loss}`, direction === 'both' ? '' : direction].filter(
        (word) => word !== '',
      );
      return said.length === 0 ? [] : [`${field} ${said.join(' ')}`];
    });
    return `  ${JSON.stringify(traits)} ${odd.join(', ')}`;
  });
  const rules = FIELDS.map((field) => `${field} ${shape.rules[field].kind}/${shape.nulls[field]}`).join(', ');
  const systems = shape.systems.map(({ name, skewMs }) => `${name}${skewMs === 0 ? '' : ` (${skewMs / 3_600_000} h)`}`).join(', ');
  return [`${systems}; ${shape.workers} workers; ${rules}`, ...connectors, ...steps.map((step) => `  ${JSON.stringify(step)}`)].join('\n');
}
