import type { SandboxApp, SandboxDefinition, SandboxOptions } from '../../../src/sandbox/sandbox.ts';
import { readSwitches } from '../../../src/sandbox/switches.ts';
import { FORMS, type Form } from './forms.ts';
import { TOKEN } from './gate.ts';
import { routesOf } from './routes.ts';
import { liveIn } from './seed.ts';
import { openStore, respondentOf, type Store } from './store.ts';
import { SWITCHES } from './switches.ts';
import { Webhooks } from './webhooks.ts';

/** The sandbox with the hand that files a certain response. */
export type TypeformSandbox = SandboxApp &
  Pick<Store, 'answer' | 'complete' | 'remove' | 'all'> & { readonly forms: readonly Form[]; readonly webhooks: Webhooks };

/** A Typeform account with three forms that the town has answered for a year. */
export const typeformSandbox = {
  id: 'typeform',
  credentials: { token: TOKEN },
  settings: {},
  open(options: SandboxOptions): TypeformSandbox {
    const switches = readSwitches(SWITCHES, options.switches);
    const webhooks = new Webhooks(options, switches);
    const store = openStore(options.seed, options.now, (response) => webhooks.tell(response));
    const life = liveIn(store, options);
    return {
      app: routesOf({ store, webhooks, options, switches }),
      webhooks,
      close: () => webhooks.close(),
      life,
      people: () => new Set(store.all().flatMap((response) => respondentOf(response) ?? [])).size,
      answer: store.answer,
      complete: store.complete,
      remove: store.remove,
      all: store.all,
      forms: FORMS,
    };
  },
} satisfies SandboxDefinition;
