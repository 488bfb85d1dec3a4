import type { Session } from '../../../src/contract/connector.ts';
import { HubError } from '../../../src/contract/errors.ts';
import { askIfThere } from '../client.ts';
import { PER_PAGE } from '../surveys.ts';
import type { Listed } from '../wire.ts';
import { parseTickets, type Ticket } from './wire.ts';

const PLACE = '/api/v2/cx/closedloop';
const API_HOST = /^api\.(questionpro\.[a-z]+)$/;
/** Data centres whose hosts have other names, and of which nobody tells where their closed loop is. */
const UNTOLD = new Set(['api.surveyanalytics.com', 'api.questionprosa.com']);

/** Where the closed loop is: a service with a host of its own. Behind a proxy it is taken to be where the API is. */
function closedLoop({ origin, settings }: Session): string {
  const told = String(settings.closedLoopOrigin ?? '').trim();
  if (told !== '') return told.replace(/\/+$/, '') + PLACE;
  const { host, protocol } = new URL(origin);
  if (UNTOLD.has(host))
    throw new HubError('misconfigured', `where the closed loop of ${host} is, is not known: say so in the setting closedLoopOrigin`);
  const [, domain] = API_HOST.exec(host) ?? [];
  return `${domain === undefined ? origin : `${protocol}//clf-backend.${domain}`}${PLACE}`;
}

/** The workspaces whose tickets are read. */
export function workspaces({ settings }: Session): readonly string[] {
  const ids = String(settings.workspaceIds ?? '')
    .split(/[\s,;]+/)
    .filter((id) => id !== '');
  if (ids.length === 0) throw new HubError('misconfigured', 'the connection names no workspace: say which in the setting workspaceIds');
  return [...new Set(ids)];
}

export type TicketPage = Listed<Ticket> & { readonly servedAt: string | null };

/** A page of the tickets of a workspace. */
export async function ticketPage(session: Session, workspace: string, page: number): Promise<TicketPage> {
  const path = `/workspaces/${encodeURIComponent(workspace)}/tickets`;
  const reply = await askIfThere(session, path, { base: closedLoop(session), query: { page, perPage: PER_PAGE } });
  if ('missing' in reply) throw new HubError('misconfigured', `QuestionPro knows no workspace ${workspace}`, { code: '1040' });
  return { ...parseTickets(reply.body), servedAt: reply.servedAt };
}
