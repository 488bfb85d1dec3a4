import './runs.css';
import { Button } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { Link, useNavigate } from 'react-router';
import { api, type Plan } from '../api.ts';
import { LongList } from '../parts/long-list.tsx';
import { NextStep } from '../parts/next-step.tsx';
import { Empty, Loaded, Waiting } from '../parts/page.tsx';
import { Ago, State } from '../parts/small.tsx';
import { useAct, useMay } from '../session.tsx';
import type { Tone } from '../tones.ts';
import { usePlans } from './run-queries.ts';

const ROW_HEIGHT = 41;

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
          <LongList label={t('plans')} items={items} query={plans} rowHeight={ROW_HEIGHT}>
            {(plan) => <PlanRow plan={plan} />}
          </LongList>
        );
      }}
    </Loaded>
  );
}

function PlanRow({ plan }: { readonly plan: Plan }) {
  const { t } = useTranslation('runs');
  const connections = [...new Set(plan.streams.map(({ connection }) => connection))];
  return (
    <Link to={`/plans/${plan.id}`} className="row-link run-row">
      <div className="said what">
        <State tone={PLAN_TONES[plan.state]} words={t(`state.${plan.state}`)} />
      </div>
      <div className="said dimmed much value">{connections.join(', ')}</div>
      <div className="dim">
        <Ago at={plan.createdAt} />
      </div>
    </Link>
  );
}
