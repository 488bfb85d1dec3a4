import { sql } from 'kysely';
import { forgetAudit } from './access/audit.ts';
import type { Hub } from './database.ts';
import { readSetting, writeSetting } from './settings.ts';

const SETTING = 'retention';

/**
 * How long what is no part of a record is kept, in days: as it comes, and at least. The journal is kept for ever: undoing, explaining, and records as
 * they were are made of it. Of a record that was removed over there nothing is kept as it was sent.
 */
export const KEPT_DAYS = {
  /** Who did what and looked at whom. */
  audit: { usual: 730, least: 30 },
  /** What vendors have told, once it was looked at. */
  deliveries: { usual: 30, least: 1 },
  /** Answers to requests with a key, by which a repeat is known. */
  requests: { usual: 30, least: 1 },
} as const;
export type Kept = keyof typeof KEPT_DAYS;
const KEPT: readonly Kept[] = ['audit', 'deliveries', 'requests'];
export type Retention = Readonly<Record<Kept, number>>;

const MOST_DAYS = 36_500;

/** How long each is kept, as an admin chose, else as it comes. What cannot be a number of days is not taken for one. */
export async function retentionOf(hub: Hub): Promise<Retention> {
  const chosen = await readSetting(hub, SETTING);
  const days = (kept: Kept): number => {
    const value: unknown = typeof chosen === 'object' && chosen !== null ? Reflect.get(chosen, kept) : undefined;
    const { usual, least } = KEPT_DAYS[kept];
    return typeof value === 'number' && Number.isInteger(value) && value >= least && value <= MOST_DAYS ? value : usual;
  };
  return { audit: days('audit'), deliveries: days('deliveries'), requests: days('requests') };
}

/** Keeps what of it is given; the rest stays as it is. */
export async function chooseRetention(hub: Hub, wish: Readonly<Partial<Record<Kept, number | undefined>>>, by: string): Promise<void> {
  const given = Object.fromEntries(Object.entries(wish).filter(([, days]) => days !== undefined));
  await writeSetting(hub, SETTING, { value: { ...(await retentionOf(hub)), ...given }, by });
}

const AT_ONCE = 500;
const EVERY_MIN = 10;

/** Forgets what is too old, in small sets; each few minutes, in one process at a time, however many there are. */
export async function forgetOld(hub: Hub, signal: AbortSignal): Promise<void> {
  if (!(await isTime(hub))) return;
  const retention = await retentionOf(hub);
  for (const kept of KEPT) {
    let gone = AT_ONCE;
    while (gone === AT_ONCE && !signal.aborted) gone = await FORGET[kept](hub, retention[kept]);
  }
}

const FORGET: Readonly<Record<Kept, (hub: Hub, days: number) => Promise<number>>> = {
  audit: forgetAudit,
  deliveries: (hub, days) => forgetInputs(hub, 'webhook', days),
  requests: (hub, days) => forgetInputs(hub, 'api', days),
};

async function forgetInputs(hub: Hub, kind: 'webhook' | 'api', days: number): Promise<number> {
  const { numAffectedRows } = await sql`
    delete from input where id in (
      select id from input where kind = ${kind} and ended_at < now() - ${days} * interval '1 day' limit ${AT_ONCE})`.execute(hub);
  return Number(numAffectedRows ?? 0n);
}

const LAST = 'retention_looked';

async function isTime(hub: Hub): Promise<boolean> {
  const { rows } = await sql`
    insert into setting (name, value, changed_by) values (${LAST}, 'null', 'hub')
    on conflict (name) do update set changed_at = now() where setting.changed_at < now() - ${EVERY_MIN} * interval '1 minute'
    returning name`.execute(hub);
  return rows.length > 0;
}
