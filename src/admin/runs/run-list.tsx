import { Stack, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { Run } from '../api.ts';
import { useErrorTitle } from '../connections/error-title.ts';
import { Loaded, More, Waiting } from '../parts/page.tsx';
import { Ago, State } from '../parts/small.tsx';
import { useRuns } from '../queries.ts';
import { useRunWords } from './run-words.ts';

/** The latest runs of a connection, with their counts and errors in plain words. */
export function RunList({ connectionId }: { readonly connectionId: string }) {
  const { t } = useTranslation('runs');
  const runs = useRuns(connectionId);
  return (
    <Loaded query={runs} waiting={<Waiting rows={4} height={44} />}>
      {({ pages }) => {
        const items = pages.flatMap((page) => page.items);
        if (items.length === 0)
          return (
            <div className="note">
              <Text size="sm">{t('none')}</Text>
            </div>
          );
        return (
          <Stack gap="sm">
            <div className="card rows">
              {items.map((run) => (
                <RunRow key={run.id} run={run} />
              ))}
            </div>
            <More query={runs} />
          </Stack>
        );
      }}
    </Loaded>
  );
}

function RunRow({ run }: { readonly run: Run }) {
  const { t } = useTranslation('runs');
  const said = useRunWords();
  const titleOf = useErrorTitle();
  const tone = run.error !== null ? 'bad' : run.endedAt === null ? 'wait' : 'good';
  return (
    <div style={{ padding: '0.5rem 1rem', display: 'flex', flexWrap: 'wrap', gap: '0.125rem 1rem', alignItems: 'baseline' }}>
      <Text size="sm" component="div" flex="0 0 15rem">
        <State tone={tone} words={said.title(run)} />
      </Text>
      <Text size="sm" c="dimmed" flex="1 1 14rem" className="tabular">
        {said.counts(run)}
      </Text>
      <Text size="xs" c="dimmed">
        <Ago at={run.startedAt} />
      </Text>
      {run.accounting !== null && (
        <Text size="xs" c="dimmed" flex="1 0 100%" className="tabular">
          {said.account(run.accounting)}
        </Text>
      )}
      {run.error !== null && (
        <Text size="sm" flex="1 0 100%" className="value">
          {t('error', { title: titleOf(run.error.kind), message: run.error.message })}
        </Text>
      )}
    </div>
  );
}
