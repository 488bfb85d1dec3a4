import { Button, Group, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import type { Plan } from '../api.ts';
import { Failed, Loaded } from '../parts/page.tsx';
import { usePlan } from '../runs/run-queries.ts';
import { Footer } from './footer.tsx';
import type { StepProps } from './start.tsx';
import { type Step, usePlanAnew } from './steps.ts';
import { UnderWay } from './under-way.tsx';

type WithPlanProps = StepProps & {
  readonly back: Step;
  /** What is shown where nothing that was chosen is written anywhere, so that there is nothing to plan. */
  readonly without: ReactNode;
  readonly children: (plan: Plan) => ReactNode;
};

/** A step that stands on the plan: it shows that it is being computed, why it could not be, or what came of it. */
export function WithPlan({ start, without, ...props }: WithPlanProps) {
  return start.planId === null ? without : <Planned {...props} start={start} planId={start.planId} />;
}

type PlannedProps = Omit<WithPlanProps, 'without'> & { readonly planId: string };

function Planned({ planId, overview, start, back, children }: PlannedProps) {
  const { t } = useTranslation('start');
  const plan = usePlan(planId);
  const anew = usePlanAnew();
  if (plan.data === undefined && plan.error !== null) return <Failed error={plan.error} again={() => anew.mutate(undefined)} />;
  return (
    <Loaded query={plan}>
      {(data) => {
        if (data.state === 'computing')
          return (
            <>
              <UnderWay start={start} overview={overview} title={t('reading.title')} about={t('reading.about')} />
              <Footer back={back} />
            </>
          );
        if (data.summary === null || data.state === 'failed' || data.state === 'drifted' || data.state === 'abandoned')
          return (
            <>
              <div className="note bad" role="alert">
                <Text size="sm" fw={600}>
                  {t(data.state === 'failed' ? 'reading.failed' : 'reading.changed')}
                </Text>
                {data.error !== null && (
                  <Text size="sm" className="value">
                    {data.error}
                  </Text>
                )}
                <Group mt="xs">
                  <Button size="xs" loading={anew.isPending} onClick={() => anew.mutate(undefined)}>
                    {t('reading.again')}
                  </Button>
                  <Button size="xs" variant="default" component={Link} to="/start/connect">
                    {t('reading.connections')}
                  </Button>
                </Group>
              </div>
              <Footer back={back} />
            </>
          );
        return children(data);
      }}
    </Loaded>
  );
}
