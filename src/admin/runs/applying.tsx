import { Anchor, Button, Group, Progress, Stack, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { api, type PlanDetail } from '../api.ts';
import { useFormat, useSpan } from '../format.ts';
import { Section } from '../parts/page.tsx';
import { useAct } from '../session.tsx';

type Systems = NonNullable<PlanDetail['progress']>['systems'];

/** How far applying a plan has come, with what can be made of it; and once it was cancelled, what is left of it. */
export function Applying({ plan }: { readonly plan: PlanDetail }) {
  if (plan.state === 'cancelled') return <Cancelled plan={plan} />;
  if (plan.progress === null || (plan.state !== 'applying' && plan.state !== 'paused' && plan.state !== 'cancelling')) return null;
  return <UnderWay plan={plan} state={plan.state} progress={plan.progress} />;
}

type UnderWayProps = {
  readonly plan: PlanDetail;
  readonly state: 'applying' | 'paused' | 'cancelling';
  readonly progress: NonNullable<PlanDetail['progress']>;
};

function UnderWay({ plan, state, progress }: UnderWayProps) {
  const { t } = useTranslation('runs');
  const format = useFormat();
  const span = useSpan();
  const words = [
    t('applying.written', { done: format.count(progress.done), total: format.count(progress.total) }),
    ...(progress.secondsLeft === null ? [] : [t('applying.left', { span: span(Math.max(1, progress.secondsLeft) * 1000) })]),
    ...(progress.underWay > 0 && state !== 'applying' ? [t('applying.underWay', { count: progress.underWay })] : []),
  ];
  return (
    <Section title={t('applying.title')} about={t(`applying.about.${state}`)}>
      <Stack className="card" p="md" gap="sm">
        <Group justify="space-between" gap="sm" mih={30}>
          <Text size="sm" fw={550} className="tabular" role="status">
            {format.list(words)}
          </Text>
          {state !== 'cancelling' && <Steering planId={plan.id} isPaused={state === 'paused'} />}
        </Group>
        <Systems systems={progress.systems} isMoving={state === 'applying'} />
      </Stack>
    </Section>
  );
}

function Steering({ planId, isPaused }: { readonly planId: string; readonly isPaused: boolean }) {
  const { t } = useTranslation('runs');
  const param = { id: planId };
  const pause = useAct(async () => api.plans[':id'].pause.$post({ param }));
  const resume = useAct(async () => api.plans[':id'].resume.$post({ param }));
  const cancel = useAct(async () => api.plans[':id'].cancel.$post({ param }));
  const turn = isPaused ? resume : pause;
  return (
    <Group gap="xs">
      <Button size="xs" variant="subtle" color="red" loading={cancel.isPending} onClick={() => cancel.mutate(undefined)}>
        {t('applying.cancel')}
      </Button>
      <Button size="xs" variant={isPaused ? 'filled' : 'default'} loading={turn.isPending} onClick={() => turn.mutate(undefined)}>
        {t(isPaused ? 'applying.resume' : 'applying.pause')}
      </Button>
    </Group>
  );
}

function Systems({ systems, isMoving }: { readonly systems: Systems; readonly isMoving: boolean }) {
  const { t } = useTranslation('runs');
  const format = useFormat();
  return systems.map(({ connection, total, done, reason }) => {
    const words = t('applying.written', { done: format.count(done), total: format.count(total) });
    return (
      <div key={connection}>
        <Group justify="space-between" gap="xs">
          <Text size="sm" className="value">
            {connection}
          </Text>
          <Text size="xs" c="dimmed" className="tabular">
            {words}
          </Text>
        </Group>
        <Progress
          value={total === 0 ? 100 : (100 * done) / total}
          size="sm"
          mt={4}
          animated={isMoving && done < total}
          aria-label={`${connection}: ${words}`}
        />
        {reason !== null && (
          <Text size="xs" c="dimmed" mt={4} className="value">
            {reason}
          </Text>
        )}
      </div>
    );
  });
}

function Cancelled({ plan }: { readonly plan: PlanDetail }) {
  const { t } = useTranslation('runs');
  const format = useFormat();
  const { done = 0, drifted: left = 0 } = plan.summary?.applied ?? {};
  return (
    <Stack className="note" gap={4}>
      <Text size="sm">{t('applying.cancelled', { done: format.count(done), left: format.count(left) })}</Text>
      <Group gap="md">
        {plan.runId !== null && (
          <Anchor component={Link} to={`/runs/${plan.runId}`} size="sm">
            {t('applying.run')}
          </Anchor>
        )}
        {left > 0 && (
          <Anchor component={Link} to="/health" size="sm">
            {t('applying.rest')}
          </Anchor>
        )}
      </Group>
    </Stack>
  );
}
