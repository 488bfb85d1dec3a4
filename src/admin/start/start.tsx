import './start.css';
import { Button, Stack, Title } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useTranslation } from 'react-i18next';
import { Link, Navigate, useNavigate, useParams } from 'react-router';
import { api, type Overview, type Start } from '../api.ts';
import { CheckIcon } from '../parts/icons.tsx';
import { NextStep } from '../parts/next-step.tsx';
import { Empty, Loaded, Page, Waiting } from '../parts/page.tsx';
import { useOverview } from '../queries.ts';
import { useAct, useMay } from '../session.tsx';
import { ConnectStep } from './connect-step.tsx';
import { EnableStep } from './enable-step.tsx';
import { FieldsStep } from './fields-step.tsx';
import { MatchingStep } from './matching-step.tsx';
import { ObjectsStep } from './objects-step.tsx';
import { PreviewStep } from './preview-step.tsx';
import { pathTo, placeOf, STEPS, type Step, useStart } from './steps.ts';
import { SystemsStep } from './systems-step.tsx';

const WIDTH = 860;

/** The way from nothing to systems in step: each step has an address, and the bare one leads to where the admins have come. */
export function StartPage() {
  const { t } = useTranslation('start');
  const { step: named } = useParams();
  const start = useStart();
  const overview = useOverview();
  const step = STEPS.find((one) => one === named);
  if (!useMay('admin'))
    return (
      <Empty title={t('adminsOnly')} action={<NextStep to="connect" />}>
        {t('askAdmin')}
      </Empty>
    );
  return (
    <Page title={t('title')} about={t('about')} width={WIDTH} actions={start.data?.done === false && <NotNow />}>
      <Loaded query={start} waiting={<Waiting rows={4} height={72} />}>
        {(state) => {
          if (step === undefined) return <Navigate to={pathTo(state.step)} replace />;
          // A step that nobody has come to yet stands on what is still missing.
          if (placeOf(step) > placeOf(state.step)) return <Navigate to={pathTo(state.step)} replace />;
          return (
            <>
              <Steps at={step} start={state} />
              <Stack gap="md" component="section" aria-label={t(`heading.${step}`)}>
                <Title order={2} fz="1.125rem">
                  {t(`heading.${step}`)}
                </Title>
                <Loaded query={overview}>{(data) => <Shown step={step} start={state} overview={data} />}</Loaded>
              </Stack>
            </>
          );
        }}
      </Loaded>
    </Page>
  );
}

export type StepProps = { readonly start: Start; readonly overview: Overview };

function Shown({ step, ...props }: StepProps & { readonly step: Step }) {
  switch (step) {
    case 'systems':
      return <SystemsStep {...props} />;
    case 'connect':
      return <ConnectStep {...props} />;
    case 'objects':
      return <ObjectsStep {...props} />;
    case 'matching':
      return <MatchingStep {...props} />;
    case 'fields':
      return <FieldsStep {...props} />;
    case 'preview':
      return <PreviewStep {...props} />;
    default:
      return <EnableStep {...props} />;
  }
}

function Steps({ at, start }: { readonly at: Step; readonly start: Start }) {
  const { t } = useTranslation('start');
  return (
    <nav aria-label={t('steps')}>
      <ol className="steps">
        {STEPS.map((step, place) => {
          const isBehind = place < placeOf(start.step) || (start.done && step === start.step);
          const name = (
            <>
              <span className="step-mark" data-done={isBehind && step !== at}>
                {isBehind && step !== at ? <CheckIcon size={12} /> : place + 1}
              </span>
              <span className="step-name">{t(`step.${step}`)}</span>
            </>
          );
          return (
            <li key={step} data-at={step === at}>
              {place <= placeOf(start.step) ? (
                <Link to={pathTo(step)} {...(step === at ? { 'aria-current': 'step' as const } : {})}>
                  {name}
                </Link>
              ) : (
                <span className="step-ahead">{name}</span>
              )}
            </li>
          );
        })}
      </ol>
    </nav>
  );
}

function NotNow() {
  const { t } = useTranslation('start');
  const navigate = useNavigate();
  const leave = useAct(async () => api.start.$patch({ json: { done: true } }), {
    onDone: () => {
      notifications.show({ message: t('isOver') });
      void navigate('/connections');
    },
  });
  return (
    <Button size="xs" variant="default" loading={leave.isPending} onClick={() => leave.mutate(undefined)}>
      {t('notNow')}
    </Button>
  );
}
