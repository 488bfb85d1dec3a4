import { describe, expect, test } from 'vitest';
import { SANDBOXES } from '../../connectors/sandboxes.ts';
import { WEBHOOK_PORTS } from '../../connectors/webhook-ports.ts';
import { BY_EVIDENCE } from '../../src/contract/evidence.ts';
import type { Manifest } from '../../src/contract/manifest.ts';
import { must } from '../../src/kernel/must.ts';
import { EVERY_CONNECTOR, objectsOf } from './every.ts';
import { connectTo } from './stage.ts';

describe.each(EVERY_CONNECTOR)('$label', (tried) => {
  const { connector } = tried;
  const { manifest } = connector;

  test('the manifest is pure data', () => {
    expect(JSON.parse(JSON.stringify(manifest))).toEqual(manifest);
  });

  test('names are told apart, and are fit for files and addresses', () => {
    expect(manifest.id).toMatch(/^[a-z][a-z0-9]*$/);
    for (const text of [manifest.label, manifest.about, ...manifest.auth.flatMap(({ label, help }) => [label, help])]) {
      expect(text.trim()).toBe(text);
      expect(text).not.toBe('');
    }
    for (const names of nameLists(manifest)) expect(new Set(names).size).toBe(names.length);
    for (const { object } of objectsOf(connector)) expect(object).toMatch(/^[a-z][a-z_]*$/);
  });

  test('the origin is an https origin, or every customer has one of their own', () => {
    if (manifest.origin !== null) expect(new URL(manifest.origin)).toMatchObject({ protocol: 'https:', origin: manifest.origin });
  });

  test('a setting starts with a value that it can have', () => {
    for (const { kind, initial, choices } of manifest.settings) {
      if (kind === 'choice') expect(must(choices, 'choices').map(({ value }) => value)).toContain(initial);
      if (kind === 'number' && initial !== undefined) expect(Number(initial)).not.toBeNaN();
    }
  });

  test('there is a way to sign in, and a pace', () => {
    expect(manifest.auth.length).toBeGreaterThan(0);
    for (const { fields } of manifest.auth) expect(fields.length).toBeGreaterThan(0);
    expect(manifest.pace.length).toBeGreaterThan(0);
    for (const { requests, perMs } of manifest.pace) expect(Math.min(requests, perMs)).toBeGreaterThan(0);
  });

  test('each right that a sign-in asks for is explained, and each object has one', () => {
    for (const way of manifest.auth.filter((one) => one.kind === 'oauth2')) {
      const objects = objectsOf(connector).map(({ object }) => object);
      const families = Object.keys(manifest.families ?? {});
      expect(manifest.settings.find(({ name }) => name === way.authorize.originSetting)).toMatchObject({ way: 'oauth2', required: false });
      expect(new Set(way.scopes.map(({ name }) => name)).size).toBe(way.scopes.length);
      for (const { about, of = [] } of way.scopes) {
        expect(about).toMatch(/^\p{Lu}.*\.$/u);
        for (const { object } of of)
          expect(objects.includes(object) || families.some((family) => object.startsWith(family)), object).toBe(true);
      }
      const isSaid = (object: string) => way.scopes.some(({ of }) => of?.some((use) => use.object === object) === true);
      // A vendor that has one right for all objects names none of them.
      if (way.scopes.some(({ of }) => of !== undefined)) expect(objects.filter((object) => !isSaid(object))).toEqual([]);
    }
  });

  test('objects are what their traits say', () => {
    expect(objectsOf(connector).length).toBeGreaterThan(0);
    for (const { traits } of objectsOf(connector)) {
      // What a survey tool has besides answers is only read.
      if (manifest.kind === 'survey' && traits.nature === 'entity') expect(traits.write).toBeUndefined();
      else expect(traits.nature).toBe(manifest.kind === 'survey' ? 'event' : 'entity');
      if (traits.nature === 'event') expect(traits.write).toBeUndefined();
      expect(Math.min(traits.read.pageMax, traits.read.deltaMax ?? 1, traits.write?.batchMax ?? 1)).toBeGreaterThan(0);
      expect(Math.min(traits.read.settleMs, traits.write?.recallMs ?? 0)).toBeGreaterThanOrEqual(0);
    }
  });

  test('only writes that the manifest offers are said to be tried elsewhere', () => {
    for (const object of Object.keys(tried.bench.unwritten ?? {})) expect(manifest.objects[object]?.write, object).toBeDefined();
  });

  test('references point at objects that a first load writes before', () => {
    const order = objectsOf(connector).map(({ object }) => object);
    for (const { object, traits } of objectsOf(connector)) {
      for (const target of Object.values(traits.refs ?? {}))
        expect([...order.slice(0, order.indexOf(object) + 1), BY_EVIDENCE]).toContain(target);
    }
  });

  test('each trait has its port, and opening them asks nothing of the vendor', () => {
    const { ports, session } = connectTo(tried, { origin: 'http://127.0.0.1:9' });
    expect(Object.keys(ports.objects).sort()).toEqual(Object.keys(manifest.objects).sort());
    for (const { object, traits } of objectsOf(connector)) {
      const port = must(ports.objects[object], object);
      expect(port.write !== undefined).toBe(traits.write !== undefined);
      expect(port.provision !== undefined).toBe(traits.provision !== undefined);
      expect(port.read.scopes !== undefined).toBe(traits.scopedBy !== null);
      expect(port.read.fieldTimes !== undefined).toBe(traits.read.fieldTimes === true);
      expect(port.read.ids !== undefined).toBe(traits.read.census === true);
    }
    expect(Object.keys(ports.families ?? {})).toEqual(Object.keys(manifest.families ?? {}));
    for (const [family, { write, provision }] of Object.entries(manifest.families ?? {})) {
      const port = must(ports.families?.[family], family)('thing');
      expect([port.write !== undefined, port.provision !== undefined]).toEqual([write !== undefined, provision !== undefined]);
    }
    expect(connector.webhooks !== undefined).toBe(manifest.webhooks !== undefined);
    expect(session.calls()).toBe(0);
  });

  test('a family begins as no object does, and refers to objects that everybody has', () => {
    for (const [family, { nature, refs = {} }] of Object.entries(manifest.families ?? {})) {
      expect(nature).toBe(manifest.kind === 'survey' ? 'event' : 'entity');
      expect(family).toMatch(/^[a-z]+_$/);
      for (const { object } of objectsOf(connector)) expect(object.startsWith(family)).toBe(false);
      for (const target of Object.values(refs)) expect(objectsOf(connector).map(({ object }) => object)).toContain(target);
    }
  });

  test('its webhooks can be read where nothing of it is opened', () => {
    expect(WEBHOOK_PORTS.get(manifest.id)).toBe(connector.webhooks);
  });

  test('its sandbox is in the list, with credentials and settings that the manifest asks for', () => {
    const sandbox = must(
      SANDBOXES.find(({ id }) => id === manifest.id),
      'the sandbox',
    );
    const given = Object.keys(sandbox.credentials);
    expect(manifest.auth.some(({ fields }) => fields.every(({ name }) => given.includes(name)))).toBe(true);
    const settings = manifest.settings.map(({ name }) => name);
    for (const name of Object.keys(sandbox.settings)) expect(settings).toContain(name);
    for (const { name, required, initial } of manifest.settings) {
      if (required && initial === undefined) expect(Object.keys(sandbox.settings)).toContain(name);
    }
  });
});

test('no two connectors have one id, and every sandbox has its connector', () => {
  expect(EVERY_CONNECTOR.map(({ connector }) => connector.manifest.id).sort()).toEqual(SANDBOXES.map(({ id }) => id).sort());
});

function nameLists({ auth, settings }: Manifest): readonly (readonly string[])[] {
  return [
    auth.map(({ kind }) => kind),
    settings.map(({ name }) => name),
    ...auth.map(({ fields }) => fields.map(({ name }) => name)),
    ...settings.map(({ choices = [] }) => choices.map(({ value }) => value)),
  ];
}
