import { useTranslation } from 'react-i18next';

/** The names of objects and fields in the reader's language; one that a company has made for itself keeps the name that it was given. */
export function useNames() {
  const { t, i18n } = useTranslation();
  const known = (key: string): string | null => {
    const word: unknown = i18n.getResource(i18n.language, 'shared', key);
    return typeof word === 'string' ? word : null;
  };
  const objects = (object: string): string => known(`objects.${object}`) ?? pluralOf(object);
  return {
    /** As a heading: `Contacts`. */
    objects,
    /** Within a sentence: `contacts`. */
    objectsIn: (object: string): string => objects(object).toLocaleLowerCase(i18n.language),
    /** One of them, within a sentence: `contact`. */
    thing: (object: string): string => known(`thing.${object}`) ?? spaced(object).toLocaleLowerCase(i18n.language),
    /** A field by the name that the model knows it by, and the label that it has there. */
    field: (name: string, label: string = spaced(name)): string => known(`field.${name}`) ?? label,
    nameless: t('nameless'),
  };
}

function pluralOf(object: string): string {
  return spaced(object.endsWith('y') ? `${object.slice(0, -1)}ies` : `${object}s`);
}

export function spaced(name: string): string {
  const text = name.replaceAll('_', ' ');
  return text.charAt(0).toUpperCase() + text.slice(1);
}
