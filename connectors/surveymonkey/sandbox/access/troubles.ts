import { Refusal, type RefusalId } from '../wire/refusal.ts';
import { object, optionalText, word } from '../wire/shapes.ts';

const KINDS = { broken: 1050, unavailable: 1051, bad_gateway: 1054 } as const satisfies Readonly<Record<string, RefusalId>>;
const WORDS = ['broken', 'unavailable', 'bad_gateway'] as const;

/** Something that goes wrong in the vendor's own words: 500, 503, or 502. `on` is `METHOD /path`, where `*` stands for anything. */
export type Trouble = { readonly kind: keyof typeof KINDS; readonly on: string; readonly times: number };

/** What goes wrong from now on, in the order in which it was asked for. */
export class Troubles {
  #all: readonly Trouble[] = [];

  all(): readonly Trouble[] {
    return this.#all;
  }

  start({ kind, on = '*', times = 1 }: Pick<Trouble, 'kind'> & Partial<Trouble>): void {
    this.#all = [...this.#all, { kind, on, times }];
  }

  end(): void {
    this.#all = [];
  }

  /** Refuses this request when a trouble is due; it is used up by one. */
  strike(method: string, path: string): void {
    const struck = this.#all.find(({ on }) => matches(on, `${method} ${path}`));
    if (struck === undefined) return;
    this.#all = this.#all.flatMap((one) => (one !== struck ? [one] : one.times === 1 ? [] : [{ ...one, times: one.times - 1 }]));
    throw new Refusal(KINDS[struck.kind]);
  }
}

function matches(on: string, name: string): boolean {
  const parts = on.split('*').map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${parts.join('.*')}$`).test(name);
}

/** What a control call asks for. */
export function readTrouble(raw: unknown): Pick<Trouble, 'kind'> & Partial<Trouble> {
  const { kind, on, times } = object(raw, 'the body');
  const path = optionalText(on, 'on');
  return {
    kind: word(kind, WORDS, 'kind'),
    ...(path === undefined ? {} : { on: path }),
    ...(times === undefined ? {} : { times: Number(times) }),
  };
}
