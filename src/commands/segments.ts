import type { Command } from 'commander';
import { HubError } from '../contract/errors.ts';
import { listSegments } from '../hub/views/segments.ts';
import { segmentObject } from '../mapping/mapping.ts';
import type { Services } from '../services.ts';
import { segmentGroups } from '../sync/segments/groups.ts';

type Around = {
  readonly withServices: (work: (services: Services) => Promise<number>) => Promise<void>;
  readonly stopSignal: () => AbortSignal;
};

/** `syncline segments`: who is in which, and the lists that a system keeps them in. */
export function addSegments(program: Command, { withServices, stopSignal }: Around): void {
  program
    .command('segments [connection]')
    .description('the segments with their counts; or how the lists of a connection stand')
    .option('--make', 'make the lists that are missing')
    .action((connection: string | undefined, options: { make?: boolean }) =>
      withServices((services) =>
        connection === undefined
          ? showCounts(services)
          : showLists(services, connection, { make: options.make === true, signal: stopSignal() }),
      ),
    );
}

async function showCounts({ hub, engine }: Services): Promise<number> {
  const segments = segmentObject(engine.mappings.model)?.segments;
  const views = segments === undefined ? [] : await listSegments(hub, segments);
  if (views.length === 0) process.stdout.write('no segment is declared in hub.yaml\n');
  for (const { segment, members, written } of views) {
    const there = Object.entries(written).map(([name, count]) => `, ${count} in ${name}`);
    process.stdout.write(`${segment}: ${members}${there.join('')}\n`);
  }
  return 0;
}

async function showLists({ engine }: Services, connection: string, wish: { make: boolean; signal: AbortSignal }): Promise<number> {
  try {
    const views = await segmentGroups(engine, connection, wish);
    if (views === null) throw new HubError('locked', 'Another worker is at this connection. Try again when it is done');
    if (views.length === 0) process.stdout.write(`${connection} keeps no segments in lists\n`);
    for (const { name, standing } of views) process.stdout.write(`${name}: ${standing}\n`);
    return 0;
  } catch (error) {
    if (!(error instanceof HubError)) throw error;
    process.stderr.write(`${error.message}.\n`);
    return 1;
  }
}
