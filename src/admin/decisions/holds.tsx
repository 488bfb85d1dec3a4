import { Button, NativeSelect, SegmentedControl, Stack, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { Link, useSearchParams } from 'react-router';
import { usePut } from '../address.ts';
import { Extending } from '../choices/extend.tsx';
import { LongList } from '../parts/long-list.tsx';
import { NextStep } from '../parts/next-step.tsx';
import { Empty, Loaded, Page, Waiting } from '../parts/page.tsx';
import { HOLD_KINDS, type HoldKind, useHolds } from '../queries.ts';
import { HoldCard } from './hold-card.tsx';
import { Inbox } from './inbox.tsx';

const CLOSED_HEIGHT = 120;

/** The decisions that wait for a person, and those that were made. */
export function HoldsPage() {
  const { t } = useTranslation(['decisions', 'shared']);
  const [search] = useSearchParams();
  const state = search.get('state') === 'closed' ? 'closed' : 'open';
  const kind = HOLD_KINDS.find((one) => one === search.get('kind')) ?? null;
  const filter = { kind, cause: search.get('cause'), connectionId: search.get('connection'), recordId: search.get('record') };
  const holds = useHolds(state, filter);
  const put = usePut({ asSteps: true });
  return (
    <Page
      title={t('title')}
      about={t('about')}
      width={860}
      actions={<KindChoice kind={kind} onChoose={(chosen) => put({ kind: chosen })} />}
    >
      <SegmentedControl
        aria-label={t('which')}
        value={state}
        onChange={(next) => put({ state: next })}
        data={[
          { value: 'open', label: t('openOnes') },
          { value: 'closed', label: t('closedOnes') },
        ]}
        style={{ alignSelf: 'flex-start' }}
      />
      <Narrowed filter={filter} state={state} />
      <Extending />
      <Loaded query={holds} waiting={<Waiting rows={4} height={120} />}>
        {({ pages }) => {
          const items = pages.flatMap((page) => page.items);
          if (items.length === 0) return <None state={state} />;
          return (
            <Stack gap="sm">
              {state === 'open' ? (
                <Inbox holds={items} query={holds} />
              ) : (
                <LongList label={t('closedOnes')} items={items} query={holds} rowHeight={CLOSED_HEIGHT} look="cards">
                  {(hold) => <HoldCard hold={hold} />}
                </LongList>
              )}
            </Stack>
          );
        }}
      </Loaded>
    </Page>
  );
}

function KindChoice({ kind, onChoose }: { readonly kind: HoldKind | null; readonly onChoose: (kind: string) => void }) {
  const { t } = useTranslation('decisions');
  return (
    <NativeSelect
      size="xs"
      aria-label={t('kinds')}
      value={kind ?? ''}
      data={[{ value: '', label: t('all') }, ...HOLD_KINDS.map((value) => ({ value, label: t(`kind.${value}`) }))]}
      onChange={(event) => onChoose(event.currentTarget.value)}
    />
  );
}

type NarrowedProps = {
  readonly filter: Readonly<Record<'cause' | 'connectionId' | 'recordId', string | null>>;
  readonly state: 'open' | 'closed';
};

function Narrowed({ filter, state }: NarrowedProps) {
  const { t } = useTranslation(['decisions', 'shared']);
  const { cause, connectionId, recordId } = filter;
  if (cause === null && connectionId === null && recordId === null) return null;
  return (
    <Text size="sm" c="dimmed">
      {t(recordId !== null ? 'onlyRecord' : cause === null ? 'onlyConnection' : 'onlyCause')}{' '}
      <Button component={Link} to={`/decisions?state=${state}`} variant="subtle" size="compact-xs">
        {t('shared:showAll')}
      </Button>
    </Text>
  );
}

function None({ state }: { readonly state: 'open' | 'closed' }) {
  const { t } = useTranslation('decisions');
  if (state === 'closed')
    return (
      <Empty title={t('noneDecided')} action={<NextStep to="decisions" />}>
        {t('noneDecidedAbout')}
      </Empty>
    );
  return (
    <Empty title={t('none')} action={<NextStep to="health" />}>
      {t('noneAbout')}
    </Empty>
  );
}
