import { Button, Group, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { Suggestion } from '../api.ts';
import { useFormat } from '../format.ts';

type SuggestedProps = { readonly suggestion: Suggestion; readonly isBusy: boolean; readonly onAttach: () => void };

/** Somebody whose response it might be, with what speaks for it. */
export function Suggested({ suggestion: { title, why, confidence }, isBusy, onAttach }: SuggestedProps) {
  const { t } = useTranslation('feedback');
  const format = useFormat();
  const reasons = why.map(({ likeness, key }) => t(`attaching.likeness.${likeness}`, { key: key ?? '' }));
  return (
    <Group justify="space-between" gap="xs">
      <div>
        <Text size="sm" fw={550} className="value">
          {title}
        </Text>
        <Text size="xs" c="dimmed">
          {t('attaching.suggested', { why: format.list(reasons), confidence: t(`attaching.confidence.${confidence}`) })}
        </Text>
      </div>
      <Button size="xs" variant="default" loading={isBusy} onClick={onAttach} aria-label={t('attaching.attachTo', { title })}>
        {t('attaching.attach')}
      </Button>
    </Group>
  );
}
