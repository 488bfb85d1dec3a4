import { Group, NativeSelect, SegmentedControl } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useSearchParams } from 'react-router';
import { usePut } from '../address.ts';
import { LongList } from '../parts/long-list.tsx';
import { NextStep } from '../parts/next-step.tsx';
import { Empty, Loaded, Page, Waiting } from '../parts/page.tsx';
import { useOverview } from '../queries.ts';
import { useLinks } from './health-queries.ts';
import { LinkLine } from './link-line.tsx';

const STANDINGS = ['in_sync', 'waiting', 'failing', 'held', 'excluded'] as const;
const ROW_HEIGHT = 57;

/** The records that stand alike in a system, each with the reason; which, and in which system, stands in the address. */
export function LinksPage() {
  const { t } = useTranslation(['health', 'shared']);
  const [search] = useSearchParams();
  const connections = useOverview().data?.connections ?? [];
  const state = STANDINGS.find((one) => one === search.get('state')) ?? 'waiting';
  const connectionId = search.get('connection');
  const links = useLinks(state, connectionId);
  const put = usePut();
  return (
    <Page title={t('list.title')} about={t('list.about')} back={{ to: '/health', label: t('title') }}>
      <Group justify="space-between" gap="sm">
        <SegmentedControl
          aria-label={t('list.standing')}
          value={state}
          onChange={(next) => put({ state: next })}
          data={STANDINGS.map((value) => ({ value, label: t(`shared:link.${value}`) }))}
          style={{ flexWrap: 'wrap' }}
        />
        <NativeSelect
          aria-label={t('list.system')}
          value={connectionId ?? ''}
          data={[{ value: '', label: t('list.anySystem') }, ...connections.map(({ id, name }) => ({ value: id, label: name }))]}
          onChange={(event) => put({ connection: event.currentTarget.value })}
        />
      </Group>
      <Loaded query={links} waiting={<Waiting rows={5} height={44} />}>
        {({ pages }) => {
          const items = pages.flatMap((page) => page.items);
          if (items.length === 0)
            return (
              <Empty title={t('list.none')} action={<NextStep to="health" />}>
                {t(`list.noneAbout.${state}`)}
              </Empty>
            );
          return (
            <LongList label={t('list.title')} query={links} items={items} rowHeight={ROW_HEIGHT}>
              {(link) => (
                <div style={{ padding: '0 1rem' }}>
                  <LinkLine link={link} saysCause />
                </div>
              )}
            </LongList>
          );
        }}
      </Loaded>
    </Page>
  );
}
