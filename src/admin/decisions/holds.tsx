import { Button, SegmentedControl, Stack, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { Link, useSearchParams } from 'react-router';
import { Empty, Loaded, More, Page, Waiting } from '../parts/page.tsx';
import { useHolds } from '../queries.ts';
import { HoldCard } from './hold-card.tsx';

/** The decisions that wait for a person, and those that were made. */
export function HoldsPage() {
  const { t } = useTranslation(['decisions', 'shared']);
  const [search, setSearch] = useSearchParams();
  const state = search.get('state') === 'closed' ? 'closed' : 'open';
  const filter = { connectionId: search.get('connection'), recordId: search.get('record') };
  const holds = useHolds(state, filter);
  const isNarrowed = filter.connectionId !== null || filter.recordId !== null;
  return (
    <Page title={t('title')} about={t('about')} width={860}>
      <SegmentedControl
        aria-label={t('which')}
        value={state}
        onChange={(next) => setSearch((old) => ({ ...Object.fromEntries(old), state: next }), { replace: true })}
        data={[
          { value: 'open', label: t('openOnes') },
          { value: 'closed', label: t('closedOnes') },
        ]}
        style={{ alignSelf: 'flex-start' }}
      />
      {isNarrowed && (
        <Text size="sm" c="dimmed">
          {t(filter.recordId === null ? 'onlyConnection' : 'onlyRecord')}{' '}
          <Button component={Link} to={`/decisions?state=${state}`} variant="subtle" size="compact-xs">
            {t('shared:showAll')}
          </Button>
        </Text>
      )}
      <Loaded query={holds} waiting={<Waiting rows={4} height={120} />}>
        {({ pages }) => {
          const items = pages.flatMap((page) => page.items);
          if (items.length === 0) return <None state={state} />;
          return (
            <Stack gap="sm">
              {items.map((hold) => (
                <HoldCard key={hold.id} hold={hold} />
              ))}
              <More query={holds} />
            </Stack>
          );
        }}
      </Loaded>
    </Page>
  );
}

function None({ state }: { readonly state: 'open' | 'closed' }) {
  const { t } = useTranslation('decisions');
  if (state === 'closed') return <Empty title={t('noneDecided')}>{t('noneDecidedAbout')}</Empty>;
  return <Empty title={t('none')}>{t('noneAbout')}</Empty>;
}
