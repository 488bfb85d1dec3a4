import { Progress, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useFormat } from '../format.ts';
import { useProgress } from '../live.ts';
import { useNames } from '../names.ts';

/** What a connection is doing right now, while it does it. */
export function ProgressLine({ connectionId }: { readonly connectionId: string }) {
  const { t } = useTranslation('connections');
  const format = useFormat();
  const names = useNames();
  const now = useProgress(connectionId);
  if (now === null) return null;
  const { done, total, object, phase } = now;
  const about = { objects: names.objectsIn(object), done: format.count(done) };
  const words = total === null ? t(`progress.${phase}`, about) : t(`progress.${phase}Of`, { ...about, total: format.count(total) });
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
