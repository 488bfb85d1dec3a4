import { Button, Text } from '@mantine/core';
import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import { api, type Plan } from '../api.ts';
import { Whole } from '../runs/plan.tsx';
import { PlanLines } from '../runs/plan-lines.tsx';
import { Footer } from './footer.tsx';
import type { StepProps } from './start.tsx';
import { pathTo, useGoOn, usePlanAnew, useStartAct } from './steps.ts';
import { WithPlan } from './with-plan.tsx';

/** What switching on would do: shown here, it counts as looked at, and only then it can be switched on. */
export function PreviewStep(props: StepProps) {
  const { t } = useTranslation('start');
  const go = useGoOn('enable');
  const without = (
    <>
      <div className="note">{t('preview.nothing')}</div>
      <Footer back="fields" next={{ busy: go.isPending, go: () => go.mutate(undefined) }} />
    </>
  );
  return (
    <WithPlan {...props} back="fields" without={without}>
      {(plan) => <Seen plan={plan} isSeen={props.start.seen} />}
    </WithPlan>
  );
}

function Seen({ plan, isSeen }: { readonly plan: Plan; readonly isSeen: boolean }) {
  const { t } = useTranslation('start');
  const navigate = useNavigate();
  const anew = usePlanAnew();
  const see = useStartAct(async () => (await api.start.seen.$post({ json: { plan: plan.id } })).json(), { quiet: true });
  const { mutate } = see;
  useEffect(() => {
    if (!isSeen) mutate(undefined);
  }, [isSeen, mutate]);
  const enable = useStartAct(async () => (await api.start.enable.$post({ json: { plan: plan.id } })).json(), { step: 'enable' });
  const isBegun = plan.state !== 'ready' || plan.wantedBy !== null;
  return (
    <>
      <Text size="sm" c="dimmed">
        {t('preview.about')}
      </Text>
      {plan.summary !== null && <Whole summary={plan.summary} />}
      <PlanLines plan={plan} />
      <Footer
        back="fields"
        next={
          isBegun
            ? { busy: false, go: () => void navigate(pathTo('enable')) }
            : { label: t('preview.enable'), busy: enable.isPending || !isSeen, go: () => enable.mutate(undefined) }
        }
      >
        {!isBegun && (
          <>
            <Text size="xs" c="dimmed">
              {t('preview.sure')}
            </Text>
            <Button variant="default" loading={anew.isPending} onClick={() => anew.mutate(undefined)}>
              {t('reading.again')}
            </Button>
          </>
        )}
      </Footer>
    </>
  );
}
