import type { ErrorKind } from '../contract/errors.ts';
import type { HoldKind, LinkState } from '../hub/stored.ts';
import { CAUSE_IDS, CAUSES, type CauseId, type Sign } from './causes.ts';

/** What a cause can be found for. A HubError fits as it is, and so does a hold, open or about to be opened. */
export type Trouble =
  | { readonly kind: ErrorKind; readonly code?: string | undefined }
  | { readonly kind: HoldKind; readonly detail: Readonly<Record<string, unknown>> }
  | { readonly link: LinkState; readonly because?: string | undefined };

type Found = { readonly id: CauseId; readonly word: string | null };

/** The signs as `error:kind`, `hold:kind`, or `link:state`, each with the words that narrow it down. */
const BY_SIGN: ReadonlyMap<string, readonly Found[]> = (() => {
  const found = new Map<string, Found[]>();
  for (const id of CAUSE_IDS) {
    for (const sign of CAUSES[id].signs as readonly Sign[]) {
      const words = 'error' in sign ? sign.codes : sign.because;
      const key = 'error' in sign ? `error:${sign.error}` : 'hold' in sign ? `hold:${sign.hold}` : `link:${sign.link}`;
      found.set(key, [...(found.get(key) ?? []), ...(words ?? [null]).map((word) => ({ id, word }))]);
    }
  }
  return found;
})();

function named(key: string, word: unknown): CauseId | undefined {
  return BY_SIGN.get(key)?.find((one) => one.word !== null && one.word === word)?.id;
}

function plain(key: string): CauseId | undefined {
  return BY_SIGN.get(key)?.find((one) => one.word === null)?.id;
}

/** Why something went wrong or stands still; `tries_fail` only where not even its kind is known. */
export function causeOf(trouble: Trouble): CauseId {
  if ('link' in trouble) return named(`link:${trouble.link}`, trouble.because) ?? plain(`link:${trouble.link}`) ?? 'tries_fail';
  if (!('detail' in trouble)) return named(`error:${trouble.kind}`, trouble.code) ?? plain(`error:${trouble.kind}`) ?? 'tries_fail';
  const { because, event, code, error } = trouble.detail;
  return (
    named(`hold:${trouble.kind}`, because ?? event) ??
    named(`error:${typeof error === 'string' ? error : 'record_rejected'}`, code) ??
    plain(`hold:${trouble.kind}`) ??
    'tries_fail'
  );
}
