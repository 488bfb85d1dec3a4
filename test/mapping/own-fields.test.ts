import { expect, test } from 'vitest';
import { manifest as salesforce } from '../../connectors/salesforce/manifest.ts';
import type { EntityMapping } from '../../src/mapping/mapping.ts';
import { ownFields } from '../../src/mapping/own-fields.ts';
import { shippedMappings } from '../support/mappings.ts';

const { model, byStream } = await shippedMappings();
const { write } = salesforce.objects.contact;

function mapped(change: Partial<EntityMapping> = {}): EntityMapping {
  const mapping = byStream.get('salesforce.contact');
  if (mapping?.kind !== 'entity') throw new Error('no mapping of contacts');
  return { ...mapping, ...change };
}
const own = (mapping: EntityMapping, rights: typeof write | null = write) => ownFields(mapping, { model, write: rights, key: 'Key__c' });

test("the hub's own fields are those that it works out, by the mapping's names, and the key of what it creates", () => {
  const fields = own(mapped())?.fields ?? [];
  expect(fields.map(({ name, type, decimals }) => [name, type, decimals])).toEqual([
    ['NPS_Score__c', 'number', 2],
    ['NPS_Category__c', 'choice', null],
    ['NPS_Mean__c', 'number', 2],
    ['CSAT_Score__c', 'number', 2],
    ['CES_Score__c', 'number', 2],
    ['Feedback_Comment__c', 'long_text', null],
    ['Feedback_At__c', 'datetime', null],
    ['Feedback_Count__c', 'number', 0],
    ['Key__c', 'text', null],
  ]);
  expect(fields.filter(({ unique }) => unique).map(({ name }) => name)).toEqual(['Key__c']);
  expect(fields[1]?.choices).toEqual(
    ['promoter', 'passive', 'detractor'].map((value) => ({ value, label: `${value[0]?.toUpperCase()}${value.slice(1)}` })),
  );
});

test('what nothing flows out to needs no fields, and where nothing is created no key', () => {
  expect(own(mapped({ direction: 'in' }))).toBeNull();
  expect(own(mapped(), null)).toBeNull();
  const gates = mapped().gates;
  const never = mapped({ gates: { ...gates, out: { ...gates.out, creates: false } } });
  expect(own(never)?.fields.map(({ name }) => name)).not.toContain('Key__c');
  expect(own({ ...never, lines: [] })).toBeNull();
});
