import { expect, test } from 'vitest';
import { veilHold } from '../../src/http/veil.ts';

test('what a hold keeps of several fields is shown without the veiled ones', () => {
  const veil = () => new Set(['phone']);
  const hold = { hubObject: 'contact', field: null, decision: null };
  const refused = { ...hold, detail: { digest: 'x', values: { phone: '+44', city: 'London' } } };
  expect(veilHold(veil, refused).detail).toEqual({ digest: 'x', values: { city: 'London' } });
  const merge = { ...hold, detail: { fields: [{ field: 'phone' }, { field: 'city' }] } };
  expect(veilHold(veil, merge).detail).toEqual({ fields: [{ field: 'city' }] });
});
