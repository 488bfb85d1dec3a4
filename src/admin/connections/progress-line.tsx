import { Progress, Text } from '@mantine/core';
import { useProgress } from '../live.ts';
import { pluralOf } from '../words.ts';

/** What a connection is doing right now, while it does it. */
export function ProgressLine({ connectionId }: { readonly connectionId: string }) {
  const now = useProgress(connectionId);
  if (now === null) return null;
  const { done, total, object, phase } = now;
  const words = `${phase === 'reading' ? 'Reading' : 'Writing'} ${pluralOf(object).toLowerCase()}: ${done.toLocaleString()}${total === null ? '' : ` of ${total.toLocaleString()}`}`;
  const percent = total === null || total === 0 ? 100 : Math.min(100, (100 * done) / total);
  return (
    <div>
      <Text size="xs" c="dimmed" mb={4} className="tabular" role="status">
        {words}
      </Text>
      <Progress value={percent} size="sm" animated={total === null} striped={total === null} aria-label={words} />
    </div>
  );
}
