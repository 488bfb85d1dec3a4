import { useRuns } from './run-queries.ts';
import './runs.css';
import { Stack, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import type { Run } from '../api.ts';
import { useErrorTitle } from '../connections/error-title.ts';
import { LongList } from '../parts/long-list.tsx';
import { NextStep } from '../parts/next-step.tsx';
import { Empty, Loaded, More, Waiting } from '../parts/page.tsx';
import { Ago, State } from '../parts/small.tsx';
import { useOverview } from '../queries.ts';
import type { Tone } from '../tones.ts';
import { useRunWords } from './run-words.ts';

const ROW_HEIGHT = 64;

/** The latest runs of a connection, or of all, with their counts and errors in plain words. */
export function RunList({ connectionId }: { readonly connectionId: string | null }) {
  const { t } = useTranslation('runs');
  const runs = useRuns(connectionId);
  return (
    <Loaded query={runs} waiting={<Waiting rows={4} height={44} />}>
      {({ pages }) => {
        const items = pages.flatMap((page) => page.items);
        if (items.length === 0)
          return (
            <Empty title={t('noRuns')} action={<NextStep to="connect" />}>
              {t('none')}
            </Empty>
          );
        if (connectionId === null)
          return (
            <LongList label={t('latest')} items={items} query={runs} rowHeight={ROW_HEIGHT}>
              {(run) => <RunRow run={run} namesConnection />}
            </LongList>
          );
        // Something stands below, which a list that goes on by itself would keep away from whoever scrolls there.
        return (
          <Stack gap="sm">
            <ul className="card rows plain">
              {items.map((run) => (
                <li key={run.id}>
                  <RunRow run={run} namesConnection={false} />
                </li>
              ))}
            </ul>
            <More query={runs} />
          </Stack>
        );
      }}
    </Loaded>
  );
}

/** Whether somebody wanted it to end before it was done: nothing is wrong then. */
export const isCancelled = ({ error }: Run): boolean => error?.kind === 'cancelled';

export function runTone(run: Run): Tone {
  if (isCancelled(run)) return 'off';
  return run.error !== null ? 'bad' : run.endedAt === null ? 'wait' : 'good';
}

function RunRow({ run, namesConnection }: { readonly run: Run; readonly namesConnection: boolean }) {
  const { t } = useTranslation('runs');
  const said = useRunWords();
  const titleOf = useErrorTitle();
  const { data } = useOverview();
  const name = namesConnection ? data?.connections.find(({ id }) => id === run.connectionId)?.name : undefined;
  return (
    <Link to={`/runs/${run.id}`} className="row-link run-row">
      <Text size="sm" component="div" flex="0 0 15rem">
        <State tone={runTone(run)} words={said.title(run)} />
      </Text>
      <Text size="sm" c="dimmed" flex="1 1 14rem" className="tabular">
        {[name, said.counts(run)].filter((part) => part !== undefined).join(' · ')}
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
          {isCancelled(run) ? t('state.cancelled') : titleOf(run.error.kind)}
          {run.error.message !== null && `: ${run.error.message}`}
        </Text>
      )}
    </Link>
  );
}
