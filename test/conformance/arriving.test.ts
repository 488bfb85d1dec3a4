import { Buffer } from 'node:buffer';
import { describe, expect, test } from 'vitest';
import { MANIFESTS } from '../../connectors/manifests.ts';
import { DELIVERY_PORTS } from '../../connectors/webhook-ports.ts';
import type { Delivery } from '../../src/contract/webhook.ts';
import { must } from '../../src/kernel/must.ts';
import { testSession } from '../support/session.ts';
import { EVERY_DOOR } from './every.ts';
import { errorOf } from './stage.ts';

const ask = { scope: 'all', fields: [], known: async () => new Set<string>() };
const UNTOLD = { encoding: null, delimiter: null, quote: null, header: null } as const;

async function* pieces(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

describe.each(EVERY_DOOR)('$label', ({ connector }) => {
  const { manifest } = connector;

  test('the manifest is pure data, and is in the list', () => {
    expect(JSON.parse(JSON.stringify(manifest))).toEqual(manifest);
    expect(MANIFESTS).toContain(manifest);
    expect([manifest.origin, manifest.pace]).toEqual([null, []]);
    for (const { kind, initial, choices } of manifest.settings)
      if (kind === 'choice') expect(must(choices, 'choices').map(({ value }) => value)).toContain(initial);
    for (const traits of Object.values(manifest.objects)) expect(traits).not.toHaveProperty('write');
  });

  test('what it says of how records arrive has its port, which is known where nothing is opened', () => {
    expect(connector.files !== undefined).toBe(manifest.arrives === 'files');
    expect(connector.deliveries !== undefined).toBe(manifest.arrives === 'deliveries');
    expect(DELIVERY_PORTS.get(manifest.id)).toBe(connector.deliveries);
    expect(manifest.webhooks !== undefined).toBe(manifest.arrives === 'deliveries');
  });

  test('nobody is asked, and nothing is called', async () => {
    const session = testSession(manifest, { origin: 'http://127.0.0.1:9', token: 'x' });
    const ports = connector.open(session);
    expect((await ports.identify()).guessed).toBe(true);
    expect(Object.keys(ports.objects).sort()).toEqual(Object.keys(manifest.objects).sort());
    for (const port of Object.values(ports.objects)) {
      expect(await Array.fromAsync(port.read.changes(null, ask))).toEqual([]);
      expect((await errorOf(port.read.byIds(['1'], ask))).kind).toBe('misconfigured');
    }
    expect(session.calls()).toBe(0);
  });

  test('without settings that prove a delivery none is good, and what cannot be read is told', async ({ skip }) => {
    const port = connector.deliveries;
    if (port === undefined) return skip('records come in files');
    const of = (body: string, type = 'application/json'): Delivery => ({
      method: 'POST',
      url: 'https://hub.example/in',
      headers: new Headers({ 'content-type': type }),
      body: new TextEncoder().encode(body),
      receivedAt: new Date('2026-11-22T00:00:00Z'),
    });
    expect(await port.verify(of('{}'), 'secret', {})).toBe(false);
    for (const body of ['', 'no JSON', '7', '\u0000', 'null']) expect((await errorOf(port.bodyOf(of(body)))).kind).toBe('broken_answer');
    expect((await errorOf(port.bodyOf(of('--x', 'multipart/form-data; boundary=y')))).kind).toBe('broken_answer');
    expect(await port.bodyOf(of('{"a":[1]}', 'text/plain'))).toEqual({ a: [1] });
  });

  test('a file is read the same in whatever pieces it comes, and from each place on where it was left', async ({ skip }) => {
    const port = connector.files;
    if (port === undefined) return skip('records come in deliveries');
    const text = `Id,Words\r\n${Array.from({ length: 1_300 }, (_, i) => `${i},"größer, ""${i}""\n新しい"\n`).join('')}`;
    const bytes = Buffer.from(text);
    const { dialect, names } = port.look(bytes, UNTOLD, true);
    expect(names).toEqual(['Id', 'Words']);
    const whole = await Array.fromAsync(port.lots(pieces(bytes, 64), dialect, null));
    const rows = whole.flatMap((lot) => lot.rows);
    expect(rows.map(({ cells }) => cells)).toEqual(Array.from({ length: 1_300 }, (_, i) => [String(i), `größer, "${i}"\n新しい`]));
    expect(rows.slice(0, 2).map(({ line, endLine }) => [line, endLine])).toEqual([
      [2, 3],
      [4, 5],
    ]);
    expect(await Array.fromAsync(port.lots(pieces(bytes, 1_000_000), dialect, null))).toEqual(whole);
    for (const [i, { place }] of whole.entries()) {
      const rest = await Array.fromAsync(port.lots(pieces(bytes, 4_099), dialect, place));
      expect(rest.flatMap((lot) => lot.rows)).toEqual(whole.slice(i + 1).flatMap((lot) => lot.rows));
      expect(rest.at(-1)?.place ?? place).toEqual(whole.at(-1)?.place);
    }
    const other = Buffer.from(text.replace('größer', 'kleiner'));
    const from = must(whole[0], 'the first lot').place;
    expect((await errorOf(Array.fromAsync(port.lots(pieces(other, 4_099), dialect, from)))).kind).toBe('cursor_expired');
  });
});
