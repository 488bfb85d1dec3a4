import type { Choice } from '../../../src/contract/choices.ts';
import { isRaw, type Raw } from '../../../src/contract/raw.ts';
import { list, object, textOr } from '../http/shapes.ts';

/** How a picklist is defined. `raw` is the definition as it came: it goes back whole. */
export type FieldMetadata = {
  readonly raw: Raw;
  readonly several: boolean;
  /** The global value set that it takes its values from. */
  readonly sharedAs: string | null;
  /** The field that decides which values go. */
  readonly ruledBy: string | null;
};

/** The definition in a row of the Tooling API. */
export function parseFieldMetadata(body: unknown): FieldMetadata {
  const raw = object(object(body, 'a custom field').Metadata, 'the definition of a custom field');
  const valueSet = object(raw.valueSet, 'the value set of a picklist');
  return {
    raw,
    several: raw.type === 'MultiselectPicklist',
    sharedAs: textOr(valueSet.valueSetName, null),
    ruledBy: textOr(valueSet.controllingField, null),
  };
}

/** The definition with more values behind those that it has. One that was put out of use is taken into use again, under the name that it has. */
export function withValues({ raw }: FieldMetadata, choices: readonly Choice[]): Raw {
  const valueSet = object(raw.valueSet, 'the value set of a picklist');
  const definition = object(valueSet.valueSetDefinition, 'the values of a picklist');
  const wanted = new Map(choices.map((choice) => [choice.value, choice]));
  const kept = list(definition.value, 'the values of a picklist').map((one) => {
    if (!isRaw(one) || typeof one.valueName !== 'string' || !wanted.delete(one.valueName)) return one;
    return { ...one, isActive: true };
  });
  const made = [...wanted.values()].map(({ value, label }) => ({ valueName: value, label, default: false, isActive: true }));
  return { ...raw, valueSet: { ...valueSet, valueSetDefinition: { ...definition, value: [...kept, ...made] } } };
}
