/** The languages that people are told causes in. */
export const LANGUAGES = ['en', 'ja', 'th'] as const;
export type Language = (typeof LANGUAGES)[number];

/** The best of our languages for an `Accept-Language` header; English where it asks for none of them. */
export function languageOf(header: string | null | undefined): Language {
  const asked = (header ?? '').split(',').map((part, place) => {
    const [tag = '', ...parameters] = part.trim().toLowerCase().split(';');
    const quality = parameters.map((one) => /^\s*q=([\d.]+)\s*$/.exec(one)?.[1]).find((one) => one !== undefined);
    return { language: tag.split('-')[0] ?? '', quality: quality === undefined ? 1 : Number(quality), place };
  });
  const best = asked.filter(({ quality }) => quality > 0).sort((a, b) => b.quality - a.quality || a.place - b.place);
  for (const { language } of best) {
    const ours = LANGUAGES.find((one) => one === language);
    if (ours !== undefined) return ours;
  }
  return 'en';
}
