import { SegmentedControl } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { usePut } from '../address.ts';
import { LongList } from '../parts/long-list.tsx';
import { NextStep } from '../parts/next-step.tsx';
import { Empty, Loaded, Page, Waiting } from '../parts/page.tsx';
import { useOverview } from '../queries.ts';
import { SHOWN, type Shown, useResponseAddress } from './response-address.ts';
import { NarrowedTo, ResponseFilters } from './response-filters.tsx';
import { ResponseItem } from './response-item.tsx';
import { useResponses } from './response-queries.ts';

const EMPTY = { all: 'All', unmatched: 'Unmatched', attached: 'Attached', detached: 'Detached' } as const;
const ROW_HEIGHT = 88;

/** Survey responses as a stream, narrowed by whatever figures are told apart by. */
export function ResponsesPage() {
  const { t } = useTranslation('feedback');
  const { shown, wish, narrowed } = useResponseAddress();
  const put = usePut();
  const responses = useResponses(wish);
  const counts = useOverview().data?.responses;
  const labelOf = (each: Shown) =>
    each === 'all' || counts === undefined
      ? t(`responses.${each}`)
      : t('responses.counted', { what: t(`responses.${each}`), count: counts[each] });
  return (
    <Page title={t('responses.title')} about={t('responses.about')} width={860}>
      <SegmentedControl
        aria-label={t('responses.which')}
        value={shown}
        onChange={(show) => put({ show: show === 'all' ? null : show })}
        data={SHOWN.map((value) => ({ value, label: labelOf(value) }))}
        style={{ alignSelf: 'flex-start', flexWrap: 'wrap', maxWidth: '100%' }}
      />
      <ResponseFilters />
      <NarrowedTo />
      <Loaded query={responses} waiting={<Waiting rows={6} height={ROW_HEIGHT - 8} />}>
        {({ pages }) => {
          const items = pages.flatMap((page) => page.items);
          if (items.length === 0)
            return narrowed.length > 0 ? (
              <Empty title={t('filters.none')} action={<NextStep to="responses" />}>
                {t('filters.noneAbout')}
              </Empty>
            ) : (
              <Empty title={t(`responses.none${EMPTY[shown]}`)} action={<NextStep to={shown === 'all' ? 'connect' : 'responses'} />}>
                {t(`responses.none${EMPTY[shown]}About`)}
              </Empty>
            );
          return (
            <LongList label={t('responses.title')} query={responses} items={items} rowHeight={ROW_HEIGHT}>
              {(response) => <ResponseItem response={response} whose />}
            </LongList>
          );
        }}
      </Loaded>
    </Page>
  );
}
