import { between, pick } from '../../../src/sandbox/random.ts';
import type { Life } from '../../../src/sandbox/sandbox.ts';
import type { Hand } from './hand.ts';
import type { Org } from './org.ts';
import { personName } from './schema/field.ts';

type Edit = { readonly field: string; readonly value: (random: () => number) => string };

const TITLES = [
  'Account Executive',
  'Head of Operations',
  'Customer Success Manager',
  'Procurement Lead',
  'Finance Director',
  'Engineer',
] as const;
const CITIES = ['Boston', 'Chicago', 'Osaka', 'Sapporo', 'Chiang Mai', 'Bangkok', 'Manchester'] as const;
const STAGES = ['Lead', 'Marketing Qualified Lead', 'Sales Qualified Lead', 'Opportunity', 'Customer', 'Evangelist'] as const;
const DEPARTMENTS = ['Sales', 'Support', 'Finance', 'Legal', 'Research'] as const;

const phone = (random: () => number) => `+1 415 555 ${String(between(random, 0, 9999)).padStart(4, '0')}`;
const EDITS: readonly Edit[] = [
  { field: 'Phone', value: phone },
  { field: 'MobilePhone', value: phone },
  { field: 'Title', value: (random) => pick(random, TITLES) },
  { field: 'MailingCity', value: (random) => pick(random, CITIES) },
  { field: 'Department', value: (random) => pick(random, DEPARTMENTS) },
  { field: 'Lifecycle_Stage__c', value: (random) => pick(random, STAGES) },
];

/** Edits contacts as the org's people do. */
export function lifeOf(org: Org, hand: Hand): Life {
  return {
    stir: (random) => {
      const contacts = org.store.all('Contact').filter(({ IsDeleted }) => !IsDeleted);
      if (contacts.length === 0) return 'Salesforce: there is no contact to edit.';
      const record = pick(random, contacts);
      const { field, value } = pick(random, EDITS);
      const after = value(random);
      hand.edit(record.Id, { [field]: after });
      return `Salesforce: ${personName(record)} now has ${field} "${after}".`;
    },
  };
}
