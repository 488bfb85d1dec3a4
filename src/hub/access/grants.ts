import { sql } from 'kysely';
import { type ErrorKind, HubError } from '../../contract/errors.ts';
import type { TokenReply } from '../../contract/sign-in.ts';
import { Secret } from '../../kernel/secret.ts';
import type { Hub } from '../database.ts';
import { seal, unseal, type VaultKeys } from '../sealing/seal.ts';

/** A stored grant, as it is by the database's clock. */
export type HeldGrant = {
  readonly no: number;
  readonly accessToken: Secret;
  readonly refreshToken: Secret | null;
  readonly instanceUrl: string | null;
  readonly expiresAt: string | null;
  /** It can be sent: it has not run out, and was not refused. */
  readonly isLive: boolean;
  /** It is time for the next one. */
  readonly isDue: boolean;
};

/** The right to ask for the next grant. It ends by itself, so that a process that died stands in nobody's way. */
export type Renewal = {
  readonly no: number;
  /** Of the grant that is to be renewed; 0 before the first. */
  readonly grantNo: number;
  /** When it was asked for: what a vendor calls seconds from now cannot begin sooner. */
  readonly askedAt: string;
  /** One before it was never concluded: its process died, and what the vendor gave it may be lost. */
  readonly afterCrash: boolean;
};

/** `spent`: it was tried often enough for now. */
export type Claim = { readonly kind: 'mine'; readonly renewal: Renewal } | { readonly kind: 'busy' } | Spent;
type Spent = { readonly kind: 'spent'; readonly refused: HubError };

/** The grants of connections: one process at a time asks for a new one, and no transaction is open meanwhile. */
export type Grants = {
  read(connectionId: string): Promise<HeldGrant | null>;
  claim(connectionId: string, forMs: number): Promise<Claim>;
  /** Stores what was granted, unless another grant came to stand there meanwhile: then false. */
  keep(connectionId: string, renewal: Renewal, granted: TokenReply, before: HeldGrant | null): Promise<boolean>;
  /** The renewal has failed. The grant that is there stays; why is kept, when it was refused. */
  fail(connectionId: string, renewal: Renewal, refused: HubError | null): Promise<void>;
  /** The vendor refused this token: it is not sent again, and the next one is due. */
  refuse(connectionId: string, accessToken: Secret): Promise<void>;
};

/** How often a grant may be asked for within the window. */
const MOST_RENEWALS = 2;
const WINDOW_MS = 60_000;
const MARGIN_MS = 300_000;

/** The code of a renewal that was refused after another one had been cut off. */
export const INTERRUPTED = 'RENEWAL_INTERRUPTED';

type Plain = { accessToken: string; refreshToken?: string | null; instanceUrl: string | null; expiresAt: string | null };

/** When a grant that is good for so long is renewed: five minutes before, or a fifth of its time. */
export const renewAfterMs = (lifetimeMs: number): number => lifetimeMs - Math.min(MARGIN_MS, lifetimeMs / 5);

export function openGrants(hub: Hub, keys: VaultKeys): Grants {
  return {
    async read(connectionId) {
      const row = await hub
        .selectFrom('credential')
        .select(['key_version', 'grant_sealed', 'grant_no'])
        .select([
          sql<boolean>`coalesce(grant_expires_at, 'infinity') > now()`.as('isLive'),
          sql<boolean>`coalesce(grant_renew_at, 'infinity') <= now()`.as('isDue'),
        ])
        .where('connection_id', '=', connectionId)
        .executeTakeFirstOrThrow();
      if (row.grant_sealed === null) return null;
      const { isLive, isDue, grant_no: no } = row;
      return { ...opened(keys, connectionId, { version: row.key_version, sealed: row.grant_sealed }), no, isLive, isDue };
    },
    claim: (connectionId, forMs) => claim(hub, connectionId, forMs),
    async keep(connectionId, renewal, granted, before) {
      const { numUpdatedRows } = await hub
        .updateTable('credential')
        .set({
          ...(await sealedGrant(hub, keys, connectionId, granted, { askedAt: renewal.askedAt, before })),
          grant_no: renewal.grantNo + 1,
        })
        .where('connection_id', '=', connectionId)
        .where('grant_no', '=', renewal.grantNo)
        .executeTakeFirst();
      return numUpdatedRows > 0n;
    },
    async fail(connectionId, renewal, refused) {
      const why = refused === null ? null : { kind: refused.kind, message: refused.message, code: refused.code ?? null };
      await hub
        .updateTable('credential')
        .set({ renewing_until: sql`'-infinity'`, ...(why === null ? {} : { renewal_refused: JSON.stringify(why) }) })
        .where('connection_id', '=', connectionId)
        .where('renewal_no', '=', renewal.no)
        .execute();
    },
    async refuse(connectionId, accessToken) {
      const held = await this.read(connectionId);
      if (held === null || held.accessToken.reveal() !== accessToken.reveal()) return;
      await hub
        .updateTable('credential')
        .set({ grant_expires_at: sql`'-infinity'`, grant_renew_at: sql`'-infinity'` })
        .where('connection_id', '=', connectionId)
        .where('grant_no', '=', held.no)
        .execute();
    },
  };
}

async function claim(hub: Hub, connectionId: string, forMs: number): Promise<Claim> {
  const { rows } = await sql<{ no: number; grantNo: number; askedAt: string; afterCrash: boolean }>`
    update credential c set
      renewing_until = now() + ${forMs} * interval '1 ms', renewal_no = c.renewal_no + 1,
      renewals = case when old.recent then c.renewals + 1 else 1 end,
      renewals_since = case when old.recent then c.renewals_since else now() end
    from (
      select connection_id, renewing_until > '-infinity' or coalesce(renewal_refused ->> 'code' = ${INTERRUPTED}, false) as crashed, renewals_since > now() - ${WINDOW_MS} * interval '1 ms' as recent
      from credential where connection_id = ${connectionId} and renewing_until < now()
        and (grant_sealed is null or grant_renew_at <= now())
        and (renewals < ${MOST_RENEWALS} or renewals_since <= now() - ${WINDOW_MS} * interval '1 ms') for update
    ) old where c.connection_id = old.connection_id
    returning c.renewal_no as no, c.grant_no as "grantNo", to_json(now()) #>> '{}' as "askedAt", old.crashed as "afterCrash"`.execute(hub);
  const [mine] = rows;
  return mine === undefined ? whyNot(hub, connectionId) : { kind: 'mine', renewal: mine };
}

/** Somebody else is at it, has just been, or it was tried often enough: then what came of it last, and when it may be tried again. */
async function whyNot(hub: Hub, connectionId: string): Promise<Claim> {
  const row = await hub
    .selectFrom('credential')
    .select(['renewal_refused'])
    .select(sql<number>`extract(epoch from renewals_since + ${WINDOW_MS} * interval '1 ms' - now())::float8 * 1000`.as('waitMs'))
    .select(
      sql<boolean>`renewing_until < now() and (grant_sealed is null or grant_renew_at <= now()) and renewals >= ${MOST_RENEWALS} and renewals_since > now() - ${WINDOW_MS} * interval '1 ms'`.as(
        'isSpent',
      ),
    )
    .where('connection_id', '=', connectionId)
    .executeTakeFirstOrThrow();
  if (!row.isSpent) return { kind: 'busy' };
  const { kind, message, code } = row.renewal_refused ?? NEVER_TAKEN;
  const wait = { retryAfterMs: Math.ceil(row.waitMs) };
  return { kind: 'spent', refused: new HubError(kind, message, code === null ? wait : { code, ...wait }) };
}

const NEVER_TAKEN: { kind: ErrorKind; message: string; code: string | null } = {
  kind: 'signed_out',
  message: 'New tokens were given, and then refused',
  code: null,
};

/** The columns of a grant, for an update of its row. */
export async function sealedGrant(
  hub: Pick<Hub, 'selectFrom'>,
  keys: VaultKeys,
  connectionId: string,
  granted: TokenReply,
  { askedAt, before }: { readonly askedAt: string; readonly before: HeldGrant | null },
) {
  const { key_version } = await hub
    .selectFrom('credential')
    .select('key_version')
    .where('connection_id', '=', connectionId)
    .executeTakeFirstOrThrow();
  const lifetimeMs = granted.expiresInS === null ? null : granted.expiresInS * 1000;
  const after = (ms: number): string => new Date(Date.parse(askedAt) + ms).toISOString();
  const expiresAt = lifetimeMs === null ? null : after(lifetimeMs);
  const plain: Plain = {
    accessToken: granted.accessToken.reveal(),
    refreshToken: (granted.refreshToken ?? before?.refreshToken)?.reveal() ?? null,
    instanceUrl: granted.instanceUrl ?? before?.instanceUrl ?? null,
    expiresAt,
  };
  const { sealed } = seal({ current: key_version, keys: keys.keys }, { connectionId, purpose: 'grant' }, JSON.stringify(plain));
  return {
    grant_sealed: sealed,
    grant_expires_at: expiresAt,
    grant_renew_at: lifetimeMs === null ? null : after(renewAfterMs(lifetimeMs)),
    ...(granted.scopes === null ? {} : { granted_scopes: [...granted.scopes] }),
    renewing_until: sql<Date>`'-infinity'`,
    renewal_refused: null,
  };
}

function opened(keys: VaultKeys, connectionId: string, stored: { version: number; sealed: Buffer }) {
  const plain = JSON.parse(unseal(keys, { connectionId, purpose: 'grant' }, stored)) as Plain;
  return {
    accessToken: new Secret(plain.accessToken),
    refreshToken: typeof plain.refreshToken === 'string' ? new Secret(plain.refreshToken) : null,
    instanceUrl: plain.instanceUrl,
    expiresAt: plain.expiresAt,
  };
}
