import { Stack } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { ConnectionOverview } from '../../api.ts';
import { Section } from '../../parts/page.tsx';
import { useMay } from '../../session.tsx';
import { Imports } from './imports.tsx';
import { Upload } from './upload.tsx';

/** Files that are given to a connection: looked at, tried, imported, and what became of those before. */
export function Files({ connection }: { readonly connection: ConnectionOverview }) {
  const { t } = useTranslation('connections');
  const mayImport = useMay('steward');
  return (
    <Section title={t('files.title')} about={t('files.about')}>
      <Stack gap="md">
        {mayImport && <Upload connection={connection} />}
        <Imports connection={connection} />
      </Stack>
    </Section>
  );
}
