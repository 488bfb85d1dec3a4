import { describe, expect, test } from 'vitest';
import type { AnyPort } from '../../src/contract/connector.ts';
import type { Present } from '../../src/contract/records.ts';
import { must } from '../../src/kernel/must.ts';
import { openMemory } from '../support/memory.ts';
import { EVERY_CONNECTOR } from './every.ts';
import { openRelay } from './relay.ts';
import { mappedFields, openStage, scopesOf } from './stage.ts';

/** Pasted into a form, and cut in the midst of an emoji: NUL and half a surrogate pair, as JSON can have them. */
const spoiled = (body: string, said: string) =>
  body.replaceAll(JSON.stringify(said), `${JSON.stringify(said).slice(0, -1)}\\u0000\\ud83d"`);

const isWords = (value: unknown): value is string => typeof value === 'string' && /^\p{L}+ \p{L}/u.test(value);

/** Something that a person has typed, in any of these. */
async function typedIn(held: readonly Present[], port: AnyPort, scope: string): Promise<string> {
  const texts = new Set((await port.fields(scope)).filter(({ type }) => type === 'text' || type === 'long_text').map(({ name }) => name));
  const values = held.flatMap(({ fields, response }) => [
    ...Object.entries(fields).flatMap(([name, value]) => (texts.has(name) ? [value] : [])),
    ...(response?.answers ?? []).flatMap(({ question, value }) => (question.kind === 'text' ? [value] : [])),
  ]);
  return must(values.find(isWords), 'something that was typed');
}

describe.each(EVERY_CONNECTOR)('$label', (tried) => {
  test('text that no database can hold is shown as text that it can', async () => {
    const { open, connect } = await openStage(tried);
    const object = must(Object.keys(tried.connector.manifest.objects)[0], 'an object');
    const memory = openMemory({ fields: await mappedFields(tried.connector.manifest.id, object) });
    const port = connect().port(object);
    const scopes = await scopesOf(port);
    for (const scope of scopes) await memory.read(port, scope);
    const said = await typedIn([...memory.held.keys()].map(memory.one), port, must(scopes[0], 'a scope'));

    const origin = await openRelay(open.origin, (body) => spoiled(body, said));
    const through = openMemory(memory.ask('all'));
    for (const scope of scopes) await through.read(connect({ origin }).port(object), scope);
    const shown = JSON.stringify([...through.held.values()]);
    expect(shown).toContain(JSON.stringify(`${said}\ufffd\ufffd`));
    expect(shown).not.toMatch(/\\u0000|\\ud[89a-f]/);
  });
});
