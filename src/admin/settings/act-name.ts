/** What an act of the audit log goes by among the words, such as `patch_operators_id` for `patch /operators/{id}`. */
export const actName = (action: string): string =>
  action
    .replaceAll(/[^a-z]+/gi, '_')
    .replaceAll(/^_|_$/g, '')
    .toLowerCase();

/** What tells acts of one route apart, and by which ending: a connection is switched on or off by the route that changes it. */
const ENDINGS: readonly (readonly [detail: string, value: unknown, ending: string])[] = [
  ['enabled', true, 'on'],
  ['enabled', false, 'off'],
  ['disabled', true, 'off'],
  ['disabled', false, 'on'],
  ['preview', true, 'preview'],
];

/** The names that an act may go by, the most telling first. */
export function actNames(action: string, detail: Readonly<Record<string, unknown>>): readonly string[] {
  const name = actName(action);
  return [...ENDINGS.flatMap(([key, value, ending]) => (detail[key] === value ? [`${name}_${ending}`] : [])), name];
}
