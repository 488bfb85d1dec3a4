import { describe, expect, test } from 'vitest';
import { CONNECTORS } from '../../connectors/index.ts';
import { manifestIn } from '../../src/http/connecting/manifest-in.ts';

describe.each(['ja', 'th'] as const)('before they connect, people read in %s', (language) => {
  for (const { manifest } of CONNECTORS.values()) {
    test(`what ${manifest.label} is, and each way to sign in`, () => {
      const read = manifestIn(manifest, language);
      const english = manifestIn(manifest, 'en');
      const told = ({ about, auth }: typeof read) => [
        about,
        ...auth.flatMap(({ label, help, fields }) => [label, help, ...fields.map((one) => one.label)]),
      ];
      expect(told(read)).toHaveLength(told(english).length);
      expect(told(read).filter((text) => told(english).includes(text))).toEqual([]);
      expect(read.auth.map(({ kind }) => kind)).toEqual(manifest.auth.map(({ kind }) => kind));
    });
  }
});
