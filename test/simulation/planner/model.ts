import type { FieldType } from '../../../src/contract/connector.ts';
import type { HubField, HubFieldType, HubObject, MatchRule, Normaliser } from '../../../src/mapping/mapping.ts';

/** The fields that a person may have, here and there under one name. */
export const FIELD_TYPES = {
  email: 'email',
  name: 'text',
  note: 'text',
  city: 'text',
  score: 'number',
  stage: 'choice',
  tags: 'choices',
  boss: 'reference',
  nps: 'number',
} as const satisfies Readonly<Record<string, HubFieldType & (FieldType | 'email')>>;
export type FieldName = keyof typeof FIELD_TYPES;

export const STAGES = ['lead', 'won', 'lost', 'vip'] as const;
/** The one object of the hub, and of every system. */
export const OBJECT = 'person';
const IDENTITIES: Partial<Record<FieldName, Normaliser>> = { email: 'email', name: 'name' };

export const PERSON: HubObject = {
  name: OBJECT,
  label: 'Person',
  fields: new Map(
    Object.entries(FIELD_TYPES).map(([name, type]): [string, HubField] => [
      name,
      {
        name,
        label: name,
        type,
        to: type === 'reference' ? OBJECT : null,
        category: 'basic',
        sensitivity: 'internal',
        identity: IDENTITIES[name as FieldName] ?? null,
        unique: false,
        steward: null,
        rollup: name === 'nps' ? { of: 'nps', take: 'last' } : null,
        response: null,
      },
    ]),
  ),
};

export const RULES: readonly MatchRule[] = [{ on: ['email'], confirm: ['name'], merges: false }];
