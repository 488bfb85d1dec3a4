import { Button, Group, Stack, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { Link, useNavigate } from 'react-router';
import { api, type Plan } from '../api.ts';
import { NextStep } from '../parts/next-step.tsx';
import { Empty, Loaded, More, Waiting } from '../parts/page.tsx';
import { Ago, State } from '../parts/small.tsx';
import { useAct, useMay } from '../session.tsx';
import type { Tone } from '../tones.ts';
import { usePlans } from './run-queries.ts';

export const PLAN_TONES: Readonly<Record<Plan['state'], Tone>> = {
  computing: 'wait',
  ready: 'wait',
  applying: 'wait',
  paused: 'off',
  cancelling: 'wait',
  applied: 'good',
  cancelled: 'off',
  drifted: 'bad',
  abandoned: 'off',
  failed: 'bad',
};

/** Asks for a plan of everything that is connected and not live yet. */
export function MakePlan() {
  const { t } = useTranslation('runs');
  const navigate = useNavigate();
  const make = useAct(async () => {
    const plan = await (await api.plans.$post({ json: {} })).json();
    await navigate(`/plans/${plan.id}`);
  });
  return (
    <Button size="xs" variant="default" loading={make.isPending} onClick={() => make.mutate(undefined)}>
      {t('makePlan')}
    </Button>
  );
}

/** The plans that were made, the newest first. */
export function PlanList() {
  const { t } = useTranslation('runs');
  return useMay('admin') ? (
    <Plans />
  ) : (
    <Empty title={t('noPlans')} action={<NextStep to="health" />}>
      {t('adminsPlan')}
    </Empty>
  );
}

function Plans() {
  const { t } = useTranslation('runs');
  const plans = usePlans();
  return (
    <Loaded query={plans} waiting={<Waiting rows={4} height={48} />}>
      {({ pages }) => {
        const items = pages.flatMap((page) => page.items);
        if (items.length === 0)
          return (
            <Empty title={t('noPlans')} action={<MakePlan />}>
              {t('noPlansAbout')}
            </Empty>
          );
        return (
          <Stack gap="sm">
            <ul className="card rows plain">
              {items.map((plan) => (
                <li key={plan.id}>
                  <PlanRow plan={plan} />
                </li>
              ))}
            </ul>
            <More query={plans} />
          </Stack>
        );
      }}
    </Loaded>
  );
}

function PlanRow({ plan }: { readonly plan: Plan }) {
  const { t } = useTranslation('runs');
  const connections = [...new Set(plan.streams.map(({ connection }) => connection))];
  return (
    <Link to={`/plans/${plan.id}`} className="row-link">
      <Group justify="space-between" gap="md">
        <Text size="sm" component="div" flex="0 0 10rem">
          <State tone={PLAN_TONES[plan.state]} words={t(`state.${plan.state}`)} />
        </Text>
        <Text size="sm" c="dimmed" flex="1 1 12rem" className="value">
          {connections.join(', ')}
        </Text>
        <Text size="xs" c="dimmed">
          <Ago at={plan.createdAt} />
        </Text>
      </Group>
    </Link>
  );
}
