import { Group, NativeSelect, SegmentedControl } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useSearchParams } from 'react-router';
import { usePut } from '../address.ts';
import { Page } from '../parts/page.tsx';
import { useOverview } from '../queries.ts';
import { useMay } from '../session.tsx';
import { MakePlan, PlanList } from './plan-list.tsx';
import { RunList } from './run-list.tsx';

/** What was done, and what would be: the runs and plans of all connections. */
export function RunsPage() {
  const { t } = useTranslation('runs');
  const [search] = useSearchParams();
  const put = usePut({ asSteps: true });
  const mayPlan = useMay('admin');
  const shown = search.get('show') === 'plans' ? 'plans' : 'latest';
  const connectionId = search.get('connection');
  return (
    <Page title={t('title')} about={t('about')} actions={mayPlan && <MakePlan />}>
      <Group justify="space-between" gap="sm">
        <SegmentedControl
          aria-label={t('title')}
          value={shown}
          onChange={(next) => put({ show: next === 'plans' ? next : null })}
          data={(['latest', 'plans'] as const).map((value) => ({ value, label: t(value) }))}
        />
        {shown === 'latest' && <ConnectionChoice chosen={connectionId} onChoose={(connection) => put({ connection })} />}
      </Group>
      {shown === 'plans' ? <PlanList /> : <RunList connectionId={connectionId} />}
    </Page>
  );
}

type ChoiceProps = { readonly chosen: string | null; readonly onChoose: (id: string) => void };

function ConnectionChoice({ chosen, onChoose }: ChoiceProps) {
  const { t } = useTranslation('runs');
  const connections = useOverview().data?.connections ?? [];
  return (
    <NativeSelect
      aria-label={t('system')}
      value={chosen ?? ''}
      data={[{ value: '', label: t('anySystem') }, ...connections.map(({ id, name }) => ({ value: id, label: name }))]}
      onChange={(event) => onChoose(event.currentTarget.value)}
    />
  );
}
