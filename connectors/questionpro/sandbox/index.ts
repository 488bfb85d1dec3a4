import { Hono } from 'hono';
import { dated } from '../../../src/sandbox/dated.ts';
import { randomFrom, seedOf } from '../../../src/sandbox/random.ts';
import type { SandboxApp, SandboxDefinition, SandboxOptions } from '../../../src/sandbox/sandbox.ts';
import { readSwitches } from '../../../src/sandbox/switches.ts';
import { pageAsk, refuse } from './envelopes.ts';
import { API_KEY, openGate } from './gate.ts';
import { ordered, routesOf } from './routes.ts';
import { answerVisit, liveIn } from './seed.ts';
import { openStore, respondentOf, type Store } from './store.ts';
import { SURVEYS, type Survey } from './surveys.ts';
import { checkWords, SWITCHES } from './switches.ts';
import { Tickets, ticketRoutes, WORKSPACE } from './tickets.ts';
import { Webhooks } from './webhooks.ts';

/** The sandbox with the hand that files a certain response. */
export type QuestionproSandbox = SandboxApp &
  Pick<Store, 'answer' | 'complete' | 'remove' | 'all' | 'cx'> & {
    readonly surveys: readonly Survey[];
    readonly webhooks: Webhooks;
    readonly tickets: Tickets;
  };

/** Detractors of the last weeks have a ticket each, and some that people opened by hand. */
function openTickets(tickets: Tickets, store: Store): void {
  for (const response of store
    .cx()
    .filter(({ score }) => score !== null && score <= 6)
    .slice(-25))
    tickets.open({ response, at: new Date(response.at + 60_000) });
  for (const response of store.cx().slice(0, 3))
    tickets.open({
      customerEmail: response.customs.custom1 ?? '',
      description: 'Called about an invoice.',
      priority: 'LOW',
      at: new Date(response.at),
    });
}

/** A QuestionPro account with three surveys, and one of a CX workspace, that the town has answered for a year, and the tickets that follow. */
export const questionproSandbox = {
  id: 'questionpro',
  credentials: { token: API_KEY },
  settings: { userId: '1', workspaceIds: String(WORKSPACE) },
  open(options: SandboxOptions): QuestionproSandbox {
    const switches = checkWords(readSwitches(SWITCHES, options.switches));
    const webhooks = new Webhooks(options, switches);
    const store = openStore(options.now, (response) => webhooks.tell(response));
    const life = liveIn(store, options);
    const tickets = new Tickets(options, randomFrom(seedOf(options.seed, 'tickets')));
    openTickets(tickets, store);
    const gate = openGate(options.now, switches);
    const passers = randomFrom(seedOf(options.seed, 'passers-by'));
    const app = new Hono();
    app.route(
      '/a/api/v2',
      routesOf({
        gate,
        store,
        options,
        switches,
        webhooks,
        arrive: () => void life.stir(passers),
        visit: () => answerVisit(store, options, passers),
      }),
    );
    const service = new Hono();
    service.use(dated(options.now), gate);
    ticketRoutes(service, {
      tickets,
      options,
      switches,
      ordered: (all) => ordered(all, switches.order),
      pageAsk: (c) => pageAsk(c, switches),
      no: (c, refusal, why) => refuse(c, refusal, why === undefined ? { switches } : { switches, why }),
    });
    app.route('/api/v2/cx/closedloop', service);
    return {
      app,
      tickets,
      webhooks,
      close: () => webhooks.close(),
      remove: store.remove,
      life,
      people: () => new Set(store.all().flatMap((response) => respondentOf(response) ?? [])).size,
      answer: store.answer,
      complete: store.complete,
      all: store.all,
      cx: store.cx,
      surveys: SURVEYS,
    };
  },
} satisfies SandboxDefinition;
