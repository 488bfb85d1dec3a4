import { Button, CopyButton, Group, Modal, Stack, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';

type Props = { readonly title: string; readonly about: string; readonly value: string | null; readonly onClose: () => void };

/** A secret that is shown this one time. */
export function ShownOnce({ title, about, value, onClose }: Props) {
  const { t } = useTranslation(['settings', 'shared']);
  return (
    <Modal opened={value !== null} onClose={onClose} title={title} closeButtonProps={{ 'aria-label': t('shared:close') }}>
      <Stack>
        <Text size="sm">{about}</Text>
        <Text size="sm" ff="monospace" className="note value" data-secret>
          {value}
        </Text>
        <Group justify="flex-end">
          <CopyButton value={value ?? ''}>
            {({ copied, copy }) => (
              <Button variant="default" onClick={copy} data-autofocus>
                {t(copied ? 'copied' : 'copy')}
              </Button>
            )}
          </CopyButton>
          <Button onClick={onClose}>{t('done')}</Button>
        </Group>
      </Stack>
    </Modal>
  );
}
