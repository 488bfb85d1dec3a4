import { Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';

/** Says of a figure that too few answers stand behind it. */
export function LowBase() {
  const { t } = useTranslation('feedback');
  return (
    <Text size="xs" c="dimmed" component="div">
      {t('lowBaseShort')}
    </Text>
  );
}
