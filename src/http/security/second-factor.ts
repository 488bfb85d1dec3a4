import { z } from 'zod';
import type { Db } from '../../hub/database.ts';
import { readSetting, writeSetting } from '../../hub/settings.ts';

const NAME = 'security';
const Stored = z.object({ requireTwoFactor: z.boolean() }).catch({ requireTwoFactor: false });

/** What an admin asks of all who sign in here. */
export const securityOf = async (db: Db): Promise<z.infer<typeof Stored>> => Stored.parse(await readSetting(db, NAME));

export const chooseSecurity = (db: Db, value: z.infer<typeof Stored>, by: string): Promise<void> => writeSetting(db, NAME, { value, by });

/** Whether an operator has a second factor, and whether the hub asks for one. */
export async function twoFactorOf(db: Db, operatorId: string) {
  const found = await db.selectFrom('operator').select('two_factor_enabled').where('id', '=', operatorId).executeTakeFirst();
  return { hasTwoFactor: found?.two_factor_enabled ?? false, needsTwoFactor: (await securityOf(db)).requireTwoFactor };
}
