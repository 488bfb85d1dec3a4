/** Something that goes wrong from now on; what each kind does is the sandbox's to say. */
export type Trouble<K extends string> = {
  readonly id: number;
  readonly kind: K;
  /** `METHOD /path`, where `*` stands for anything. */
  readonly on: string;
  /** How often it still strikes; null is until it is ended. */
  readonly times: number | null;
  readonly ms: number;
  readonly status: number;
};
export type TroubleAsked = {
  readonly kind: string;
  readonly on?: string;
  readonly times?: number;
  readonly ms?: number;
  readonly status?: number;
};

function matches(on: string, name: string): boolean {
  const parts = on.split('*').map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${parts.join('.*')}$`).test(name);
}

/** What goes wrong, in the order in which it was asked for. */
export class Troubles<K extends string> {
  readonly kinds: readonly K[];
  #all: readonly Trouble<K>[] = [];
  #last = 0;

  constructor(kinds: readonly K[]) {
    this.kinds = kinds;
  }

  all(): readonly Trouble<K>[] {
    return this.#all;
  }

  start({ kind, on = '*', times, ms = 1000, status = 503 }: TroubleAsked): Trouble<K> {
    const known = this.kinds.find((one) => one === kind);
    if (known === undefined) throw new Error(`There is no trouble ${kind}; there are ${this.kinds.join(', ')}`);
    this.#last += 1;
    const trouble = { id: this.#last, kind: known, on, times: times ?? null, ms, status };
    this.#all = [...this.#all, trouble];
    return trouble;
  }

  end(id?: number): void {
    this.#all = id === undefined ? [] : this.#all.filter((one) => one.id !== id);
  }

  /** The trouble that strikes this request, if any; it is used up by one. */
  strike(method: string, path: string): Trouble<K> | null {
    const struck = this.#all.find(({ on }) => matches(on, `${method} ${path}`));
    if (struck === undefined) return null;
    const left = struck.times === null ? null : struck.times - 1;
    this.#all = this.#all.flatMap((one) => (one !== struck ? [one] : left === 0 ? [] : [{ ...one, times: left }]));
    return struck;
  }
}

/** What a control call asks for; an empty text stands for what is not said. */
export function readTrouble(raw: unknown): TroubleAsked {
  if (typeof raw !== 'object' || raw === null) throw new Error('a trouble is an object');
  const given = (name: string): unknown => Object.entries(raw).find(([one, value]) => one === name && value !== '')?.[1];
  const number = (name: 'times' | 'ms' | 'status') => (given(name) === undefined ? {} : { [name]: Number(given(name)) });
  const on = given('on');
  return {
    kind: String(given('kind') ?? ''),
    ...(on === undefined ? {} : { on: String(on) }),
    ...number('times'),
    ...number('ms'),
    ...number('status'),
  };
}
