import { describe, expect, test } from 'vitest';
import type { Fields, FieldValue, Present } from '../../src/contract/records.ts';
import { must } from '../../src/kernel/must.ts';
import { EVERY_CONNECTOR, type Tried, writtenOf } from './every.ts';
import { befall, FAULTS, PASSING, settled } from './faults.ts';
import { done, openWriting, updateOf } from './writers.ts';

const casesOf = ({ connector }: Tried) =>
  writtenOf(connector).flatMap(({ object, traits: { write, refs = {} } }) =>
    (write?.afterwards ?? []).map((field) => ({ object, field, to: must(refs[field], `what ${field} refers to`) })),
  );
const listed = (value: FieldValue | undefined): readonly string[] => (Array.isArray(value) ? value : []);

/** A record that is there, and how its list is written and read. */
async function openListed(tried: Tried, { object, field, to }: ReturnType<typeof casesOf>[number]) {
  const writing = await openWriting(tried, object, tried.bench.afterwards);
  const ask = { ...writing.ask, fields: [...writing.ask.fields, field] };
  const { id } = done((await writing.write.apply([writing.create(1)], ask))[0]);
  const look = async (): Promise<Present> => {
    const [seen] = await writing.port.read.byIds([id], ask);
    if (seen?.kind !== 'present') throw new Error('it is not there');
    return seen;
  };
  // What the record itself ties it to stays among them.
  const first = listed((await look()).fields[field]);
  const others = writing.hands.all(to, 'all').filter((one) => !first.includes(one));
  const change = async (wished: Fields) => settled(writing.newWriter().apply([updateOf(await look(), wished)], ask));
  const list = (...more: readonly string[]) => [...first, ...more].sort();
  return { ...writing, change, others, list, shown: async () => listed((await look()).fields[field]) };
}

describe.each(EVERY_CONNECTOR.filter((tried) => casesOf(tried).length > 0))('$label', (tried) => {
  test.each(casesOf(tried))('$object: a create does not carry $field, and an update ties, changes, and unties', async (one) => {
    const { write, ask, create, hands, change, others, list, shown } = await openListed(tried, one);
    const [a = '', b = '', c = ''] = others;
    const before = hands.all(one.object, 'all').length;
    const carrying = await settled(write.apply([create(2, { [one.field]: [a] })], ask));
    expect(carrying).toMatchObject([{ done: false, error: { kind: 'record_rejected', fields: [one.field] } }]);
    expect(hands.all(one.object, 'all').length).toBe(before);
    for (const wished of [list(a, b), list(b, c), list(b, c), list()]) {
      expect(await change({ [one.field]: wished })).toMatchObject([{ done: true }]);
      expect(await shown()).toEqual(wished);
    }
  });

  test.each(FAULTS)('when a request of such an update %s, whichever, a repeat brings it about', async (_name, fault) => {
    const one = must(casesOf(tried)[0], 'a case');
    const { open, change, others, list, shown } = await openListed(tried, one);
    for (let at = 0; ; at += 1) {
      const wished = list(...[at, at + 1].map((n) => must(others[n % others.length], 'another')));
      // The look before it is none of its requests.
      const hasMet = befall(open, fault(at + 1));
      const said = await change({ [one.field]: wished });
      if (!hasMet()) return expect(at).toBeGreaterThan(0);
      for (const outcome of Array.isArray(said) ? said : [{ done: false, error: said }])
        if (!outcome.done) expect(PASSING).toContain(outcome.error.recovery);
      expect(await change({ [one.field]: wished })).toMatchObject([{ done: true }]);
      expect(await shown()).toEqual(wished);
    }
  });
});
