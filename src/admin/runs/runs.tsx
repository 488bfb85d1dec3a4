import { SegmentedControl } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useSearchParams } from 'react-router';
import { Page } from '../parts/page.tsx';
import { useMay } from '../session.tsx';
import { MakePlan, PlanList } from './plan-list.tsx';
import { RunList } from './run-list.tsx';

/** What was done, and what would be: the runs and plans of all connections. */
export function RunsPage() {
  const { t } = useTranslation('runs');
  const [search, setSearch] = useSearchParams();
  const mayPlan = useMay('admin');
  const shown = search.get('show') === 'plans' ? 'plans' : 'latest';
  return (
    <Page title={t('title')} about={t('about')} actions={mayPlan && <MakePlan />}>
      <SegmentedControl
        aria-label={t('title')}
        value={shown}
        onChange={(next) => setSearch(next === 'plans' ? { show: next } : {})}
        data={(['latest', 'plans'] as const).map((value) => ({ value, label: t(value) }))}
        style={{ alignSelf: 'flex-start' }}
      />
      {shown === 'plans' ? <PlanList /> : <RunList connectionId={null} />}
    </Page>
  );
}
