import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { PAGE_SERVER } from '../../../connectors/sandboxes.ts';
import { listConnections, listStreams } from '../../hub/connections/connections.ts';
import { dropCursors } from '../../hub/connections/cursors.ts';
import { must } from '../../kernel/must.ts';
import type { Services } from '../../services.ts';
import { connect, setEnabled } from '../../sync/connecting/connect.ts';
import type { Engine } from '../../sync/engine.ts';
import { tend } from '../../sync/tend.ts';
import { type Floor, openFloor } from './floor.ts';

type Measured = {
  readonly work: string;
  readonly seconds: number;
  readonly floorSeconds: number;
  readonly ratio: number;
  readonly goal: number;
  readonly calls: number;
  readonly callsFloor: number;
};

const NAME = 'bench';
const EVERY = 100;

/** First load, unchanged re-read, and 1 % changed, each beside its floor in the same run; the table goes to `out`, the JSON is given back. */
export async function bench(
  services: Services,
  options: { contacts: number; signal: AbortSignal; out: NodeJS.WritableStream },
): Promise<readonly Measured[]> {
  const engine = unpaced(services.engine);
  const server = fork(fileURLToPath(PAGE_SERVER.file), [String(options.contacts)]);
  const floor = await openFloor(services.databaseUrl);
  try {
    const [{ port }] = (await once(server, 'message')) as [{ port: number }];
    const origin = `http://127.0.0.1:${port}`;
    const connected = await connect(engine, {
      connector: PAGE_SERVER.connector,
      name: NAME,
      origin,
      auth: { kind: 'token', values: PAGE_SERVER.credentials },
      settings: {},
    });
    if (!connected.ok) throw new Error(connected.message);
    await setEnabled(engine, NAME, true, PAGE_SERVER.object);
    const runs = { engine, server, floor, origin, signal: options.signal, pages: Math.ceil(options.contacts / 100) };
    await floor.prepare();
    const measured = [await measure(runs, 'first load', 0.6, 'all'), await measure(runs, 'unchanged re-read', 0.8, 'all')];
    await ask(server, { change: EVERY });
    measured.push(await measure(runs, '1 % changed, re-read', 0.7, 'all'));
    await ask(server, { change: EVERY });
    measured.push(await measure(runs, '1 % changed, changes only', 0.5, 'changes'));
    for (const one of measured)
      options.out.write(
        `${one.work.padEnd(28)} ${one.seconds.toFixed(1)} s, floor ${one.floorSeconds.toFixed(1)} s, ratio ${one.ratio.toFixed(2)} (goal ${one.goal}); ${one.calls} calls, floor ${one.callsFloor}\n`,
      );
    return measured;
  } finally {
    server.kill();
    await floor.close();
  }
}

type Runs = { engine: Engine; server: ChildProcess; floor: Floor; origin: string; signal: AbortSignal; pages: number };

async function measure(runs: Runs, work: string, goal: number, what: 'all' | 'changes'): Promise<Measured> {
  const { engine, server, floor, origin } = runs;
  const connection = must(
    (await listConnections(engine.hub)).find((one) => one.name === NAME),
    'the connection of the bench',
  );
  const stream = must(
    (await listStreams(engine.hub, { connectionId: connection.id })).find((one) => one.enabled),
    'the stream of the bench',
  );
  const floorSeconds = await timed(() => floor.read(origin, PAGE_SERVER.listPath));
  await ask(server, { calls: true });
  if (what === 'all') await dropCursors(engine.hub, stream.id);
  const seconds = await timed(() => tend(engine, connection.id, { signal: runs.signal, look: () => true }));
  const { calls } = await ask(server, { calls: true });
  const callsFloor = what === 'all' ? runs.pages : Math.ceil((runs.pages * 100) / EVERY / 200);
  return { work, seconds, floorSeconds, ratio: floorSeconds / seconds, goal, calls, callsFloor };
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const started = process.hrtime.bigint();
  await work();
  return Number(process.hrtime.bigint() - started) / 1e9;
}

async function ask(server: ChildProcess, message: { change?: number; calls?: true }): Promise<{ calls: number }> {
  const answer = once(server, 'message') as Promise<[{ calls: number }]>;
  server.send(message);
  return (await answer)[0];
}

/** The engine without the vendor's pace: the page server has no limits, and the reader is what is measured. */
function unpaced(engine: Engine): Engine {
  const connectors = new Map(
    [...engine.connectors].map(([id, connector]) => [id, { ...connector, manifest: { ...connector.manifest, pace: [] } }]),
  );
  return { ...engine, connectors };
}
