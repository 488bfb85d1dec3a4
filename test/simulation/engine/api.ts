import { HubError } from '../../../src/contract/errors.ts';
import { between } from '../../../src/sandbox/random.ts';
import type { Actor } from './schedule.ts';
import type { Vendor } from './vendor.ts';

export type CallName = 'fields' | 'changes' | 'byIds' | 'apply' | 'recall' | 'token';
/** What goes wrong with one call. `partial` and `missing` only concern writes. */
export const FAULTS = [
  'rate_limited',
  'rate_limited_for',
  'locked',
  'refused_5xx',
  'reset',
  'lost_after',
  'late_effect',
  'cut_body',
  'slow',
  'hangs',
  'partial',
  'partial_lost',
  'missing_result',
  'row_refused',
] as const;
export type FaultName = (typeof FAULTS)[number];
export type Fault = { readonly on: CallName; readonly kind: FaultName; skip: number };

const RETRY_AFTER_MS = 20_000;
const HANG_MS = 60_000;

/** How a call to a vendor goes: its way there, its effect, and its way back, any of which may fail. */
export type Api = {
  readonly vendor: Vendor;
  /** Faults that wait for their call. */
  readonly faults: Fault[];
  /** Until when every token is refused. */
  signedOutUntilMs: number;
  token: number;
  /** Makes a request: `effect` happens over there, also when the caller is dead by then. */
  request<T>(call: Call, effect: (fault: FaultName | null) => T): Promise<T>;
  /** How many requests have been counted. */
  calls(): number;
};
export type Call = {
  readonly actor: Actor;
  readonly name: CallName;
  readonly signal: AbortSignal;
  readonly token: number | null;
  watch(when: 'before' | 'after'): void;
};

export function openApi(vendor: Vendor): Api {
  const { schedule, shape, chronicle, random, system } = vendor;
  const sent: { readonly atMs: number; readonly by: Actor }[] = [];
  let quietUntilMs = 0;

  /** Counts a request, when it is sent, against the vendor's limits; more than they allow is a broken promise. */
  function count(by: Actor, now: number): void {
    sent.push({ atMs: now, by });
    // Whoever was stopped in between comes late to this count, with a call of before.
    const inWindow = sent.filter(({ atMs }) => atMs > now - shape.pace.perMs && atMs <= now);
    const own = inWindow.filter((one) => one.by === by).length;
    if (own > shape.pace.requests) chronicle.broken.push(`limits: ${own} calls to system ${system} in ${shape.pace.perMs} ms`);
    // All processes keep the pace together, also where one takes over from another.
    else if (inWindow.length > shape.pace.requests)
      chronicle.broken.push(`limits: ${inWindow.length} calls to system ${system} in ${shape.pace.perMs} ms, over a takeover`);
    if (now < quietUntilMs)
      chronicle.broken.push(`limits: system ${system} was called ${quietUntilMs - now} ms before its Retry-After had passed`);
  }

  function drawFault(name: CallName): FaultName | null {
    const fault = api.faults.find((one) => one.on === name);
    if (fault === undefined) return null;
    if (fault.skip > 0) {
      fault.skip -= 1;
      return null;
    }
    api.faults.splice(api.faults.indexOf(fault), 1);
    chronicle.reached.add(`fault: ${fault.kind} on ${name}`);
    return fault.kind;
  }

  const api: Api = {
    vendor,
    faults: [],
    signedOutUntilMs: 0,
    token: 1,
    calls: () => sent.length,
    async request(call, effect) {
      // Whoever is stopped right here has kept the pace all the same.
      const nowMs = schedule.nowMs();
      await schedule.turn(call.actor, async () => call.watch('before'));
      count(call.actor, nowMs);
      const fault = drawFault(call.name);
      const slow = fault === 'slow' ? 30_000 : 0;
      const there = between(random, 5, 60);
      const outcome = Promise.withResolvers<() => ReturnType<typeof effect>>();
      // What is on its way arrives, whatever becomes of whoever sent it.
      schedule.at(schedule.nowMs() + there, null, () => outcome.resolve(settle(() => answer(call, fault, effect))));
      const reply = await outcome.promise;
      const back = fault === 'hangs' ? HANG_MS : slow + between(random, 5, 60);
      await wait(call, back);
      await schedule.turn(call.actor, async () => call.watch('after'));
      return reply();
    },
  };

  function answer<T>(call: Call, fault: FaultName | null, effect: (fault: FaultName | null) => T): T {
    if (shape.grants && call.name !== 'token') {
      if (call.token !== api.token || schedule.nowMs() < api.signedOutUntilMs) {
        chronicle.reached.add('a token was refused');
        throw new HubError('signed_out', 'the token is not good any more');
      }
    } else if (schedule.nowMs() < api.signedOutUntilMs) throw new HubError('signed_out', 'the credentials were revoked');
    switch (fault) {
      case 'rate_limited':
        throw new HubError('rate_limited', 'too many requests');
      case 'rate_limited_for':
        quietUntilMs = schedule.nowMs() + RETRY_AFTER_MS;
        // What the vendor counts begins when it answers; what we count, when the answer is there.
        throw new HubError('rate_limited', 'too many requests', { retryAfterMs: RETRY_AFTER_MS });
      case 'locked':
        throw new HubError('locked', 'the records are being worked on');
      case 'refused_5xx':
      case 'reset':
        throw new HubError('unreachable', `the vendor failed (${fault})`);
      case 'late_effect':
        schedule.at(schedule.nowMs() + Math.floor(shape.recallMs / 2), null, () => void settle(() => effect(null)));
        throw new HubError('unreachable', 'the answer was lost, and the vendor goes on with it');
      case 'lost_after':
      case 'hangs':
        effect(fault);
        throw new HubError('unreachable', 'the answer was lost on its way');
      case 'cut_body':
        effect(fault);
        throw new HubError('broken_answer', 'the answer ends in the middle');
      case 'partial_lost':
        effect(fault);
        throw new HubError('unreachable', 'the connection broke in the middle');
      default:
        return effect(fault);
    }
  }

  function wait(call: Call, ms: number): Promise<void> {
    return new Promise((resolve, reject) => {
      const stop = () => {
        cancel();
        reject(call.signal.reason);
      };
      const cancel = schedule.at(schedule.nowMs() + ms, call.actor, () => {
        call.signal.removeEventListener('abort', stop);
        resolve();
      });
      if (call.signal.aborted) return stop();
      call.signal.addEventListener('abort', stop, { once: true });
    });
  }
  return api;
}

/** What a step came to, to be told later. */
function settle<T>(run: () => T): () => T {
  try {
    const value = run();
    return () => value;
  } catch (error) {
    return () => {
      throw error;
    };
  }
}
