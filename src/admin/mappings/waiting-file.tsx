import { Button, Group, Text } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useMay } from '../session.tsx';
import { Difference } from './difference.tsx';
import type { Mapping } from './mapping-queries.ts';
import type { DraftActs } from './use-draft.ts';

/** The file of a mapping says something else than what was edited here: which of the two is to be. */
export function WaitingFile({ mapping, acts }: { readonly mapping: Mapping; readonly acts: DraftActs }) {
  const { t } = useTranslation('mappings');
  const [isOpen, setOpen] = useState(false);
  const mayChange = useMay('admin');
  const { waitingId: id } = mapping;
  if (id === null) return null;
  return (
    <div className="note warn">
      <Text fw={600} size="sm">
        {t('waiting.title')}
      </Text>
      <Text size="sm">{t('waiting.about')}</Text>
      <Group gap="xs" mt="xs">
        <Button size="xs" variant="default" aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
          {t('waiting.look')}
        </Button>
        {mayChange && (
          <>
            <Button size="xs" variant="default" loading={acts.restore.isPending} onClick={() => acts.restore.mutate(id)}>
              {t('waiting.take')}
            </Button>
            <Button size="xs" variant="default" loading={acts.keep.isPending} onClick={() => acts.keep.mutate(undefined)}>
              {t('waiting.keep')}
            </Button>
          </>
        )}
      </Group>
      {isOpen && <Difference name={mapping.name} id={id} against={mapping.version?.id ?? null} />}
    </div>
  );
}
