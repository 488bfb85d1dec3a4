import { Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { Problem } from './mapping-queries.ts';

/** What is wrong, each with its place and what to do. */
export function Problems({ problems, withFile = false }: { readonly problems: readonly Problem[]; readonly withFile?: boolean }) {
  const { t } = useTranslation('mappings');
  return (
    <ul className="plain">
      {problems.map((one) => (
        <li key={`${one.file}:${one.line}:${one.column}:${one.field}:${one.reason}`}>
          <Text size="sm" className="value">
            {one.reason}. {one.advice}.
          </Text>
          <Text size="xs" c="dimmed" className="value">
            {withFile && `${one.file}: `}
            {t('place', { line: one.line, column: one.column, field: one.field })}
          </Text>
        </li>
      ))}
    </ul>
  );
}

/** What is wrong at one place of the editor: `fields[3]` and all below it. */
export const problemsAt = (problems: readonly Problem[], place: string): readonly Problem[] =>
  problems.filter(({ field }) => field === place || field.startsWith(`${place}.`) || field.startsWith(`${place}[`));

/** The same as one text, for the control that it is about; null where nothing is wrong. */
export const saidOf = (problems: readonly Problem[]): string | null =>
  problems.length === 0 ? null : problems.map(({ reason, advice }) => `${reason}. ${advice}.`).join(' ');

/** The same below the control that it is about. */
export function ProblemsHere({ problems }: { readonly problems: readonly Problem[] }) {
  return problems.map((one) => (
    <Text key={`${one.field}:${one.reason}`} size="xs" c="var(--mantine-color-error)" role="alert" className="value">
      {one.reason}. {one.advice}.
    </Text>
  ));
}
