import type { Portal } from '../portal/portal.ts';
import { invalid, notFound } from '../wire/refusal.ts';
import type { ImportPlan } from './import-plan.ts';
import { type Imported, runImport } from './import-rows.ts';

const AT_ONCE_MAX = 3;

export type Import = {
  readonly id: string;
  readonly appId: number;
  readonly plan: ImportPlan;
  readonly askedAtMs: number;
  readonly startsAtMs: number;
  readonly isCanceled: boolean;
  readonly imported: Imported | null;
};
type State = 'STARTED' | 'PROCESSING' | 'DEFERRED' | 'DONE' | 'CANCELED';

/** What comes in by file: three at once, the others wait. */
export class Imports {
  readonly #portal: Portal;
  #all: readonly Import[] = [];

  constructor(portal: Portal) {
    this.#portal = portal;
  }

  /** Those of one app, which is all that it can see. */
  of(appId: number): readonly Import[] {
    return this.#all.filter((one) => one.appId === appId);
  }

  get(appId: number, id: string): Import {
    const found = this.of(appId).find((one) => one.id === id);
    if (found === undefined) throw notFound();
    return found;
  }

  start(appId: number, plan: ImportPlan): Import {
    const askedAtMs = this.#portal.now().getTime();
    const ends = this.#all
      .filter((one) => !one.isCanceled && this.#doneAtMs(one) > askedAtMs)
      .map((one) => this.#doneAtMs(one))
      .sort((a, b) => b - a);
    const startsAtMs = ends[AT_ONCE_MAX - 1] ?? askedAtMs;
    const made = { id: String(this.#all.length + 1), appId, plan, askedAtMs, startsAtMs, isCanceled: false, imported: null };
    this.#all = [...this.#all, made];
    return made;
  }

  cancel(appId: number, id: string): void {
    const found = this.get(appId, id);
    if (found.imported !== null) throw invalid('The import is done');
    this.#all = this.#all.map((one) => (one === found ? { ...one, isCanceled: true } : one));
  }

  state(one: Import): State {
    if (one.isCanceled) return 'CANCELED';
    if (one.imported !== null) return 'DONE';
    const sinceMs = this.#portal.now().getTime() - one.startsAtMs;
    if (sinceMs < 0) return 'DEFERRED';
    return sinceMs < this.#portal.switches.bulkStepMs ? 'STARTED' : 'PROCESSING';
  }

  /** Carries out what is due by now. */
  advance(): void {
    const nowMs = this.#portal.now().getTime();
    const isDue = (one: Import) => one.imported === null && !one.isCanceled && this.#doneAtMs(one) <= nowMs;
    if (!this.#all.some(isDue)) return;
    this.#all = this.#all.map((one) => (isDue(one) ? { ...one, imported: runImport(this.#portal, one.plan) } : one));
  }

  #doneAtMs({ startsAtMs }: Import): number {
    return startsAtMs + 2 * this.#portal.switches.bulkStepMs;
  }
}
