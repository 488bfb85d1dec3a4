import { Text } from '@mantine/core';
import type { Connection } from '../api.ts';
import { momentOf } from '../time.ts';

const many = (calls: number): string => calls.toLocaleString();

/** What was used of the system's day, by Syncline and by others, and when there is more. */
export function QuotaLine({ quota }: { readonly quota: Connection['quota'] }) {
  const { max, share, ours, others, percent, resetsAt, sparedUntil } = quota;
  if (max === null || share === null) return null;
  return (
    <Text size="sm" c="dimmed" className="tabular">
      {many(ours)} of {many(share)} calls used today: Syncline’s share is {percent} % of {many(max)}. Others used {many(others)}.
      {resetsAt !== null && ` There is more from ${momentOf(resetsAt)}.`}
      {sparedUntil !== null && Date.parse(sparedUntil) > Date.now() && ' The rest is kept for edits that somebody waits for.'}
    </Text>
  );
}
