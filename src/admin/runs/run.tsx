import { Anchor, Stack, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { Link, useParams } from 'react-router';
import type { Run } from '../api.ts';
import { useErrorTitle } from '../connections/error-title.ts';
import { ProgressLine } from '../connections/progress-line.tsx';
import { useFormat, useSpan } from '../format.ts';
import { Loaded, Page, Section, Waiting } from '../parts/page.tsx';
import { State } from '../parts/small.tsx';
import { useWho } from '../parts/who.ts';
import { useOverview } from '../queries.ts';
import { useMay } from '../session.tsx';
import { isCancelled, runTone } from './run-list.tsx';
import { useRun } from './run-queries.ts';
import { useRunWords } from './run-words.ts';
import { Undo } from './undo.tsx';

/** One run: what it came to, how far it is, and taking it back. */
export function RunPage() {
  const { t } = useTranslation('runs');
  const { id = '' } = useParams();
  const run = useRun(id);
  const said = useRunWords();
  return (
    <Page title={run.data === undefined ? t('run') : said.title(run.data)} back={{ to: '/runs', label: t('title') }} width={860}>
      <Loaded query={run} waiting={<Waiting rows={2} height={110} />}>
        {(data) => <Shown run={data} />}
      </Loaded>
    </Page>
  );
}

function Shown({ run }: { readonly run: Run }) {
  const { t } = useTranslation('runs');
  const format = useFormat();
  const span = useSpan();
  const said = useRunWords();
  const titleOf = useErrorTitle();
  const who = useWho();
  const mayUndo = useMay('admin');
  const { data } = useOverview();
  const connection = data?.connections.find(({ id }) => id === run.connectionId);
  const tookMs =
    run.endedAt === null ? null : Math.max(1000, Math.round((Date.parse(run.endedAt) - Date.parse(run.startedAt)) / 1000) * 1000);
  return (
    <>
      <Stack className="card" p="md" gap="xs">
        <Text size="sm" component="div">
          <State tone={runTone(run)} words={tookMs === null ? t('detail.goesOn') : t('detail.took', { span: span(tookMs) })} />
        </Text>
        {connection !== undefined && (
          <Anchor component={Link} to={`/connections/${connection.id}`} size="sm" w="fit-content">
            {connection.name}
          </Anchor>
        )}
        {run.endedAt === null && run.connectionId !== null && <ProgressLine connectionId={run.connectionId} />}
        <dl className="facts">
          <Fact name={t('detail.started')} value={format.moment(run.startedAt)} />
          {run.endedAt !== null && <Fact name={t('detail.ended')} value={format.moment(run.endedAt)} />}
          {run.actorName !== null && <Fact name={t('detail.actor')} value={who(run.actorName)} />}
          <Fact name={t('detail.counts')} value={said.counts(run)} />
        </dl>
        {run.accounting !== null && (
          <Text size="sm" c="dimmed" className="tabular">
            {t('detail.accounting')}: {said.account(run.accounting)}
          </Text>
        )}
        {run.error !== null && (
          <Text size="sm" className={isCancelled(run) ? 'note value' : 'note bad value'} role={isCancelled(run) ? undefined : 'alert'}>
            {run.error.message ?? titleOf(run.error.kind)}
          </Text>
        )}
      </Stack>
      {mayUndo && run.endedAt !== null && (
        <Section title={t('undo.title')} about={t('undo.about')}>
          <Undo runId={run.id} />
        </Section>
      )}
    </>
  );
}

function Fact({ name, value }: { readonly name: string; readonly value: string }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd className="value">{value}</dd>
    </div>
  );
}
