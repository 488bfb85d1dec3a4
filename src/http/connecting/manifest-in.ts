import type { Language } from '../../causes/languages.ts';
import type { Manifest } from '../../contract/manifest.ts';

/** A manifest as somebody reads it who asks in this language: in English where it does not say it. */
export function manifestIn({ said, ...manifest }: Manifest, language: Language): Omit<Manifest, 'said'> {
  const words = language === 'en' ? undefined : said?.[language];
  if (words === undefined) return manifest;
  const auth = manifest.auth.map((way): Manifest['auth'][number] => {
    const { label, help, fields } = words.auth[way.kind] ?? { ...way, fields: {} };
    const named = way.fields.map((field) => ({ ...field, label: fields[field.name] ?? field.label }));
    return { ...way, label, help, fields: named } as typeof way;
  });
  return { ...manifest, about: words.about, auth };
}
