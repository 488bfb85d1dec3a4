import { MultiBar, Presets, type SingleBar } from 'cli-progress';
import { findPlan } from '../hub/plans/plans.ts';
import { type PlanProgress, planProgress } from '../hub/plans/progress.ts';
import type { Engine } from '../sync/engine.ts';

const LOOK_EVERY_MS = 1_000;
/** Where there is no terminal, a line for every tenth of the way is enough. */
const STEPS = 10;

/** What shows how far a plan has come. `say`: puts a line of its own between. */
type Shown = { say(text: string): void; end(): Promise<void> };

/** Shows how far applying a plan has come, whichever process does it: bars on a terminal, plain lines elsewhere. */
export function showApplying({ hub, clock }: Engine, planId: string, out: NodeJS.WritableStream): Shown {
  const display = 'isTTY' in out && out.isTTY === true ? barsOn(out) : linesOn(out);
  const stopped = new AbortController();
  const look = async (): Promise<void> => {
    const plan = await findPlan(hub, planId);
    const progress = plan === null ? null : (await planProgress(hub, plan)).progress;
    if (progress !== null) display.show(progress);
  };
  const watching = (async () => {
    while (!stopped.signal.aborted) {
      await look();
      await clock.sleep(LOOK_EVERY_MS, stopped.signal);
    }
  })().catch((error: unknown) => {
    if (!stopped.signal.aborted) display.say(`progress cannot be shown: ${error instanceof Error ? error.message : String(error)}`);
  });
  return {
    say: display.say,
    end: async () => {
      stopped.abort(new Error('it has ended'));
      await watching;
      display.stop();
    },
  };
}

type Display = { show(progress: PlanProgress): void; say(text: string): void; stop(): void };

function barsOn(stream: NodeJS.WritableStream): Display {
  const bars = new MultiBar(
    { stream, hideCursor: true, clearOnComplete: false, format: '{bar} {name} {value} of {total}{left}' },
    Presets.shades_classic,
  );
  const shown = new Map<string, SingleBar>();
  return {
    show: ({ systems, secondsLeft }) => {
      for (const { connection, total, done } of systems) {
        const bar = shown.get(connection) ?? bars.create(total, 0, { name: connection, left: '' });
        shown.set(connection, bar);
        bar.update(done, { name: connection, left: done === total ? '' : leftInWords(secondsLeft) });
      }
    },
    say: (text) => bars.log(`${text}\n`),
    stop: () => bars.stop(),
  };
}

function linesOn(out: NodeJS.WritableStream): Display {
  let step = -1;
  return {
    show: ({ total, done, secondsLeft }) => {
      const next = total === 0 ? STEPS : Math.floor((done / total) * STEPS);
      if (next === step) return;
      step = next;
      out.write(`${done} of ${total} written${leftInWords(secondsLeft)}\n`);
    },
    say: (text) => void out.write(`${text}\n`),
    stop: () => undefined,
  };
}

function leftInWords(seconds: number | null): string {
  if (seconds === null || seconds === 0) return '';
  return seconds > 120 ? `, about ${Math.ceil(seconds / 60)} min left` : `, about ${seconds} s left`;
}
