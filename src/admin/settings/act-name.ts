/** What an act of the audit log goes by among the words, such as `patch_operators_id` for `patch /operators/{id}`. */
export const actName = (action: string): string =>
  action
    .replaceAll(/[^a-z]+/gi, '_')
    .replaceAll(/^_|_$/g, '')
    .toLowerCase();
