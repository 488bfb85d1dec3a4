import { z } from '@hono/zod-openapi';
import type { Line } from '../feedback/trend.ts';
import type { Db } from '../hub/database.ts';
import { DIMENSIONS, type Dimension, isTimeZone, type MetricQuery, PERIODS } from '../hub/views/metrics.ts';
import { type HubModel, METRICS, NATURES } from '../mapping/mapping.ts';
import { Guid } from './listing.ts';
import { Problem } from './problem.ts';
import type { Veil } from './security/veil.ts';

const MOST_DIMENSIONS = 4;
const Word = z.string().min(1).max(200).optional();
const Instant = z.iso.datetime({ offset: true }).optional();

/** `none`: where the mapping does not say. */
export const NatureWanted = z.enum([...NATURES, 'none']);

/** What a report of metrics is asked for by. */
export const MetricsWanted = z.object({
  by: z
    .string()
    .max(300)
    .optional()
    .openapi({ description: `Separated by commas: ${DIMENSIONS.join(', ')}, or segment:<field> with a field of the contact.` }),
  period: z.enum(PERIODS).optional(),
  timeZone: z.string().max(60).optional().openapi({ description: 'Where a day begins and ends, such as Asia/Tokyo; UTC when left out.' }),
  from: Instant,
  to: Instant,
  key: Word,
  metric: z.enum(METRICS).optional(),
  nature: NatureWanted.optional(),
  connectionId: Guid.optional(),
  surveyId: Word,
  touchpoint: Word,
  language: Word,
  channel: Word,
  population: z.coerce.number().int().min(1).max(1e9).optional().openapi({
    description:
      'How many people could have answered, where that is known: the margin of error is that of a sample of so many. Not with `by` or `period`.',
  }),
});

/** Checks it: segments are by fields that there are, and that the asker may see. */
export async function queryOf(
  db: Db,
  { by = '', period, timeZone = 'UTC', population, ...where }: z.infer<typeof MetricsWanted>,
  { model, veil }: { readonly model: HubModel; readonly veil: Veil },
): Promise<MetricQuery> {
  const names = by.split(',').flatMap((name) => (name.trim() === '' ? [] : [name.trim()]));
  if (names.length > MOST_DIMENSIONS) throw refused('by', `At most ${MOST_DIMENSIONS} at once.`);
  if (population !== undefined && (names.length > 0 || period !== undefined))
    throw refused('population', 'Groups and periods have other populations than all together: ask for one of them alone, by a filter.');
  if (!(await isTimeZone(db, timeZone))) throw refused('timeZone', 'There is no such time zone. Write it like Asia/Tokyo.');
  return { by: names.map((name) => dimensionOf(name, model, veil)), period: period ?? null, timeZone, ...where };
}

/** A property of the response, or a field of the contact; refused where there is none that the asker may see. */
export function dimensionOf(name: string, model: HubModel, veil: Veil): Dimension {
  const plain = DIMENSIONS.find((one) => one === name);
  if (plain !== undefined) return plain;
  const field = name.startsWith('segment:') ? name.slice('segment:'.length) : '';
  const object = [...model.values()].find(({ fields }) => fields.has(field));
  if (object === undefined || veil(object.name).has(field))
    throw refused('by', `There is nothing to group by called "${name}". There are: ${DIMENSIONS.join(', ')}, and segment:<field>.`);
  return `segment:${field}`;
}

const refused = (name: string, detail: string): Problem => new Problem(422, detail, { errors: [{ pointer: `#/query/${name}`, detail }] });

/** A figure as it goes out: everything but what only comparisons need. */
export function shownFigure({ key, nature, figure }: Pick<Line, 'key' | 'nature' | 'figure'>) {
  const { estimate: _, distribution, ...shown } = figure;
  return { key, nature, ...shown, counts: { ...shown.counts }, distribution: distribution === null ? null : [...distribution] };
}
