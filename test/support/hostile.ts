import type { AnyPort, Ask, Connector, Reader, Writer } from '../../src/contract/connector.ts';
import { HubError } from '../../src/contract/errors.ts';
import type { Cursor, Observation, Page, Write, WriteOutcome } from '../../src/contract/records.ts';
import { chance, pick } from '../../src/sandbox/random.ts';

/** What is shown of every record though nobody has asked for it. */
const UNASKED = { 'unasked · 欄位': 'ไม่มีใครถาม' };
const TROUBLES = [
  () => new HubError('unreachable', 'the vendor hung up'),
  () => new HubError('rate_limited', 'too many requests', { retryAfterMs: 1 }),
  () => new HubError('broken_answer', 'the answer is a page of a gateway'),
] as const;

/** `fails`: whether calls fail just now, all of which may be tried again. */
type Mood = { readonly random: () => number; readonly fails: () => boolean };
type Temper = {
  readonly random: () => number;
  /** Whether this call is one of so many that fail. */
  isLost(share: number): boolean;
  trouble(share: number): void;
};

/**
 * The same connector with a temper: whatever the contract allows it, it does. Pages of one record or none, in any order, with records again that
 * were there before; cursors that stay behind what was shown, and expire; errors between two pages; more fields than were asked for, and the schema
 * in another order each time; answers to writes that do not show the record, or do not know what became of it.
 */
export function hostile(connector: Connector, { random, fails }: Mood): Connector {
  const temper: Temper = {
    random,
    isLost: (share) => fails() && chance(random, share),
    trouble: (share) => {
      if (temper.isLost(share)) throw pick(random, TROUBLES)();
    },
  };
  const sour = (port: AnyPort): AnyPort => ({
    ...port,
    fields: async (scope) => inAnyOrder(random, await port.fields(scope)),
    read: { ...port.read, ...sourReader(port.read, temper) },
    ...(port.write === undefined ? {} : { write: sourWriter(port.write, temper) }),
  });
  return {
    ...connector,
    open: (session) => {
      const ports = connector.open(session);
      const objects = Object.fromEntries(Object.entries(ports.objects).map(([object, port]) => [object, sour(port)]));
      const families = Object.entries(ports.families ?? {}).map(([name, portOf]) => [name, (object: string) => sour(portOf(object))]);
      return { ...ports, objects, ...(ports.families === undefined ? {} : { families: Object.fromEntries(families) }) };
    },
  };
}

const inAnyOrder = <T>(random: () => number, all: readonly T[]): readonly T[] =>
  all
    .map((one) => ({ one, at: random() }))
    .sort((a, b) => a.at - b.at)
    .map(({ one }) => one);

const withUnasked = <T extends Observation>(seen: T): T =>
  seen.kind === 'gone' ? seen : { ...seen, fields: { ...UNASKED, ...seen.fields } };

function sourReader(reader: Reader, { random, isLost, trouble }: Temper): Reader {
  return {
    async *changes(from: Cursor | null, ask: Ask) {
      if (from !== null && isLost(0.05)) throw new HubError('cursor_expired', 'that was too long ago');
      let before = from;
      let again: readonly Observation[] = [];
      for await (const page of reader.changes(from, ask)) {
        yield* torn(page, { before, again, random });
        before = page.cursor;
        again = page.seen.slice(-1).map(withUnasked);
        trouble(0.05);
      }
    },
    byIds: async (ids, ask) => {
      trouble(0.05);
      return (await reader.byIds(ids, ask)).map(withUnasked);
    },
  };
}

type Torn = { readonly before: Cursor | null; readonly again: readonly Observation[]; readonly random: () => number };

/** One page as many. Until all of it is there, the cursor stays where it was before; where there was none, the page stays whole. */
function* torn({ seen, cursor }: Page, { before, again, random }: Torn): Generator<Page> {
  const all = inAnyOrder(random, seen.map(withUnasked));
  if (before !== null) for (const one of all) yield { seen: [one], cursor: before, total: 1 };
  if (before !== null) yield { seen: [], cursor: before, total: 0 };
  yield { seen: [...again, ...all], cursor };
}

function sourWriter(writer: Writer, { random, isLost, trouble }: Temper): Writer {
  return {
    apply: async (writes: readonly Write[], ask: Ask) => {
      trouble(0.1);
      return (await writer.apply(writes, ask)).map((outcome): WriteOutcome => {
        if (!outcome.done) return outcome;
        if (isLost(0.1)) return { done: false, error: new HubError('stale_write', 'the answer does not say what became of it') };
        return { ...outcome, observed: outcome.observed === null || chance(random, 0.5) ? null : withUnasked(outcome.observed) };
      });
    },
    recall: async (creates, since, ask) => {
      trouble(0.1);
      return writer.recall(creates, since, ask);
    },
  };
}
