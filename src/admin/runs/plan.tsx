import { Anchor, Button, Group, Stack, Table, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { Link, useParams } from 'react-router';
import { api, type Plan, type PlanDetail } from '../api.ts';
import { useFormat, useSpan } from '../format.ts';
import { useNames } from '../names.ts';
import { Listed } from '../parts/listed.tsx';
import { Loaded, Page, Section, Waiting } from '../parts/page.tsx';
import { Ago, State } from '../parts/small.tsx';
import { useWho } from '../parts/who.ts';
import { useAct } from '../session.tsx';
import { Applying } from './applying.tsx';
import { PlanLines } from './plan-lines.tsx';
import { PLAN_TONES } from './plan-list.tsx';
import { usePlan } from './run-queries.ts';

type Summary = NonNullable<Plan['summary']>;

/** One plan: what it would do, in counts and line by line, what it would cost, and its approval. */
export function PlanPage() {
  const { t } = useTranslation('runs');
  const { id = '' } = useParams();
  const plan = usePlan(id);
  return (
    <Page title={t('plan')} back={{ to: '/runs?show=plans', label: t('plans') }} actions={plan.data && <Actions plan={plan.data} />}>
      <Loaded query={plan} waiting={<Waiting rows={3} height={110} />}>
        {(data) => (
          <>
            <Standing plan={data} />
            <Applying plan={data} />
            {data.summary !== null && <Whole summary={data.summary} />}
            {data.summary !== null && <PlanLines plan={data} />}
          </>
        )}
      </Loaded>
    </Page>
  );
}

const MAY_ABANDON: ReadonlySet<Plan['state']> = new Set(['computing', 'ready', 'drifted', 'failed']);

function Actions({ plan }: { readonly plan: Plan }) {
  const { t } = useTranslation('runs');
  const param = { id: plan.id };
  const apply = useAct(async () => api.plans[':id'].apply.$post({ param }));
  const abandon = useAct(async () => api.plans[':id'].abandon.$post({ param }));
  return (
    <>
      {plan.summary !== null && (
        <Button size="xs" variant="subtle" component="a" href={`/api/v1/plans/${plan.id}/export?format=csv`} download>
          {t('download')}
        </Button>
      )}
      {MAY_ABANDON.has(plan.state) && plan.wantedBy === null && (
        <Button size="xs" variant="default" loading={abandon.isPending} onClick={() => abandon.mutate(undefined)}>
          {t('abandon')}
        </Button>
      )}
      {plan.state === 'ready' && plan.wantedBy === null && (
        <Button size="xs" loading={apply.isPending} onClick={() => apply.mutate(undefined)}>
          {t('apply')}
        </Button>
      )}
    </>
  );
}

function Standing({ plan }: { readonly plan: PlanDetail }) {
  const { t } = useTranslation('runs');
  const who = useWho();
  const applied = plan.summary?.applied;
  return (
    <Stack className="card" p="md" gap={4}>
      <Text size="sm" component="div">
        <State tone={PLAN_TONES[plan.state]} words={t(`state.${plan.state}`)} />
        <Text span size="sm" c="dimmed">
          {' '}
          · <Ago at={plan.createdAt} /> · {t('by', { actor: who(plan.actorName) })}
        </Text>
      </Text>
      {plan.wantedBy !== null && plan.progress === null && <Text size="sm">{t('wanted')}</Text>}
      {plan.state === 'applied' && applied !== undefined && <Text size="sm">{t('applied', applied)}</Text>}
      {plan.state === 'applied' && plan.runId !== null && (
        <Anchor component={Link} to={`/runs/${plan.runId}`} size="sm" w="fit-content">
          {t('applying.run')}
        </Anchor>
      )}
      {plan.error !== null && (
        <Text size="sm" className="value" c="var(--mantine-color-error)">
          {plan.error}
        </Text>
      )}
    </Stack>
  );
}

/** What a plan comes to as a whole. */
export function Whole({ summary }: { readonly summary: Summary }) {
  const { t } = useTranslation('runs');
  return (
    <>
      {summary.warnings.length > 0 && (
        <Section title={t('warnings')}>
          <Stack className="note warn" gap={4}>
            {summary.warnings.map(({ kind, text }) => (
              <Text key={`${kind} ${text}`} size="sm" className="value">
                {text}
              </Text>
            ))}
          </Stack>
        </Section>
      )}
      <Section title={t('counts')}>
        <Counts summary={summary} />
      </Section>
      <Forecast summary={summary} />
      <NonUnique summary={summary} />
    </>
  );
}

function Counts({ summary }: { readonly summary: Summary }) {
  const { t } = useTranslation(['runs', 'shared']);
  const format = useFormat();
  const names = useNames();
  if (summary.counts.length === 0) return <div className="note">{t('nothing')}</div>;
  return (
    <Listed label={t('counts')} heads={[t('system'), t('object'), t('what'), t('records')]} figures={1}>
      {summary.counts.map(({ connection, object, operation, records }) => (
        <Table.Tr key={`${connection} ${object} ${operation}`}>
          <Table.Td className="value">{connection ?? t('shared:product')}</Table.Td>
          <Table.Td>{names.objects(object)}</Table.Td>
          <Table.Td>{t(`operation.${operation}`)}</Table.Td>
          <Table.Td ta="right">{format.count(records)}</Table.Td>
        </Table.Tr>
      ))}
    </Listed>
  );
}

function Forecast({ summary }: { readonly summary: Summary }) {
  const { t } = useTranslation('runs');
  const format = useFormat();
  const span = useSpan();
  if (summary.forecast.length === 0) return null;
  return (
    <Section title={t('forecast')}>
      <Listed label={t('forecast')} heads={[t('system'), t('calls'), t('time')]} figures={2}>
        {summary.forecast.map(({ connection, calls, seconds }) => (
          <Table.Tr key={connection}>
            <Table.Td className="value">{connection}</Table.Td>
            <Table.Td ta="right">{format.count(calls)}</Table.Td>
            <Table.Td ta="right">{t('roughly', { span: span(roundUp(seconds) * 1000) })}</Table.Td>
          </Table.Tr>
        ))}
      </Listed>
    </Section>
  );
}

// What takes minutes is told in minutes.
const roundUp = (seconds: number): number => (seconds > 120 ? Math.ceil(seconds / 60) * 60 : Math.max(1, seconds));

function NonUnique({ summary }: { readonly summary: Summary }) {
  const { t } = useTranslation('runs');
  const names = useNames();
  if (summary.nonUnique.length === 0) return null;
  return (
    <Section title={t('nonUnique')} about={t('moreKeys', { count: summary.nonUniqueKeys })}>
      <div className="card rows">
        {summary.nonUnique.map(({ connection, object, key, remoteIds }) => (
          <Group key={`${connection} ${object} ${remoteIds.join()}`} px="md" py="xs" gap="md">
            <Text size="sm" c="dimmed">
              {connection} · {names.objects(object)}
            </Text>
            <Text size="sm" className="value">
              {t('sharedBy', { key: Object.values(key).join(', '), ids: remoteIds.join(', ') })}
            </Text>
          </Group>
        ))}
      </div>
    </Section>
  );
}
