/** One request as the sandbox saw it. */
export type Seen = {
  readonly at: string;
  readonly method: string;
  readonly path: string;
  readonly status: number;
  readonly caller: string;
};

const KEPT = 200;

/** The last requests, and how many there were of each kind. */
export class RequestLog {
  #last: readonly Seen[] = [];
  readonly #counts = new Map<string, number>();
  #total = 0;

  note(seen: Seen): void {
    this.#last = [seen, ...this.#last].slice(0, KEPT);
    const kind = `${seen.method} ${kindOf(seen.path)} ${seen.status}`;
    this.#counts.set(kind, (this.#counts.get(kind) ?? 0) + 1);
    this.#total += 1;
  }

  /** Newest first. */
  last(): readonly Seen[] {
    return this.#last;
  }

  /** Most frequent first. */
  counts(): readonly (readonly [kind: string, count: number])[] {
    return [...this.#counts].sort(([, a], [, b]) => b - a);
  }

  get total(): number {
    return this.#total;
  }

  forget(): void {
    this.#last = [];
    this.#counts.clear();
    this.#total = 0;
  }
}

/** A path without its query and without the ids of records. */
function kindOf(path: string): string {
  const [bare = ''] = path.split('?');
  return bare
    .replace(/\/(?:\d{2,}|(?=[^/]*\d)[A-Za-z0-9]{15}(?:[A-Za-z0-9]{3})?(?:-\d+)?)(?=\/|$)/g, '/:id')
    .replace(/\/[^/]*(%40|@)[^/]*/g, '/:id');
}
