import { validate } from 'uuid';
import type { Engine } from '../engine.ts';

/** An id for the survey links that a contact gets: it leads back to the contact, and only this hub can give it out. */
export async function personalIdOf({ hub, vault }: Engine, recordId: string): Promise<string | null> {
  if (!validate(recordId)) return null;
  const record = await hub.selectFrom('record').select('id').where('id', '=', recordId).where('merged_into', 'is', null).executeTakeFirst();
  return record === undefined ? null : vault.personalIds.issue(record.id);
}
