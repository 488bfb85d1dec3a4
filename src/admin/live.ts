import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useSyncExternalStore } from 'react';

/** What a connection is doing right now. */
export type Progress = {
  readonly object: string;
  readonly phase: 'reading' | 'writing';
  readonly done: number;
  readonly total: number | null;
};

const MOVED = [
  ['overview'],
  ['runs'],
  ['records'],
  ['record'],
  ['timeline'],
  ['responses'],
  ['holds'],
  ['failures'],
  ['feedback'],
] as const;
/** A run can end without a word, when a process dies: what was not heard of for so long is no longer shown. */
const FORGOTTEN_MS = 20_000;
const TOGETHER_MS = 700;
const AGAIN_MS = 5000;

const MOST_PAGES = 4;

/** Whether it costs little to read it again: a list that somebody has scrolled far down would be read anew page by page. */
export function isShort({ state: { data } }: { readonly state: { readonly data: unknown } }): boolean {
  return !(typeof data === 'object' && data !== null && 'pages' in data && Array.isArray(data.pages) && data.pages.length > MOST_PAGES);
}

let progress: ReadonlyMap<string, Progress> = new Map();
const watchers = new Set<() => void>();
const heard = new Map<string, ReturnType<typeof setTimeout>>();

function show(connectionId: string, now: Progress | null): void {
  const next = new Map(progress);
  if (now === null) next.delete(connectionId);
  else next.set(connectionId, now);
  progress = next;
  clearTimeout(heard.get(connectionId));
  if (now !== null)
    heard.set(
      connectionId,
      setTimeout(() => show(connectionId, null), FORGOTTEN_MS),
    );
  for (const watcher of watchers) watcher();
}

/** The progress of one connection, or null while it is at rest. */
export function useProgress(connectionId: string): Progress | null {
  const watch = (watcher: () => void) => {
    watchers.add(watcher);
    return () => void watchers.delete(watcher);
  };
  return useSyncExternalStore(watch, () => progress.get(connectionId) ?? null);
}

type Heard = Progress & { readonly connectionId: string };
const parsed = (message: MessageEvent<string>): Heard => JSON.parse(message.data) as Heard;

/** Listens to the hub for as long as the page is open: progress is shown as it comes, and what moved is read again. */
export function useLive(): void {
  const client = useQueryClient();
  useEffect(() => {
    let due: ReturnType<typeof setTimeout> | undefined;
    const readAgain = () => {
      due ??= setTimeout(() => {
        due = undefined;
        for (const queryKey of MOVED) void client.invalidateQueries({ queryKey: [...queryKey], predicate: isShort });
      }, TOGETHER_MS);
    };
    const stop = listen(readAgain);
    return () => {
      clearTimeout(due);
      stop();
    };
  }, [client]);
}

function listen(readAgain: () => void): () => void {
  let source: EventSource | null = null;
  let again: ReturnType<typeof setTimeout> | undefined;
  const open = () => {
    source = new EventSource('/api/v1/live');
    source.addEventListener('progress', (message) => {
      const { connectionId, ...now } = parsed(message);
      show(connectionId, now);
    });
    for (const event of ['run', 'connection'] as const) {
      source.addEventListener(event, (message) => {
        show(parsed(message).connectionId, null);
        readAgain();
      });
    }
    // The browser comes back by itself after a cut line, but not after an answer that was no stream.
    source.addEventListener('error', () => {
      if (source?.readyState === EventSource.CLOSED) again = setTimeout(open, AGAIN_MS);
    });
  };
  open();
  return () => {
    clearTimeout(again);
    source?.close();
  };
}
