import { describe, expect, test } from 'vitest';
import { HubError } from '../../src/contract/errors.ts';
import type { OwnField, OwnFields } from '../../src/contract/provision.ts';
import { must } from '../../src/kernel/must.ts';
import { EVERY_CONNECTOR, objectsOf } from './every.ts';
import { befall, FAULTS, PASSING } from './faults.ts';
import { openStage } from './stage.ts';

const field = (name: string, rest: Partial<OwnField> = {}): OwnField => ({
  ...{ name, label: name, description: `What ${name} is.`, type: 'text', decimals: null, choices: null, unique: false },
  ...rest,
});
const CHOICES = ['high', 'low'].map((value) => ({ value, label: value.toUpperCase() }));

/** Fields that no account has; each round of a test has others. */
const ownOf = (round: number, named: (name: string) => string = (name) => name): OwnFields => ({
  group: { name: 'syncline', label: 'Syncline' },
  fields: [
    field(named(`suite_note_${round}`)),
    field(named(`suite_score_${round}`), { type: 'number', decimals: 0 }),
    field(named(`suite_level_${round}`), { type: 'choice', choices: CHOICES }),
  ],
});

const PROVIDED = EVERY_CONNECTOR.flatMap((tried) =>
  objectsOf(tried.connector).flatMap(({ object, traits }) =>
    traits.provision === undefined ? [] : [{ tried, object, label: tried.label }],
  ),
);

// What the hub can make no fields of has no such cases.
describe.each(PROVIDED)('$label $object', ({ tried, object }) => {
  test('fields of the hub are shown first and made once, by whomever, and are in the schema as they were asked for', async () => {
    const { connect } = await openStage(tried);
    const own = ownOf(0, tried.bench.named);
    const states = (state: string) => own.fields.map(() => ({ state }));
    const provisionOf = () => must(connect().port(object).provision, 'a provisioner');
    const shown = async () => new Map((await connect().port(object).fields('all')).map((one) => [one.name, one]));
    for (let look = 0; look < 2; look += 1) expect((await provisionOf().preview(own)).fields).toEqual(states('missing'));
    for (const { name } of own.fields) expect((await shown()).has(name)).toBe(false);
    expect(await provisionOf().apply(own)).toEqual(own.fields.map(() => ({ done: 'made' })));
    expect(await provisionOf().apply(own)).toEqual(own.fields.map(() => ({ done: 'found' })));
    expect((await provisionOf().preview(own)).fields).toEqual(states('fits'));
    const schema = await shown();
    for (const { name, type } of own.fields) expect(schema.get(name)).toMatchObject({ name, type, writable: true });
  });

  test.each(FAULTS)('when a request of it %s, whichever, another run finishes it', async (_name, fault) => {
    const { connect, open } = await openStage(tried);
    const provisionOf = () => must(connect().port(object).provision, 'a provisioner');
    for (let at = 0; ; at += 1) {
      const own = ownOf(at, tried.bench.named);
      const hasMet = befall(open, fault(at));
      const error = await provisionOf()
        .apply(own)
        .then(
          () => null,
          (thrown: unknown) => thrown,
        );
      if (!hasMet()) return expect(at).toBeGreaterThan(0);
      if (error !== null) expect(PASSING).toContain(error instanceof HubError ? error.recovery : error);
      for (const { done } of await provisionOf().apply(own)) expect(['made', 'found', 'completed']).toContain(done);
      expect((await provisionOf().preview(own)).fields).toEqual(own.fields.map(() => ({ state: 'fits' })));
    }
  });
});
