import type { OwnField } from '../../../src/contract/provision.ts';

/** A key has as many characters as a uuid, and some to spare. */
const KEY_LENGTH = 64;
const TEXT_LENGTH = 255;
const LONG_TEXT_LENGTH = 32_768;
/** The most digits that a number may have, before and behind the point together. */
const DIGITS = 18;
const LINES_SHOWN = 4;

const flag = { defaultValue: false };

/**
 * What makes a field of it. A picklist is left open: a closed one takes an option only where each record type of the object has been given it, and
 * what the hub writes there comes out of a list of its own.
 */
export function toMetadata({ label, description, type, decimals, choices, unique }: OwnField): Readonly<Record<string, unknown>> {
  const said = { label, description };
  switch (type) {
    case 'text':
      return unique
        ? { ...said, type: 'Text', length: KEY_LENGTH, externalId: true, unique: true, caseSensitive: false }
        : { ...said, type: 'Text', length: TEXT_LENGTH };
    case 'long_text':
      return { ...said, type: 'LongTextArea', length: LONG_TEXT_LENGTH, visibleLines: LINES_SHOWN };
    case 'number':
      return { ...said, type: 'Number', precision: DIGITS, scale: decimals ?? 0 };
    case 'boolean':
      return { ...said, ...flag, type: 'Checkbox' };
    case 'date':
      return { ...said, type: 'Date' };
    case 'datetime':
      return { ...said, type: 'DateTime' };
    case 'choice':
      return { ...said, type: 'Picklist', valueSet: valueSet(choices ?? []) };
    case 'choices':
      return { ...said, type: 'MultiselectPicklist', visibleLines: LINES_SHOWN, valueSet: valueSet(choices ?? []) };
  }
}

function valueSet(choices: NonNullable<OwnField['choices']>) {
  const value = choices.map((choice) => ({ valueName: choice.value, label: choice.label, default: false }));
  return { restricted: false, valueSetDefinition: { sorted: false, value } };
}
