import { type CauseId, isCauseId } from '../causes/causes.ts';
import { type Language, languageOf } from '../causes/languages.ts';
import { type Places, type SaidCause, sayCause } from '../causes/say.ts';
import type { ConnectionView } from '../hub/views/connections.ts';
import type { HoldView } from '../hub/views/holds.ts';
import type { LinkView } from '../hub/views/links.ts';
import { labelOf } from '../hub/views/titles.ts';
import { sayDrift } from '../mapping/drift.ts';
import type { HubModel } from '../mapping/mapping.ts';
import type { Env } from './security/operator.ts';
import { hearsVendors } from './security/veil.ts';

/** Whom something is told: in which language, with the labels of which model, and whether also in the words of vendors. */
export type Listener = { readonly language: Language; readonly model: HubModel; readonly hearsVendors: boolean };

/** Who asks, and in which language. */
export const listenerOf = (c: Known, model: HubModel): Listener => ({ language: languageIn(c), model, hearsVendors: hears(c) });

function said(listener: Listener, cause: CauseId | null, places: Places): SaidCause | null {
  return cause === null ? null : sayCause(cause, listener.language, places);
}

/** A link with why it is not in sync and what to do, as sentences. */
export function tellLink(listener: Listener, { cause, about, recordId: _own, ...link }: LinkView, hubObject: string | null) {
  const field = about?.field == null ? undefined : labelOf(listener.model, hubObject, about.field);
  const limit = about?.limit ?? undefined;
  const places: Places = {
    system: link.connection.name,
    object: link.object,
    ...(field === undefined ? {} : { field }),
    ...(limit === undefined ? {} : { limit }),
  };
  return { ...link, reason: listener.hearsVendors ? link.reason : null, cause: said(listener, cause, places) };
}

/** A record whose links say what is the matter with them. */
export function tellRecord<Row extends { readonly object: string; readonly links: readonly LinkView[] }>(listener: Listener, row: Row) {
  const { links, ...rest } = row;
  return { ...rest, links: links.map((link) => tellLink(listener, link, row.object)) };
}

type Asking = { req: { header(name: string): string | undefined } };
type Known = Asking & { readonly var: Env['Variables'] };
const hears = (c: Known): boolean => hearsVendors(c.var.operator.role);
const languageIn = (c: Asking): Language => languageOf(c.req.header('accept-language'));

/** Tells the caller a connection with what is the matter with it, and with its objects. */
export const teller =
  (c: Known) =>
  <View extends Pick<ConnectionView, 'name' | 'cause' | 'reason' | 'streams'>>(view: View) => {
    const tell = (cause: CauseId | null) => (cause === null ? null : sayCause(cause, languageIn(c), { system: view.name }));
    const heard = (reason: string | null) => (hears(c) ? reason : null);
    const streams = view.streams.map(({ drift, ...stream }) => ({
      ...stream,
      reason: heard(stream.reason),
      cause: tell(stream.cause),
      drift: drift.map(({ detail, ...told }) => ({ ...told, text: sayDrift({ ...told, detail }) })),
    }));
    return { ...view, reason: heard(view.reason), cause: tell(view.cause), streams };
  };

/** What came of a run, without the words of a fault that its reader may not hear. */
export const tellRun =
  (c: Known) =>
  <Run extends { readonly error: { readonly kind: string; readonly message: string } | null }>(run: Run) => ({
    ...run,
    error: run.error === null || hears(c) ? run.error : { kind: run.error.kind, message: null },
  });

/** A cause in the caller's language. */
export const causeTold = (c: Asking, cause: CauseId, system: string | undefined): SaidCause =>
  sayCause(cause, languageIn(c), system === undefined ? {} : { system });

/** What came of trying credentials, with the advice in the caller's language. */
export function tellTried<Result extends { readonly ok: boolean }>(c: Asking, name: string, tried: Result): Result {
  if (!('cause' in tried) || !isCause(tried.cause)) return tried;
  return { ...tried, advice: sayCause(tried.cause, languageIn(c), { system: name }).advice };
}

const isCause = (cause: unknown): cause is CauseId => typeof cause === 'string' && isCauseId(cause);

/** A hold with why it opened and what to decide. */
export function tellHold<View extends Pick<HoldView, 'cause' | 'connection' | 'object' | 'label' | 'reason' | 'detail'>>(
  listener: Listener,
  view: View,
) {
  const limit = view.detail.limit;
  const places: Places = {
    ...(view.connection === null ? {} : { system: view.connection.name }),
    ...(view.object === null ? {} : { object: view.object }),
    ...(view.label === null ? {} : { field: view.label }),
    ...(typeof limit === 'number' ? { limit: String(limit) } : {}),
  };
  const cause = sayCause(view.cause, listener.language, places);
  if (listener.hearsVendors) return { ...view, cause };
  const { failed: _said, ...detail } = view.detail;
  return { ...view, cause, reason: cause.text, detail };
}
