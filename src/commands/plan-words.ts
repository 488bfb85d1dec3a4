import type { Plan, PlanSummary } from '../hub/plans/plans.ts';

/** What a plan is about. */
export const aboutOf = ({ asked }: Plan): string =>
  asked.streams.length === 0 ? 'what is live' : asked.streams.map(({ connection, object }) => `${connection}.${object}`).join(', ');

/** What a plan comes to, as text for a terminal. */
export function planInWords(plan: Plan): string {
  const { summary } = plan;
  const head = [`plan ${plan.id}: ${aboutOf(plan)}`];
  if (summary === null) return head.join('\n');
  return [
    ...head,
    '',
    ...table(summary.counts.map((one) => [one.connection ?? 'hub', one.object, one.operation, String(one.records)])),
    ...section('Shared match keys', sharedIn(summary)),
    ...section(
      'Warnings',
      summary.warnings.map(({ text }) => text),
    ),
    ...section(
      'Forecast',
      summary.forecast.map(
        (one) =>
          `${one.connection}: ${one.calls} calls, about ${one.seconds} s (${one.latencyMs} ms a call, ${one.measured ? 'as measured' : 'assumed'})`,
      ),
    ),
    '',
    `Apply it: syncline apply ${plan.id}`,
  ].join('\n');
}

const MOST_SHOWN = 20;

function sharedIn({ nonUnique, nonUniqueKeys }: PlanSummary): readonly string[] {
  const lines = nonUnique.slice(0, MOST_SHOWN).map(
    (one) =>
      `${one.connection} ${one.object} ${Object.entries(one.key)
        .map(([name, value]) => `${name} ${String(value)}`)
        .join(', ')}: ${one.remoteIds.join(', ')}`,
  );
  return nonUniqueKeys > lines.length ? [...lines, `and ${nonUniqueKeys - lines.length} more`] : lines;
}

const section = (title: string, lines: readonly string[]): readonly string[] =>
  lines.length === 0 ? [] : ['', `${title}:`, ...lines.map((line) => `  ${line}`)];

function table(rows: readonly (readonly string[])[]): readonly string[] {
  if (rows.length === 0) return ['Nothing would happen.'];
  const widths = [0, 1, 2].map((column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const numbers = Math.max(...rows.map((row) => row[3]?.length ?? 0));
  return rows.map(([connection = '', object = '', operation = '', records = '']) =>
    [
      '',
      connection.padEnd(widths[0] ?? 0),
      object.padEnd(widths[1] ?? 0),
      operation.padEnd(widths[2] ?? 0),
      records.padStart(numbers),
    ].join('  '),
  );
}
