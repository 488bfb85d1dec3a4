import { Button, SegmentedControl, Stack, Text } from '@mantine/core';
import { Link, useSearchParams } from 'react-router';
import { Empty, Loaded, More, Page, Waiting } from '../parts/page.tsx';
import { useHolds } from '../queries.ts';
import { HoldCard } from './hold-card.tsx';

/** The decisions that wait for a person, and those that were made. */
export function HoldsPage() {
  const [search, setSearch] = useSearchParams();
  const state = search.get('state') === 'closed' ? 'closed' : 'open';
  const filter = { connectionId: search.get('connection'), recordId: search.get('record') };
  const holds = useHolds(state, filter);
  const isNarrowed = filter.connectionId !== null || filter.recordId !== null;
  return (
    <Page title="Holds" about="What Syncline does not decide by itself. Everything else goes on meanwhile." width={860}>
      <SegmentedControl
        aria-label="Which holds"
        value={state}
        onChange={(next) => setSearch((old) => ({ ...Object.fromEntries(old), state: next }), { replace: true })}
        data={[
          { value: 'open', label: 'Open' },
          { value: 'closed', label: 'Decided' },
        ]}
        style={{ alignSelf: 'flex-start' }}
      />
      {isNarrowed && (
        <Text size="sm" c="dimmed">
          Only those of one {filter.recordId === null ? 'connection' : 'record'}.{' '}
          <Button component={Link} to={`/holds?state=${state}`} variant="subtle" size="compact-xs">
            Show all
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
  if (state === 'closed') return <Empty title="Nothing was decided yet">Decisions stay here with who made them.</Empty>;
  return (
    <Empty title="Nothing waits for you">
      A conflict that no rule may decide, two records that could be the same person, a value that a system refuses: they wait here with both
      sides and the reason.
    </Empty>
  );
}
