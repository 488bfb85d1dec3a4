import './long-list.css';
import { Loader } from '@mantine/core';
import { defaultRangeExtractor, useWindowVirtualizer } from '@tanstack/react-virtual';
import {
  type ComponentPropsWithoutRef,
  type FocusEvent,
  memo,
  type ReactNode,
  type Ref,
  type RefObject,
  useCallback,
  useEffect,
  useImperativeHandle,
  useLayoutEffect,
  useRef,
  useState,
} from 'react';
import { useTranslation } from 'react-i18next';
import type { Pages } from './page.tsx';

type LongListProps<Item> = {
  readonly label: string;
  readonly items: readonly Item[];
  /** Where more of it comes from: the next page is asked for before its reader gets there. */
  readonly query: Pages;
  /** About how high a row is; each is measured once it is there. */
  readonly rowHeight: number;
  readonly look?: keyof typeof LOOKS;
  /** What else its row is told. */
  readonly row?: (item: Item) => ComponentPropsWithoutRef<'li'> & { readonly 'data-kind'?: string };
  readonly focus?: Ref<RowFocus>;
  readonly children: (item: Item) => ReactNode;
};

/** Which row has the focus, as its place among the items (-1: none), and how another one gets it, also one that was not drawn. */
export type RowFocus = { readonly at: () => number; readonly goTo: (place: number) => void };

/** In a card of its own, within one, or each row a card. */
const LOOKS = { card: 'card plain long', bare: 'plain long', cards: 'plain long cards' } as const;

const AHEAD_ROWS = 20;
const OVERSCAN = 4;

type Keyed = { readonly id?: string; readonly seq?: number };

/** A list of any length: only the rows that are near to what is seen are in the page, and more of it is read as it is scrolled. */
export function LongList<Item extends Keyed>({ label, items, query, rowHeight, look = 'card', row, focus, children }: LongListProps<Item>) {
  const { t } = useTranslation();
  const list = useRef<HTMLUListElement>(null);
  const top = useTop(list);
  const { kept, ...held } = useHeldFocus(list, focus);
  const rows = useWindowVirtualizer({
    count: items.length,
    estimateSize: useCallback(() => rowHeight, [rowHeight]),
    overscan: OVERSCAN,
    scrollMargin: top,
    // Whoever works by keyboard would fall out of the page with a row that is taken out of it.
    rangeExtractor: (range) => (kept === null ? defaultRangeExtractor(range) : withRow(defaultRangeExtractor(range), kept)),
    // Where it is another function in each render, every row is placed anew in each.
    getItemKey: useCallback((at: number) => items[at]?.id ?? items[at]?.seq ?? at, [items]),
  });
  const shown = rows.getVirtualItems();
  const isNearEnd = (rows.range?.endIndex ?? 0) >= items.length - OVERSCAN - AHEAD_ROWS;
  const { hasNextPage, isFetchingNextPage, fetchNextPage } = query;
  useEffect(() => {
    if (isNearEnd && hasNextPage && !isFetchingNextPage) void fetchNextPage();
  }, [isNearEnd, hasNextPage, isFetchingNextPage, fetchNextPage]);
  return (
    <>
      <ul ref={list} className={LOOKS[look]} aria-label={label} style={{ height: rows.getTotalSize() }} {...held}>
        {shown.map(({ key, index, start }) => {
          const item = items[index];
          return item === undefined ? null : (
            <li
              key={key}
              {...row?.(item)}
              ref={rows.measureElement}
              data-index={index}
              aria-setsize={hasNextPage ? -1 : items.length}
              aria-posinset={index + 1}
              style={{ transform: `translateY(${start - top}px)` }}
            >
              <Content item={item} draw={children} />
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

type ContentProps<Item> = { readonly item: Item; readonly draw: (item: Item) => ReactNode };

/** What stands in a row: drawn once, however far it moves. */
const Content = memo(function Content<Item>({ item, draw }: ContentProps<Item>) {
  return draw(item);
}) as <Item>(props: ContentProps<Item>) => ReactNode;

/** How far below the top of the page the list begins, in pixels: what stands above it may change its height at any time. */
function useTop(list: RefObject<HTMLElement | null>): number {
  const [top, setTop] = useState(0);
  useLayoutEffect(() => {
    const measure = () => setTop(Math.round((list.current?.getBoundingClientRect().top ?? 0) + window.scrollY));
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(document.body);
    return () => observer.disconnect();
  }, [list]);
  return top;
}

const withRow = (places: readonly number[], place: number): number[] =>
  places.includes(place) ? [...places] : [...places, place].toSorted((a, b) => a - b);

/** The row with the focus stays in the page, however far it is scrolled. */
function useHeldFocus(list: RefObject<HTMLUListElement | null>, focus: Ref<RowFocus> | undefined) {
  const [kept, keep] = useState<number | null>(null);
  const wanted = useRef<number | null>(null);
  useImperativeHandle(focus, () => ({
    at: () => kept ?? -1,
    goTo: (place) => {
      wanted.current = place;
      keep(place);
    },
  }));
  // It is drawn by now.
  useLayoutEffect(() => {
    if (wanted.current === null) return;
    list.current?.querySelector<HTMLElement>(`:scope > [data-index="${wanted.current}"]`)?.focus();
    wanted.current = null;
  });
  const placeOf = (element: EventTarget | null): number | null => {
    const row = element instanceof Element ? element.closest<HTMLElement>('.long > li') : null;
    return row === null ? null : Number(row.dataset.index);
  };
  return {
    kept,
    onFocus: (event: FocusEvent<HTMLUListElement>) => keep(placeOf(event.target)),
    onBlur: (event: FocusEvent<HTMLUListElement>) => keep(placeOf(event.relatedTarget)),
  };
}
