import { invalid } from '../wire/refusal.ts';
import { object, optionalText, text } from '../wire/shapes.ts';

export const TROUBLES = ['migrating', 'locked', 'bad_gateway', 'unavailable', 'broken', 'reset', 'lost', 'slow', 'silent'] as const;
type TroubleKind = (typeof TROUBLES)[number];

/**
 * Something that goes wrong from now on. `migrating` is 477, `locked` 423, `bad_gateway` 502 with HTML, `unavailable` 503 or the `status` asked for, `broken` 500; `reset`
 * cuts the socket before the work, `lost` after it; `slow` answers `ms` later; `silent` does a batch and shows no results.
 */
export type Trouble = {
  readonly id: number;
  readonly kind: TroubleKind;
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
export class Troubles {
  #all: readonly Trouble[] = [];
  #last = 0;

  all(): readonly Trouble[] {
    return this.#all;
  }

  start({ kind, on = '*', times, ms = 1000, status = 503 }: TroubleAsked): Trouble {
    const known = TROUBLES.find((one) => one === kind);
    if (known === undefined) throw invalid(`There is no trouble ${kind}; there are ${TROUBLES.join(', ')}`);
    this.#last += 1;
    const trouble = { id: this.#last, kind: known, on, times: times ?? null, ms, status };
    this.#all = [...this.#all, trouble];
    return trouble;
  }

  end(id?: number): void {
    this.#all = id === undefined ? [] : this.#all.filter((one) => one.id !== id);
  }

  /** The trouble that strikes this request, if any; it is used up by one. */
  strike(method: string, path: string): Trouble | null {
    const struck = this.#all.find(({ on }) => matches(on, `${method} ${path}`));
    if (struck === undefined) return null;
    const left = struck.times === null ? null : struck.times - 1;
    this.#all = this.#all.flatMap((one) => (one !== struck ? [one] : left === 0 ? [] : [{ ...one, times: left }]));
    return struck;
  }
}

/** What a control call asks for. */
export function readTrouble(raw: unknown): TroubleAsked {
  const { kind, on, times, ms, status } = object(raw, 'the body');
  const path = optionalText(on, 'on');
  return {
    kind: text(kind, 'kind'),
    ...(path === undefined || path === '' ? {} : { on: path }),
    ...(times === undefined || times === '' ? {} : { times: Number(times) }),
    ...(ms === undefined || ms === '' ? {} : { ms: Number(ms) }),
    ...(status === undefined || status === '' ? {} : { status: Number(status) }),
  };
}
