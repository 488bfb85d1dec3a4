import './decisions.css';
import { Button, Checkbox, Group, Text } from '@mantine/core';
import { useHotkeys } from '@mantine/hooks';
import { notifications } from '@mantine/notifications';
import { type RefObject, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api, type Hold } from '../api.ts';
import { LongList, type RowFocus } from '../parts/long-list.tsx';
import type { Pages } from '../parts/page.tsx';
import { useAct, useMay } from '../session.tsx';
import { HoldCard } from './hold-card.tsx';
import { isTaken } from './hold-values.ts';

const ROW_HEIGHT = 190;
const GONE_TO = { className: 'decision', tabIndex: -1 } as const;
type Take = 'hub' | 'remote';
const isChoosable = (hold: Hold): boolean => hold.kind === 'conflict' && !isTaken(hold);

/** Open decisions, one after the other or many at once: conflicts are selected and decided together, also by keyboard alone. */
export function Inbox({ holds, query }: { readonly holds: readonly Hold[]; readonly query: Pages }) {
  const { t } = useTranslation('decisions');
  const mayDecide = useMay('steward');
  const [selected, select] = useState<ReadonlySet<string>>(new Set());
  const choosable = holds.filter(isChoosable);
  const chosen = choosable.filter(({ id }) => selected.has(id));
  const decide = useBatch(() => select(new Set()));
  const toggle = (id: string) => select((old) => old.symmetricDifference(new Set([id])));
  const focus = useRef<RowFocus>(null);
  useKeys(focus, holds, {
    toggle,
    take: (id, take) => {
      const ids = chosen.length > 0 ? chosen.map((hold) => hold.id) : [id];
      const known = choosable.filter((hold) => ids.includes(hold.id)).map((hold) => hold.id);
      if (mayDecide && known.length > 0) decide.mutate({ ids: known, take });
    },
  });
  return (
    <>
      {mayDecide && choosable.length > 0 && (
        <Batch
          chosen={chosen.length}
          all={choosable.length}
          isPending={decide.isPending}
          onAll={(isAll) => select(new Set(isAll ? choosable.map(({ id }) => id) : []))}
          onTake={(take) => decide.mutate({ ids: chosen.map(({ id }) => id), take })}
        />
      )}
      {/* J and K go from one to the next; Tab goes on to what can be pressed in it. */}
      <LongList label={t('title')} items={holds} query={query} rowHeight={ROW_HEIGHT} look="cards" focus={focus} row={() => GONE_TO}>
        {(hold) => (
          <HoldCard
            hold={hold}
            {...(mayDecide && isChoosable(hold) ? { selected: selected.has(hold.id), onSelect: () => toggle(hold.id) } : {})}
          />
        )}
      </LongList>
    </>
  );
}

type BatchProps = {
  readonly chosen: number;
  readonly all: number;
  readonly isPending: boolean;
  readonly onAll: (isAll: boolean) => void;
  readonly onTake: (take: Take) => void;
};

function Batch({ chosen, all, isPending, onAll, onTake }: BatchProps) {
  const { t } = useTranslation('decisions');
  return (
    <Group className="card" px="md" py="xs" gap="sm">
      <Checkbox
        aria-label={t('selectAll')}
        checked={chosen === all}
        indeterminate={chosen > 0 && chosen < all}
        onChange={(event) => onAll(event.currentTarget.checked)}
      />
      <Text size="sm" role="status" className="tabular">
        {t('selected', { count: chosen })}
      </Text>
      <Button size="xs" variant="default" disabled={chosen === 0} loading={isPending} onClick={() => onTake('hub')}>
        {t('batchOurs')}
      </Button>
      <Button size="xs" variant="default" disabled={chosen === 0} loading={isPending} onClick={() => onTake('remote')}>
        {t('batchTheirs')}
      </Button>
      <Text size="xs" c="dimmed" visibleFrom="sm">
        {t('keys')}
      </Text>
    </Group>
  );
}

type Batched = { readonly ids: readonly string[]; readonly take: Take };

/** Decides many conflicts alike, and says how many could not be decided, and why. */
function useBatch(onDone: () => void) {
  const { t } = useTranslation('decisions');
  return useAct(
    async ({ ids, take }: Batched) => {
      const { decided, refused } = await (await api.holds.decide.$post({ json: { ids: [...ids], decision: { take } } })).json();
      const [first] = refused;
      if (decided.length > 0) notifications.show({ message: t('batchDone', { count: decided.length }) });
      if (first !== undefined)
        notifications.show({ message: t('batchLeft', { count: refused.length, reason: first.reason }), color: 'yellow', autoClose: false });
    },
    { onDone },
  );
}

type Keys = { readonly toggle: (id: string) => void; readonly take: (id: string, take: Take) => void };

/** J and K go from one decision to the next; X selects the one that is gone to, 1 and 2 decide it, or all that are selected. */
function useKeys(focus: RefObject<RowFocus | null>, holds: readonly Hold[], { toggle, take }: Keys): void {
  const at = () => focus.current?.at() ?? -1;
  const go = (step: number) => focus.current?.goTo(Math.min(Math.max(at() + step, 0), holds.length - 1));
  const here = (act: (id: string) => void) => () => {
    const hold = holds[at()];
    if (hold !== undefined) act(hold.id);
  };
  useHotkeys([
    ['J', () => go(1)],
    ['K', () => go(-1)],
    ['X', here(toggle)],
    ['1', here((id) => take(id, 'hub'))],
    ['2', here((id) => take(id, 'remote'))],
  ]);
}
