export const PAGE = '50';
/** As many as the hub gives at once. */
const NEXT_PAGE = '200';
/** How often what moves by itself is asked for again, and what somebody waits for. */
export const OFTEN_MS = 15_000;
export const SOON_MS = 1500;
type Paged<Item> = { readonly items: Item[]; readonly next: string | null };
type Cursor = { readonly cursor?: string };

/** Page after page of a list, each by the cursor of the one before. */
export const paged = {
  initialPageParam: null as string | null,
  getNextPageParam: (page: Paged<unknown>) => page.next,
};
export const at = (cursor: string | null): Cursor => (cursor === null ? {} : { cursor });
// The first page is soon there, and whoever scrolls on gets far with each of the others.
export const pageAt = (cursor: string | null): Cursor & { readonly limit: string } => ({
  limit: cursor === null ? PAGE : NEXT_PAGE,
  ...at(cursor),
});
