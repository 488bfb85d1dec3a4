export type Option = {
  readonly label: string;
  readonly value: string;
  readonly displayOrder: number;
  readonly hidden: boolean;
};

export const PROPERTY_TYPES = ['bool', 'enumeration', 'date', 'datetime', 'string', 'number', 'phone_number'] as const;
export type PropertyType = (typeof PROPERTY_TYPES)[number];

/** A property definition, as the properties API shows it. */
export type Definition = {
  readonly name: string;
  readonly label: string;
  readonly type: PropertyType;
  readonly fieldType: string;
  readonly groupName: string;
  readonly description: string;
  readonly options: readonly Option[];
  readonly displayOrder: number;
  readonly calculated: boolean;
  readonly hidden: boolean;
  readonly hasUniqueValue: boolean;
  readonly formField: boolean;
  readonly hubspotDefined: boolean;
  readonly externalOptions: boolean;
  readonly referencedObjectType?: string;
  readonly archived: boolean;
  readonly archivedAt?: string;
  readonly dataSensitivity: 'non_sensitive' | 'sensitive' | 'highly_sensitive';
  readonly createdAt?: string;
  readonly updatedAt?: string;
  readonly modificationMetadata: {
    readonly archivable: boolean;
    readonly readOnlyDefinition: boolean;
    readonly readOnlyValue: boolean;
    readonly readOnlyOptions?: boolean;
  };
};

/** Which controls go with which type; another pairing is refused. */
export const FIELD_TYPES: Readonly<Record<PropertyType, readonly string[]>> = {
  bool: ['booleancheckbox', 'calculation_equation'],
  enumeration: ['select', 'radio', 'checkbox', 'booleancheckbox', 'calculation_equation'],
  date: ['date'],
  datetime: ['date'],
  string: ['text', 'textarea', 'html', 'file', 'phonenumber', 'calculation_equation'],
  number: ['number', 'calculation_equation'],
  phone_number: ['phonenumber'],
};

type Ways = Partial<Omit<Definition, 'options'>> & { readonly options?: readonly string[] };

const USUAL_FIELD_TYPE: Readonly<Record<PropertyType, string>> = {
  bool: 'booleancheckbox',
  enumeration: 'select',
  date: 'date',
  datetime: 'date',
  string: 'text',
  number: 'number',
  phone_number: 'phonenumber',
};

function titled(value: string): string {
  return value
    .toLowerCase()
    .split('_')
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join(' ');
}

/** Options whose labels are written from their values. */
function optionsOf(values: readonly string[]): readonly Option[] {
  return values.map((value, displayOrder) => ({ label: titled(value), value, displayOrder, hidden: false }));
}

/** A property that the vendor ships. */
export function standard(name: string, label: string, type: PropertyType, ways: Ways = {}): Definition {
  return {
    name,
    label,
    type,
    fieldType: USUAL_FIELD_TYPE[type],
    groupName: 'information',
    description: '',
    displayOrder: -1,
    calculated: false,
    hidden: false,
    hasUniqueValue: false,
    formField: true,
    hubspotDefined: true,
    externalOptions: false,
    archived: false,
    dataSensitivity: 'non_sensitive',
    ...ways,
    modificationMetadata: ways.modificationMetadata ?? {
      archivable: false,
      readOnlyDefinition: true,
      readOnlyValue: false,
      // Who uses the portal may add to the lists that it comes with.
      ...(type === 'enumeration' ? { readOnlyOptions: false } : {}),
    },
    options: optionsOf(ways.options ?? []),
  };
}

/** A property with options that the vendor keeps elsewhere, and that are written like those of any other. */
export function fixedChoice(name: string, label: string, ways: Ways = {}): Definition {
  const modificationMetadata = { archivable: false, readOnlyDefinition: true, readOnlyValue: false, readOnlyOptions: true };
  return standard(name, label, 'enumeration', { ...ways, modificationMetadata });
}

/** A property that the vendor works out; nobody can write it. */
export function readOnly(name: string, label: string, type: PropertyType, ways: Ways = {}): Definition {
  return standard(name, label, type, {
    calculated: true,
    formField: false,
    modificationMetadata: { archivable: false, readOnlyDefinition: true, readOnlyValue: true },
    ...ways,
  });
}

/** A property that somebody in this portal made. */
export function custom(name: string, label: string, type: PropertyType, ways: Ways = {}): Definition {
  return standard(name, label, type, {
    groupName: 'syncline',
    hubspotDefined: false,
    modificationMetadata: {
      archivable: true,
      readOnlyDefinition: false,
      readOnlyValue: false,
      ...(type === 'enumeration' ? { readOnlyOptions: false } : {}),
    },
    ...ways,
  });
}
