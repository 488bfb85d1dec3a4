import { Loader } from '@mantine/core';
import { useWindowVirtualizer } from '@tanstack/react-virtual';
import { type ReactNode, useEffect, useLayoutEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Pages } from './page.tsx';

type LongListProps<Item> = {
  readonly label: string;
  readonly items: readonly Item[];
  /** Where more of it comes from: the next page is asked for before its reader gets there. */
  readonly query: Pages;
  /** About how high a row is; each is measured once it is there. */
  readonly rowHeight: number;
  readonly children: (item: Item) => ReactNode;
};

const AHEAD_ROWS = 20;
const OVERSCAN = 8;

/** A list of any length: only the rows that are near to what is seen are in the page, and more of it is read as it is scrolled. */
export function LongList<Item extends { readonly id?: string; readonly seq?: number }>({
  label,
  items,
  query,
  rowHeight,
  children,
}: LongListProps<Item>) {
  const { t } = useTranslation();
  const list = useRef<HTMLUListElement>(null);
  const [top, setTop] = useState(0);
  // What stands above may change its height with every render.
  useLayoutEffect(() => {
    const now = Math.round((list.current?.getBoundingClientRect().top ?? 0) + window.scrollY);
    setTop((before) => (before === now ? before : now));
  });
  const rows = useWindowVirtualizer({
    count: items.length,
    estimateSize: () => rowHeight,
    overscan: OVERSCAN,
    scrollMargin: top,
    getItemKey: (at) => items[at]?.id ?? items[at]?.seq ?? at,
  });
  const shown = rows.getVirtualItems();
  const isNearEnd = (shown.at(-1)?.index ?? 0) >= items.length - AHEAD_ROWS;
  const { hasNextPage, isFetchingNextPage, fetchNextPage } = query;
  useEffect(() => {
    if (isNearEnd && hasNextPage && !isFetchingNextPage) void fetchNextPage();
  }, [isNearEnd, hasNextPage, isFetchingNextPage, fetchNextPage]);
  return (
    <>
      <ul ref={list} className="card plain long" aria-label={label} style={{ height: rows.getTotalSize() }}>
        {shown.map(({ key, index, start }) => {
          const item = items[index];
          return item === undefined ? null : (
            <li
              key={key}
              ref={rows.measureElement}
              data-index={index}
              aria-setsize={hasNextPage ? -1 : items.length}
              aria-posinset={index + 1}
              style={{ transform: `translateY(${start - top}px)` }}
            >
              {children(item)}
            </li>
          );
        })}
      </ul>
      <div className="long-end" aria-live="polite">
        {isFetchingNextPage && <Loader size="sm" aria-label={t('loading')} />}
      </div>
    </>
  );
}
