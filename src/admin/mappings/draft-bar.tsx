import './mappings.css';
import { Button, FileButton, Group, Text, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useMay } from '../session.tsx';
import type { Checked, Mapping } from './mapping-queries.ts';
import { Problems } from './problems.tsx';
import type { DraftActs } from './use-draft.ts';

type Props = { readonly mapping: Mapping; readonly acts: DraftActs; readonly checked: Checked | undefined };

/** How the draft stands, why it is made, and the way to its plan. */
export function DraftBar({ mapping, acts, checked }: Props) {
  const { t } = useTranslation('mappings');
  const mayChange = useMay('admin');
  const { draft } = mapping;
  const problems = checked?.problems ?? [];
  const misfits = checked?.misfits ?? [];
  return (
    <section className="card draft-bar" aria-label={t('draftBar.title')}>
      <Group gap="md" align="flex-end" justify="space-between">
        <div style={{ flex: '1 1 14rem' }}>
          <Text size="sm" fw={600}>
            {draft === null ? t('draftBar.none') : t('draftBar.title')}
          </Text>
          {draft !== null && (
            <Text size="xs" c="dimmed" role="status">
              {t(acts.change.isPending ? 'draftBar.saving' : 'draftBar.saved')} · {t('draftBar.about')}
            </Text>
          )}
        </div>
        {draft !== null && mayChange && <Reason key={draft.reason} reason={draft.reason} acts={acts} />}
        {mayChange && (
          <Group gap="xs">
            <FileButton
              accept=".yaml,.yml"
              onChange={async (file) => file !== null && acts.change.mutate({ text: await file.text(), imported: true })}
            >
              {(props) => (
                <Button {...props} size="sm" variant="default" title={t('draftBar.uploadAbout')}>
                  {t('draftBar.upload')}
                </Button>
              )}
            </FileButton>
            {draft !== null && (
              <>
                <Button size="sm" variant="default" loading={acts.discard.isPending} onClick={() => acts.discard.mutate(undefined)}>
                  {t('draftBar.discard')}
                </Button>
                <Button
                  size="sm"
                  loading={acts.plan.isPending}
                  disabled={problems.length > 0 || acts.change.isPending}
                  title={problems.length > 0 ? t('draftBar.mend') : undefined}
                  onClick={() => acts.plan.mutate(undefined)}
                >
                  {t('draftBar.plan')}
                </Button>
              </>
            )}
          </Group>
        )}
      </Group>
      {problems.length > 0 && (
        <div className="note bad">
          <Text size="sm" fw={600}>
            {t('problems', { count: problems.length })}
          </Text>
          <Problems problems={problems} />
        </div>
      )}
      {misfits.length > 0 && (
        <details className="note warn">
          <summary>{t('misfits', { count: misfits.length })}</summary>
          {misfits.map((one) => (
            <Text key={`${one.connection} ${one.remote} ${one.reason}`} size="sm" className="value">
              {one.connection}, {one.remote}: {one.reason}. {one.advice}.
            </Text>
          ))}
        </details>
      )}
    </section>
  );
}

function Reason({ reason, acts }: { readonly reason: string; readonly acts: DraftActs }) {
  const { t } = useTranslation('mappings');
  const [typed, setTyped] = useState(reason);
  return (
    <TextInput
      label={t('draftBar.reason')}
      placeholder={t('draftBar.reasonPlaceholder')}
      value={typed}
      maxLength={500}
      style={{ flex: '1 1 14rem' }}
      onChange={(event) => setTyped(event.currentTarget.value)}
      onBlur={() => typed.trim() !== reason && acts.change.mutate({ reason: typed.trim() })}
    />
  );
}
