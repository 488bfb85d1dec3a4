import { Stack, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { Rehearsal } from '../../api.ts';
import { useFormat } from '../../format.ts';

const ENDS = ['made', 'changed', 'unchanged', 'removed', 'refused'] as const;
const MOST_ERRORS = 20;

/** What an import would come to. */
export function Tried({ tried }: { readonly tried: Rehearsal }) {
  const { t } = useTranslation('connections');
  const format = useFormat();
  const { rows, held, untold, missing, errors } = tried;
  return (
    <Stack gap={4} role="status">
      <Text size="sm" className="tabular">
        {t('files.wouldCome', {
          rows: t('files.rows', { count: rows }),
          ends: format.list(ENDS.map((end) => t(`files.end.${end}`, { count: tried[end] }))),
          held: t('files.held', { count: held }),
        })}
      </Text>
      {untold && <Text size="sm">{t('files.untold')}</Text>}
      {missing.length > 0 && <Text size="sm">{t('files.lacking', { columns: format.list(missing) })}</Text>}
      {errors.slice(0, MOST_ERRORS).map(({ line, field, reason }) => (
        <Text key={`${line} ${field}`} size="xs" c="dimmed">
          {t(field === '' ? 'files.line' : 'files.lineField', { line, field, reason })}
        </Text>
      ))}
    </Stack>
  );
}
