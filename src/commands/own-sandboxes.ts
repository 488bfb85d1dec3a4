import { SANDBOXES } from '../../connectors/sandboxes.ts';
import type { OwnSandbox, OwnSandboxes } from '../http/connecting/own-sandboxes.ts';
import type { Connected, Refused } from '../http/parts.ts';
import { findConnection, listConnections } from '../hub/connections/connections.ts';
import { forgetMadeUp } from '../hub/connections/made-up.ts';
import { pauseConnection } from '../hub/rhythm/pausing.ts';
import { must } from '../kernel/must.ts';
import { makeTown } from '../sandbox/people.ts';
import { type OpenSandbox, openSandbox, type SandboxDefinition } from '../sandbox/sandbox.ts';
import type { Services } from '../services.ts';
import { connect } from '../sync/connecting/connect.ts';
import { recordPageIn } from './sandbox.ts';

const SEED = 1;
const PEOPLE = 300;

/** Sandboxes that this process opens on the loopback address when an admin asks for one, with the same made-up people in all of them. */
export async function openOwnSandboxes(services: Services): Promise<OwnSandboxes & { close(): Promise<void> }> {
  const running = new Map<string, Promise<OpenSandbox>>();
  const opened = new Map<string, SandboxDefinition>();
  const town = makeTown({ seed: SEED, people: PEOPLE });
  await pauseEnded(services);
  return {
    offered: SANDBOXES.map(({ id }) => id),
    trial: SANDBOXES.flatMap(({ id, page }) => (page === undefined ? [] : [id])),
    recordPage: (origin, record) => recordPageIn(opened.get(origin), origin, record),
    list: async () => (await listConnections(services.hub)).flatMap((one) => (one.sandbox === 'ours' ? shownAs(one) : [])),
    connect: async (connector) => {
      const definition = SANDBOXES.find(({ id }) => id === connector);
      if (definition === undefined) return null;
      const opening = running.get(connector) ?? openSandbox(definition, { seed: SEED, town, switches: definition.whenWatched ?? {} });
      running.set(connector, opening);
      // What could not be opened may be asked for again.
      const stage = await opening.catch((error: unknown) => {
        running.delete(connector);
        throw error;
      });
      opened.set(stage.origin, definition);
      return connectTo(services, definition, stage.origin);
    },
    close: async () => void (await Promise.all([...running.values()].map(async (opening) => (await opening).close()))),
  };
}

const shownAs = ({ id, connector, origin }: { id: string; connector: string; origin: string }): OwnSandbox => {
  const page = SANDBOXES.find((one) => one.id === connector)?.page;
  return { connectionId: id, connector, page: page === undefined ? null : `${origin}${page}` };
};

/** What a sandbox held went with the process that had opened it: nothing may be concluded from its silence. */
async function pauseEnded({ hub }: Services): Promise<void> {
  for (const { id, sandbox } of await listConnections(hub))
    if (sandbox === 'ours') await pauseConnection(hub, id, { actor: 'syncline', why: 'sandbox_ended' });
}

/** The connection to a sandbox that runs; one to an earlier sandbox of the kind is forgotten with its people, who went with it. */
async function connectTo({ engine, hub }: Services, definition: SandboxDefinition, origin: string): Promise<Connected | Refused> {
  const { manifest } = must(engine.connectors.get(definition.id), `connector ${definition.id}`);
  const name = `${manifest.label} sandbox`;
  const before = await findConnection(hub, name);
  if (before?.sandbox === 'ours' && before.origin === origin && before.account !== null)
    return { ok: true, id: before.id, account: before.account };
  if (before?.sandbox === 'ours') await hub.transaction().execute((tx) => forgetMadeUp(tx, before.id));
  const auth = must(
    manifest.auth.find((way) => way.fields.every((field) => definition.credentials[field.name] !== undefined)),
    `credentials of ${definition.id}`,
  );
  const values = Object.fromEntries(auth.fields.map((field) => [field.name, definition.credentials[field.name] ?? '']));
  const draft = { connector: definition.id, name, origin, auth: { kind: auth.kind, values }, settings: definition.settings };
  return connect(engine, { ...draft, sandbox: 'ours' });
}
