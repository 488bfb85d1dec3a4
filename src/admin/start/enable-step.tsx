import { Anchor, Button, Group, Stack, Text } from '@mantine/core';
import { useEffect } from 'react';
import { Trans, useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { api, type Plan } from '../api.ts';
import { CheckIcon } from '../parts/icons.tsx';
import { useConnectors } from '../queries.ts';
import { Footer } from './footer.tsx';
import type { StepProps } from './start.tsx';
import { useStartAct } from './steps.ts';
import { UnderWay } from './under-way.tsx';
import { WithPlan } from './with-plan.tsx';

/** Switching on, how far it is, and what comes after it. */
export function EnableStep(props: StepProps) {
  return (
    <WithPlan {...props} back="preview" without={<Going {...props} plan={null} />}>
      {(plan) => <Going {...props} plan={plan} />}
    </WithPlan>
  );
}

type GoingProps = StepProps & { readonly plan: Plan | null };

function Going({ plan, start, overview }: GoingProps) {
  const { t } = useTranslation('start');
  const enable = useStartAct(async () => (await api.start.enable.$post({ json: { plan: plan?.id ?? null } })).json());
  const finish = useStartAct(async () => (await api.start.finish.$post()).json());
  const isApplied = plan?.state === 'applied';
  const { mutate } = finish;
  useEffect(() => {
    if (isApplied && !start.done) mutate(undefined);
  }, [isApplied, start.done, mutate]);
  if (plan === null && !start.done)
    return <Footer back="preview" next={{ label: t('preview.enable'), busy: finish.isPending, go: () => finish.mutate(undefined) }} />;
  if (isApplied || plan === null) return <Done plan={plan} start={start} overview={overview} />;
  if (plan.wantedBy === null && plan.state === 'ready')
    return (
      <>
        {plan.error !== null && (
          <div className="note bad" role="alert">
            {plan.error}
          </div>
        )}
        <Text size="sm">{t(start.seen ? 'enable.ready' : 'enable.waits')}</Text>
        <Footer
          back="preview"
          {...(start.seen ? { next: { label: t('preview.enable'), busy: enable.isPending, go: () => enable.mutate(undefined) } } : {})}
        />
      </>
    );
  return <UnderWay start={start} overview={overview} title={t('enable.going')} about={t('enable.goingAbout')} />;
}

function Done({ plan, start, overview }: GoingProps) {
  const { t } = useTranslation('start');
  const { data: connectors = [] } = useConnectors();
  const isSurvey = (id: string): boolean => connectors.some((connector) => connector.id === id && connector.kind === 'survey');
  const { done = 0, drifted = 0 } = plan?.summary?.applied ?? {};
  return (
    <Stack className="card" p="lg" gap="sm">
      <Group gap={8} wrap="nowrap">
        <CheckIcon size={20} />
        <Text fw={650} size="lg" role="status">
          {t('enable.done')}
        </Text>
      </Group>
      <Text size="sm">{plan === null ? t('enable.surveysDone') : t('enable.doneAbout', { count: done })}</Text>
      {drifted > 0 && <Text size="sm">{t('enable.drifted', { count: drifted })}</Text>}
      {start.sandboxes.open.flatMap(({ connectionId, connector, page }) => {
        const connection = overview.connections.find(({ id }) => id === connectionId);
        if (connection === undefined || page === null) return [];
        return [
          <Text key={connectionId} size="sm">
            <Trans
              t={t}
              i18nKey={isSurvey(connector) ? 'enable.answerIt' : 'enable.tryIt'}
              values={{ name: connection.name }}
              components={{ a: <Anchor href={page} target="_blank" rel="noreferrer" size="sm" underline="always" /> }}
            />
          </Text>,
        ];
      })}
      <Group gap="sm">
        <Button component={Link} to="/contacts">
          {t('enable.contacts')}
        </Button>
        <Button component={Link} to="/health" variant="default">
          {t('enable.health')}
        </Button>
        {overview.openHolds > 0 && (
          <Button component={Link} to="/decisions" variant="default">
            {t('enable.decisions', { count: overview.openHolds })}
          </Button>
        )}
      </Group>
    </Stack>
  );
}
