import { describe, expect, test } from 'vitest';
import { HubError } from '../../src/contract/errors.ts';
import { must } from '../../src/kernel/must.ts';
import { EVERY_CONNECTOR, objectsOf } from './every.ts';
import { befall, FAULTS, PASSING } from './faults.ts';
import { errorOf, openStage } from './stage.ts';
import { openWriting } from './writers.ts';

const ADDING = EVERY_CONNECTOR.flatMap((tried) =>
  objectsOf(tried.connector).flatMap(({ object, traits }) => (traits.choices === undefined ? [] : [{ tried, object, label: tried.label }])),
);
const HAD = ['low', 'high'];
const HIGHER = { value: 'higher', label: 'Higher still' };
const MORE = [HIGHER, { value: 'ใหม่ 新しい', label: 'ใหม่ & <新しい>' }];
const valuesOf = (choices: readonly { readonly value: string }[] | null | undefined) => choices?.map(({ value }) => value);

// What the hub can add no choices to has no such cases.
describe.each(ADDING)('$label $object', ({ tried, object }) => {
  test('choices that are added are there for everybody, once, behind those that were there', async () => {
    const { connect, hands } = await openStage(tried);
    const field = must(hands.makeChoice, 'who makes a field')(object, HAD);
    const adder = () => must(connect().port(object).choices, 'an adder of choices');
    const before = await adder().look(field);
    expect(before).toMatchObject({ closed: null });
    expect(valuesOf(before.choices)).toEqual(HAD);
    for (let time = 0; time < 2; time += 1) expect(await adder().add(field, MORE)).toEqual([...before.choices, ...MORE]);
    const shown = (await connect().port(object).fields('all')).find(({ name }) => name === field);
    expect(shown?.choices).toEqual([...before.choices, ...MORE]);
    expect(await adder().look(field)).toEqual({ choices: [...before.choices, ...MORE], closed: null });
  });

  test('what is there under another label keeps it', async () => {
    const { connect, hands } = await openStage(tried);
    const field = must(hands.makeChoice, 'who makes a field')(object, HAD);
    const adder = must(connect().port(object).choices, 'an adder of choices');
    const { choices } = await adder.look(field);
    expect(await adder.add(field, [{ value: 'high', label: 'Another name' }])).toEqual(choices);
  });

  test('a field that has no choices is told, and adding to it is refused as misconfigured, and changes nothing', async () => {
    const { connect } = await openStage(tried);
    const port = connect().port(object);
    const text = must(
      (await port.fields('all')).find(({ type }) => type === 'text'),
      'a text',
    );
    const adder = must(port.choices, 'an adder of choices');
    for (const field of [text.name, 'no_such_field']) {
      expect(await adder.look(field)).toMatchObject({ closed: { because: 'no_list', reason: expect.any(String) } });
      expect(await errorOf(adder.add(field, MORE))).toMatchObject({ kind: 'misconfigured', code: 'LIST_CLOSED', fields: [field] });
    }
    expect(await connect().port(object).fields('all')).toEqual(await port.fields('all'));
  });

  test.each(FAULTS)('when a request of it %s, whichever, another run finishes it', async (_name, fault) => {
    const { connect, hands, open } = await openStage(tried);
    const field = must(hands.makeChoice, 'who makes a field')(object, HAD);
    const adder = () => must(connect().port(object).choices, 'an adder of choices');
    const wanted = [...HAD];
    for (let at = 0; ; at += 1) {
      const more = { value: `more ${at}`, label: `More ${at}` };
      wanted.push(more.value);
      const hasMet = befall(open, fault(at));
      const error = await adder()
        .add(field, [more])
        .then(
          () => null,
          (thrown: unknown) => thrown,
        );
      if (!hasMet()) return expect(at).toBeGreaterThan(0);
      if (error !== null) expect(PASSING).toContain(error instanceof HubError ? error.recovery : error);
      expect(valuesOf(await adder().add(field, [more]))).toEqual(wanted);
    }
  });
});

describe.each(ADDING)('$label $object, written', ({ tried, object }) => {
  const unwritten = tried.bench.unwritten?.[object] ?? null;
  test('a record is written with a choice as soon as it was added, and was refused before', async ({ skip }) => {
    skip(unwritten !== null, unwritten ?? '');
    const { port, hands, ...stage } = await openWriting(tried, object);
    const field = must(hands.makeChoice, 'who makes a field')(object, HAD);
    const write = stage.newWriter();
    const ask = { ...stage.ask, fields: [...stage.ask.fields, field] };
    const { value } = HIGHER;
    const [refused] = await write.apply([stage.create(1, { [field]: value })], ask);
    expect(refused).toMatchObject({ done: false, error: { kind: 'record_rejected', fields: [field] } });
    await must(port.choices, 'an adder of choices').add(field, MORE);
    const [made] = await stage.newWriter().apply([stage.create(2, { [field]: value })], ask);
    if (made?.done !== true) throw made?.error ?? new Error('no answer');
    const [seen] = await port.read.byIds([made.id], ask);
    expect(seen).toMatchObject({ kind: 'present', fields: { [field]: value } });
  });
});
