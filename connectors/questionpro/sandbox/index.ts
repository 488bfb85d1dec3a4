import { Hono } from 'hono';
import { randomFrom, seedOf } from '../../../src/sandbox/random.ts';
import type { SandboxApp, SandboxDefinition, SandboxOptions } from '../../../src/sandbox/sandbox.ts';
import { readSwitches } from '../../../src/sandbox/switches.ts';
import { API_KEY } from './gate.ts';
import { routesOf } from './routes.ts';
import { answerVisit, liveIn } from './seed.ts';
import { openStore, respondentOf, type Store } from './store.ts';
import { SURVEYS, type Survey } from './surveys.ts';
import { checkWords, SWITCHES } from './switches.ts';
import { Webhooks } from './webhooks.ts';

/** The sandbox with the hand that files a certain response. */
export type QuestionproSandbox = SandboxApp &
  Pick<Store, 'answer' | 'complete' | 'remove' | 'all' | 'cx'> & { readonly surveys: readonly Survey[]; readonly webhooks: Webhooks };

/** A QuestionPro account with three surveys, and one of a CX workspace, that the town has answered for a year. */
export const questionproSandbox = {
  id: 'questionpro',
  credentials: { token: API_KEY },
  settings: { userId: '1' },
  open(options: SandboxOptions): QuestionproSandbox {
    const switches = checkWords(readSwitches(SWITCHES, options.switches));
    const webhooks = new Webhooks(options, switches);
    const store = openStore(options.now, (response) => webhooks.tell(response));
    const life = liveIn(store, options);
    const passers = randomFrom(seedOf(options.seed, 'passers-by'));
    const app = new Hono();
    app.route(
      '/a/api/v2',
      routesOf({
        store,
        options,
        switches,
        webhooks,
        arrive: () => void life.stir(passers),
        visit: () => answerVisit(store, options, passers),
      }),
    );
    return {
      app,
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
