import { Button, FileInput, Group, Progress, Select, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type ConnectionOverview, type FilePreview, type Import, type Rehearsal, sendFile } from '../../api.ts';
import { useNames } from '../../names.ts';
import { useAct } from '../../session.tsx';
import { Preview } from './preview.tsx';
import { Tried } from './tried.tsx';

/** Takes one file: shows what it holds, says what would come of it, and imports it. */
export function Upload({ connection }: { readonly connection: ConnectionOverview }) {
  const { t } = useTranslation('connections');
  const names = useNames();
  const [file, setFile] = useState<File | null>(null);
  const objects = connection.streams.map(({ object }) => ({ value: object, label: names.objects(object) }));
  const [object, setObject] = useState<string | null>(null);
  const about = { id: connection.id, ...(object === null ? {} : { object }) };
  const chosen = file ?? new File([], '');
  const look = useAct(() => sendFile<FilePreview>('preview', chosen, about), { quiet: true });
  const attempt = useAct(() => sendFile<Rehearsal>('dry', chosen, about), { quiet: true });
  const run = useAct(() => sendFile<Import>('import', chosen, about), { quiet: true, done: () => t('files.imported') });
  const isBusy = look.isPending || attempt.isPending || run.isPending;
  const refused = look.error ?? attempt.error ?? run.error;
  const choose = (next: File | null) => {
    setFile(next);
    for (const one of [look, attempt, run]) one.reset();
    if (next !== null) setTimeout(() => look.mutate(undefined));
  };
  return (
    <Stack className="card" p="md" gap="sm">
      <Group gap="sm" align="end">
        <FileInput
          label={t('files.file')}
          placeholder={t('files.choose')}
          accept=".csv,.tsv,.txt,text/csv"
          clearable
          clearButtonProps={{ 'aria-label': t('files.takeAway') }}
          value={file}
          onChange={choose}
          miw={240}
        />
        {objects.length > 1 && (
          <Select
            label={t('files.holds')}
            placeholder={t('files.asMapped')}
            clearable
            clearButtonProps={{ 'aria-label': t('files.asMapped') }}
            data={objects}
            value={object}
            onChange={setObject}
            disabled={isBusy}
          />
        )}
      </Group>
      {refused !== null && (
        <Text size="sm" c="red" role="alert">
          {refused.message}
        </Text>
      )}
      {look.data !== undefined && <Preview preview={look.data} />}
      {attempt.data !== undefined && <Tried tried={attempt.data} />}
      {run.isPending && <Progress value={100} animated aria-label={t('files.importing')} />}
      {file !== null && (
        <Group gap="xs">
          <Button size="xs" variant="default" loading={attempt.isPending} disabled={isBusy} onClick={() => attempt.mutate(undefined)}>
            {t('files.try')}
          </Button>
          <Button size="xs" loading={run.isPending} disabled={isBusy} onClick={() => run.mutate(undefined)}>
            {t('files.import')}
          </Button>
        </Group>
      )}
    </Stack>
  );
}
