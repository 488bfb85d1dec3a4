import { Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { Connection } from '../api.ts';
import { useFormat } from '../format.ts';

/** What was used of the system's day, by Syncline and by others, and when there is more. */
export function QuotaLine({ quota }: { readonly quota: Connection['quota'] }) {
  const { t } = useTranslation('connections');
  const format = useFormat();
  const { max, share, ours, others, percent, resetsAt, sparedUntil } = quota;
  if (max === null || share === null) return null;
  const used = { ours: format.count(ours), share: format.count(share), percent, max: format.count(max), others: format.count(others) };
  return (
    <Text size="sm" c="dimmed" className="tabular">
      {t('quota.used', used)} {resetsAt !== null && t('quota.resets', { at: format.moment(resetsAt) })}{' '}
      {sparedUntil !== null && Date.parse(sparedUntil) > Date.now() && t('quota.spared')}
    </Text>
  );
}
