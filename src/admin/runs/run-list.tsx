import { useLatestRuns, useRuns } from './run-queries.ts';
import './runs.css';
import { Anchor, Stack } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import type { Run } from '../api.ts';
import { useErrorTitle } from '../connections/error-title.ts';
import { LongList } from '../parts/long-list.tsx';
import { NextStep } from '../parts/next-step.tsx';
import { Empty, Loaded, Waiting } from '../parts/page.tsx';
import { Ago, State } from '../parts/small.tsx';
import { useOverview } from '../queries.ts';
import type { Tone } from '../tones.ts';
import { useRunWords } from './run-words.ts';

const ROW_HEIGHT = 64;

/** The runs of a connection, or of all, with their counts and errors in plain words. */
export function RunList({ connectionId }: { readonly connectionId: string | null }) {
  const { t } = useTranslation('runs');
  const runs = useRuns(connectionId);
  const nameOf = useConnectionNames();
  return (
    <Loaded query={runs} waiting={<Waiting rows={4} height={44} />}>
      {({ pages }) => {
        const items = pages.flatMap((page) => page.items);
        if (items.length === 0) return <None />;
        return (
          <LongList label={t('latest')} items={items} query={runs} rowHeight={ROW_HEIGHT}>
            {(run) => <RunRow run={run} name={connectionId === null ? nameOf(run.connectionId) : null} />}
          </LongList>
        );
      }}
    </Loaded>
  );
}

/** The last few runs of one connection, and the way to the others. */
export function LatestRuns({ connectionId }: { readonly connectionId: string }) {
  const { t } = useTranslation('runs');
  const runs = useLatestRuns(connectionId);
  return (
    <Loaded query={runs} waiting={<Waiting rows={4} height={44} />}>
      {({ items, next }) => {
        if (items.length === 0) return <None />;
        return (
          <Stack gap="xs">
            <ul className="card rows plain">
              {items.map((run) => (
                <li key={run.id}>
                  <RunRow run={run} name={null} />
                </li>
              ))}
            </ul>
            {next !== null && (
              <Anchor component={Link} to={`/runs?connection=${connectionId}`} size="sm" w="fit-content">
                {t('allRuns')}
              </Anchor>
            )}
          </Stack>
        );
      }}
    </Loaded>
  );
}

function None() {
  const { t } = useTranslation('runs');
  return (
    <Empty title={t('noRuns')} action={<NextStep to="connect" />}>
      {t('none')}
    </Empty>
  );
}

function useConnectionNames(): (id: string | null) => string | null {
  const { data } = useOverview();
  return (id) => data?.connections.find((connection) => connection.id === id)?.name ?? null;
}

/** Whether somebody wanted it to end before it was done: nothing is wrong then. */
export const isCancelled = ({ error }: Run): boolean => error?.kind === 'cancelled';

export function runTone(run: Run): Tone {
  if (isCancelled(run)) return 'off';
  return run.error !== null ? 'bad' : run.endedAt === null ? 'wait' : 'good';
}

function RunRow({ run, name }: { readonly run: Run; readonly name: string | null }) {
  const { t } = useTranslation('runs');
  const said = useRunWords();
  const titleOf = useErrorTitle();
  return (
    <Link to={`/runs/${run.id}`} className="row-link run-row">
      <div className="said what">
        <State tone={runTone(run)} words={said.title(run)} />
      </div>
      <div className="said dimmed much tabular">{[name, said.counts(run)].filter((part) => part !== null).join(' · ')}</div>
      <div className="dim">
        <Ago at={run.startedAt} />
      </div>
      {run.accounting !== null && <div className="dim tabular below">{said.account(run.accounting)}</div>}
      {run.error !== null && (
        <div className="said value below">
          {isCancelled(run) ? t('state.cancelled') : titleOf(run.error.kind)}
          {run.error.message !== null && `: ${run.error.message}`}
        </div>
      )}
    </Link>
  );
}
