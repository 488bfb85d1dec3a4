import { MultiBar, Presets, type SingleBar } from 'cli-progress';
import { listConnections } from '../hub/connections/connections.ts';
import type { Services } from '../services.ts';
import type { LiveEvent } from '../sync/engine.ts';

const LINE_EVERY = 1000;

/** Shows what is read and written: bars on a terminal, plain lines elsewhere. The function that it gives back ends it. */
export async function showProgress(services: Pick<Services, 'hub' | 'watch'>, out: NodeJS.WritableStream): Promise<() => void> {
  const names = new Map((await listConnections(services.hub)).map((connection) => [connection.id, connection.name]));
  const onTerminal = 'isTTY' in out && out.isTTY === true;
  const bars = onTerminal
    ? new MultiBar({ stream: out, hideCursor: true, clearOnComplete: false, format: '{bar} {name} {value}{of}' }, Presets.shades_classic)
    : null;
  const shown = new Map<string, SingleBar>();
  const said = new Map<string, number>();
  const stop = services.watch((event) => {
    for (const line of linesOf(event)) {
      const told = `${names.get(event.connectionId) ?? event.connectionId}${line}\n`;
      if (bars === null) out.write(told);
      else bars.log(told);
    }
    if (event.event !== 'progress' || event.done === 0) return;
    const name = `${names.get(event.connectionId) ?? event.connectionId} ${event.object} ${event.phase}`;
    if (bars === null) {
      const step = Math.floor(event.done / LINE_EVERY);
      if (said.has(name) && said.get(name) === step) return;
      said.set(name, step);
      out.write(`${name} ${event.done}${event.total === null ? '' : ` of ${event.total}`}\n`);
      return;
    }
    const total = Math.max(event.total ?? event.done, event.done);
    const bar = shown.get(name) ?? bars.create(total, 0, { name, of: '' });
    shown.set(name, bar);
    bar.setTotal(total);
    bar.update(event.done, { name, of: event.total === null ? '' : ` of ${event.total}` });
  });
  let ended = false;
  return () => {
    if (ended) return;
    ended = true;
    stop();
    bars?.stop();
  };
}

/** What is worth a line of its own: a connection that does not work or waits, and mapped fields that a system does not have. */
function linesOf(event: LiveEvent): readonly string[] {
  if (event.event === 'connection' && event.reason !== null) return [`: ${event.reason}`];
  if (event.event === 'misfits') return event.text.map((text) => ` ${event.object} leaves out ${text}`);
  return [];
}
