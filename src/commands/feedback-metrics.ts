import { type Line, reportOf, type Withheld } from '../feedback/trend.ts';
import { DIMENSIONS, type Dimension, isTimeZone, metricCounts, PERIODS } from '../hub/views/metrics.ts';
import type { Services } from '../services.ts';

export type MetricsOptions = {
  readonly by?: string;
  readonly period?: string;
  readonly timeZone: string;
  readonly from?: string;
  readonly to?: string;
  readonly key?: string;
  readonly population?: string;
  readonly json?: boolean;
};

/** Prints a line for each metric, group, and period: as a table, or as one JSON document. */
export async function feedbackMetricsCommand({ hub, engine }: Services, options: MetricsOptions): Promise<number> {
  const by = (options.by ?? '').split(',').flatMap((name) => (name.trim() === '' ? [] : [name.trim()]));
  const period = PERIODS.find((one) => one === options.period) ?? null;
  const wrongTime = [options.from, options.to].find((time) => time !== undefined && Number.isNaN(Date.parse(time)));
  const isField = (field: string) => [...engine.mappings.model.values()].some(({ fields }) => fields.has(field));
  const dimensions = by.filter((name): name is Dimension => isDimension(name, isField));
  const strange = by.find((name) => !isDimension(name, isField));
  if (strange !== undefined)
    return fail(`There is nothing to group by called "${strange}". There are: ${DIMENSIONS.join(', ')}, and segment:<field>.`);
  if (options.period !== undefined && period === null)
    return fail(`There is no period "${options.period}". There are: ${PERIODS.join(', ')}.`);
  if (wrongTime !== undefined) return fail(`"${wrongTime}" is no time. Write it as in 2026-11-22T08:00:00Z.`);
  if (!(await isTimeZone(hub, options.timeZone))) return fail(`There is no time zone "${options.timeZone}". Write it like Asia/Tokyo.`);
  const population = options.population === undefined ? null : Number(options.population);
  if (population !== null && !(Number.isInteger(population) && population > 0)) return fail('A population is a whole number of people.');
  if (population !== null && (by.length > 0 || period !== null))
    return fail('Groups and periods have other populations than all together: leave out --by and --period.');
  const { from, to, key, timeZone } = options;
  const { lines, withheld } = reportOf(await metricCounts(hub, { by: dimensions, period, timeZone, from, to, key }), population);
  const all = [...lines.map((line) => asJson(line, by)), ...withheld.map((line) => withheldAsJson(line, by))];
  if (options.json === true) process.stdout.write(`${JSON.stringify(all)}\n`);
  else for (const line of [...lines.map(asText), ...withheld.map(withheldAsText)]) process.stdout.write(`${line}\n`);
  return 0;
}

function isDimension(name: string, isField: (field: string) => boolean): name is Dimension {
  return DIMENSIONS.some((one) => one === name) || (name.startsWith('segment:') && isField(name.slice('segment:'.length)));
}

function asJson({ group, figure: { estimate: _, ...figure }, ...line }: Line, by: readonly string[]) {
  return { ...line, group: named(group, by), ...figure };
}

function withheldAsJson({ group, reason, ...line }: Withheld, by: readonly string[]) {
  return { ...line, group: named(group, by), withheld: reason };
}

const named = (group: Line['group'], by: readonly string[]) => Object.fromEntries(by.map((name, i) => [name, group[i] ?? null]));

const whereOf = ({ key, nature, group, period }: Pick<Line, 'key' | 'nature' | 'group' | 'period'>): string =>
  [period, key, nature ?? '-', ...group.map((value) => value ?? '-')].filter((part) => part !== null).join('  ');

const withheldAsText = (line: Withheld): string => `${whereOf(line)}  withheld: ${line.reason}`;

function asText(line: Line): string {
  const { figure, change } = line;
  const counts = Object.entries(figure.counts).map(([name, count]) => `${count} ${name}`);
  const base = `${figure.population === null ? '' : ` of ${figure.population} people`}${figure.lowBase ? ', low base' : ''}`;
  const moved =
    change?.significant == null
      ? ''
      : `, ${change.points > 0 ? '+' : ''}${change.points} since ${change.since}${change.significant ? '' : ' (may be chance)'}`;
  return `${whereOf(line)}  ${figure.score} ± ${figure.marginOfError} (n = ${figure.n}: ${counts.join(', ')}${base}${moved})`;
}

function fail(reason: string): number {
  process.stderr.write(`${reason}\n`);
  return 1;
}
