import { Button, Group, Stack, Text, VisuallyHidden } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import { api, type UndoPreview } from '../api.ts';
import { useNames } from '../names.ts';
import { Loaded, Waiting } from '../parts/page.tsx';
import { RecordLink, Shown } from '../parts/small.tsx';
import { useAct } from '../session.tsx';
import { useUndoPreview } from './run-queries.ts';

/** Taking a run back: first what that would do, line by line, then the doing. */
export function Undo({ runId }: { readonly runId: string }) {
  const { t } = useTranslation('runs');
  const [isAsked, ask] = useState(false);
  return isAsked ? (
    <Preview runId={runId} />
  ) : (
    <div>
      <Button variant="default" onClick={() => ask(true)}>
        {t('undo.preview')}
      </Button>
    </div>
  );
}

function Preview({ runId }: { readonly runId: string }) {
  const { t } = useTranslation('runs');
  const navigate = useNavigate();
  const preview = useUndoPreview(runId);
  const undo = useAct(
    async () => {
      const begun = await (await api.undo.$post({ json: { target: { run: runId }, preview: false } })).json();
      if ('id' in begun) await navigate(`/runs/${begun.id}`);
    },
    { done: () => t('undo.begun') },
  );
  return (
    <Loaded query={preview} waiting={<Waiting rows={3} height={48} />}>
      {({ counts, lines }) =>
        lines.length === 0 ? (
          <div className="note">
            <Text size="sm">{t('undo.nothing')}</Text>
          </div>
        ) : (
          <Stack gap="sm">
            <Group justify="space-between">
              <Counts counts={counts} />
              {(counts.records ?? 0) > 0 && (
                <Button loading={undo.isPending} onClick={() => undo.mutate(undefined)}>
                  {t('undo.apply')}
                </Button>
              )}
            </Group>
            <ul className="card rows plain">
              {lines.map((line) => (
                <li key={`${line.recordId} ${line.deed} ${line.field} ${line.connection}`}>
                  <Line line={line} />
                </li>
              ))}
            </ul>
          </Stack>
        )
      }
    </Loaded>
  );
}

const DEEDS = ['remove', 'archive', 'restore', 'remake', 'part'] as const;

/** What the undo would come to: how much goes back, on how many records, and what it leaves as it is, and why. */
function Counts({ counts }: Pick<UndoPreview, 'counts'>) {
  const { t } = useTranslation('runs');
  const { records = 0, field = 0, spared = 0, impossible = 0 } = counts;
  const deeds = DEEDS.flatMap((deed) => ((counts[deed] ?? 0) === 0 ? [] : [`${t(`undo.deed.${deed}`)}: ${counts[deed]}`]));
  const values = field === 0 ? [] : [t('undo.values', { count: field })];
  const back = [...values, ...deeds, t('undo.records', { count: records })];
  const left = [
    ...(spared === 0 ? [] : [t('undo.spared', { count: spared })]),
    ...(impossible === 0 ? [] : [t('undo.impossible', { count: impossible })]),
  ];
  return (
    <div style={{ flex: '1 1 16rem' }}>
      <Text size="sm" fw={550}>
        {back.join(' · ')}
      </Text>
      {left.map((words) => (
        <Text key={words} size="sm" c="dimmed">
          {words}
        </Text>
      ))}
    </div>
  );
}

function Line({ line }: { readonly line: UndoPreview['lines'][number] }) {
  const { t } = useTranslation(['runs', 'shared']);
  const names = useNames();
  return (
    <Group px="md" py="xs" justify="space-between" gap="xs">
      <div style={{ flex: '1 1 16rem', minWidth: 0 }}>
        <Text size="sm" component="div">
          <RecordLink record={{ id: line.recordId, object: line.object, title: line.title }} />
          {line.connection !== null && ` · ${line.connection}`}
        </Text>
        <Text size="sm" component="div">
          <Text span size="sm" c="dimmed">
            {line.field === null ? t(`undo.deed.${line.deed}`) : `${names.field(line.field)}: `}
          </Text>
          {line.field !== null && (
            <>
              <Shown value={line.from} /> <span aria-hidden="true">→</span>
              <VisuallyHidden component="span"> {t('shared:value.became')} </VisuallyHidden> <Shown value={line.to} />
            </>
          )}
        </Text>
        {line.fate !== 'undone' && (
          <Text size="xs" c="dimmed" className="value">
            {line.reason}
          </Text>
        )}
      </div>
      <span className="chip">
        <span className="dot" data-tone={line.fate === 'undone' ? 'good' : line.fate === 'spared' ? 'wait' : 'bad'} aria-hidden="true" />
        <span>{t(`undo.fate.${line.fate}`)}</span>
      </span>
    </Group>
  );
}
