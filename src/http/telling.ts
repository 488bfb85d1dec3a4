import { type CauseId, isCauseId } from '../causes/causes.ts';
import { type Language, languageOf } from '../causes/languages.ts';
import { type Places, type SaidCause, sayCause } from '../causes/say.ts';
import type { ConnectionView } from '../hub/views/connections.ts';
import type { HoldView } from '../hub/views/holds.ts';
import type { LinkView } from '../hub/views/links.ts';
import { labelOf } from '../hub/views/titles.ts';
import { sayDrift } from '../mapping/drift.ts';
import type { HubModel } from '../mapping/mapping.ts';

/** Whom something is told: in which language, and with the labels of which model. */
export type Listener = { readonly language: Language; readonly model: HubModel };

/** The language that a request asks for. */
export const listenerOf = (c: Asking, model: HubModel): Listener => ({ language: languageIn(c), model });

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
  return { ...link, cause: said(listener, cause, places) };
}

/** A record whose links say what is the matter with them. */
export function tellRecord<Row extends { readonly object: string; readonly links: readonly LinkView[] }>(listener: Listener, row: Row) {
  const { links, ...rest } = row;
  return { ...rest, links: links.map((link) => tellLink(listener, link, row.object)) };
}

type Asking = { req: { header(name: string): string | undefined } };
const languageIn = (c: Asking): Language => languageOf(c.req.header('accept-language'));

/** Tells the caller a connection with what is the matter with it, and with its objects. */
export const teller =
  (c: Asking) =>
  <View extends Pick<ConnectionView, 'name' | 'cause' | 'streams'>>(view: View) => {
    const tell = (cause: CauseId | null) => (cause === null ? null : sayCause(cause, languageIn(c), { system: view.name }));
    const streams = view.streams.map(({ drift, ...stream }) => ({
      ...stream,
      cause: tell(stream.cause),
      drift: drift.map(({ detail, ...told }) => ({ ...told, text: sayDrift({ ...told, detail }) })),
    }));
    return { ...view, cause: tell(view.cause), streams };
  };

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
export function tellHold<View extends Pick<HoldView, 'cause' | 'connection' | 'object' | 'label' | 'detail'>>(
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
  return { ...view, cause: said(listener, view.cause, places) };
}
