import type { Session } from '../../../src/contract/connector.ts';
import { type ErrorKind, HubError } from '../../../src/contract/errors.ts';
import {
  type OwnField,
  type OwnFields,
  outcomeOf,
  type Provisioner,
  type ProvisionOutcome,
  type Standing,
} from '../../../src/contract/provision.ts';
import { chunk } from '../../../src/kernel/lists.ts';
import { list, object, texts } from '../http/shapes.ts';
import type { Room } from '../room.ts';
import { toDefinition, toOption } from './definitions.ts';
import { lackingRights } from './rights.ts';
import { lackingChoices, standingsOf } from './standing.ts';

const INPUTS_MAX = 100;

const NAMES = { system: 'HubSpot', noun: 'property' };

/** Makes the hub's own properties of one type, in a group of their own. */
export function openProvisioner(room: Room, session: Session): Provisioner {
  return {
    async preview({ fields }) {
      const standings = standingsOf(fields, await room.freshProperties(), await binnedNames(room));
      return { fields: standings, lacking: await lackingRights(room.hubspot, session, room.type) };
    },
    apply: (own) => apply(room, own),
  };
}

async function apply(room: Room, { group, fields }: OwnFields): Promise<readonly ProvisionOutcome[]> {
  const binned = await binnedNames(room);
  const look = async () => standingsOf(fields, await room.freshProperties(), binned);
  const among = (standings: readonly Standing[], state: Standing['state']) => fields.filter((_, i) => standings[i]?.state === state);
  const before = await look();
  const [missing, incomplete] = [among(before, 'missing'), among(before, 'incomplete')];
  const refusals = new Map<OwnField, HubError>();
  if (missing.length > 0) {
    await ensureGroup(room, group);
    await makeTogether(room, missing, group.name);
    // One bad row may have cost its whole batch: what is not there yet is made by itself.
    for (const field of among(await look(), 'missing')) await noting(refusals, field, () => makeAlone(room, field, group.name));
  }
  for (const field of incomplete) await noting(refusals, field, () => complete(room, field));
  // What HubSpot shows now counts, whatever it has answered: others may have been at it too.
  const after = missing.length + incomplete.length === 0 ? before : await look();
  return fields.map((field, i) => outcomeOf(field, { was: before[i], is: after[i], refusal: refusals.get(field), ...NAMES }));
}

/** The names of the properties that lie in the bin: nobody can use them, and they are not free. */
async function binnedNames({ hubspot, type }: Room): Promise<ReadonlySet<string>> {
  const { body } = await hubspot.get(hubspot.paths.properties(type.name), [['archived', 'true']]);
  const binned = list(object(body, 'properties').results, 'properties.results');
  return new Set(binned.flatMap((raw) => texts(object(raw, 'property').name)));
}

async function ensureGroup({ hubspot, type }: Room, { name, label }: OwnFields['group']): Promise<void> {
  const path = hubspot.paths.properties(type.name, '/groups');
  const { body } = await hubspot.get(path);
  if (list(object(body, 'groups').results, 'groups.results').some((raw) => object(raw, 'group').name === name)) return;
  await unlessRefused(() => hubspot.tell(path, { name, label, displayOrder: -1 }), ['already_there']);
}

async function makeTogether({ hubspot, type }: Room, fields: readonly OwnField[], group: string): Promise<void> {
  const path = hubspot.paths.properties(type.name, '/batch/create');
  for (const lot of chunk(fields, INPUTS_MAX)) {
    const inputs = lot.map((field) => toDefinition(field, group));
    await unlessRefused(() => hubspot.tell(path, { inputs }), ABOUT_ONE);
  }
}

async function makeAlone({ hubspot, type }: Room, field: OwnField, group: string): Promise<void> {
  await hubspot.tell(hubspot.paths.properties(type.name), toDefinition(field, group));
}

/** Adds the options that it lacks to those that it has, which are sent as they came: HubSpot takes the list for the whole of it. */
async function complete(room: Room, field: OwnField): Promise<void> {
  const { hubspot, type } = room;
  const property = (await room.properties()).get(field.name);
  if (property === undefined) return;
  const path = hubspot.paths.properties(type.name, `/${encodeURIComponent(field.name)}`);
  const { body } = await hubspot.get(path);
  const had = list(object(body, 'property').options, 'property.options');
  const more = lackingChoices(field, property).map((choice, i) => toOption(choice, had.length + i));
  await hubspot.amend(path, { options: [...had, ...more] });
}

/** What HubSpot refuses for one field's sake; anything else concerns all of them. */
const ABOUT_ONE: readonly ErrorKind[] = ['already_there', 'record_rejected', 'gone'];

async function unlessRefused(work: () => Promise<unknown>, kinds: readonly ErrorKind[]): Promise<HubError | null> {
  try {
    await work();
    return null;
  } catch (error) {
    if (error instanceof HubError && kinds.includes(error.kind)) return error;
    throw error;
  }
}

async function noting(refusals: Map<OwnField, HubError>, field: OwnField, work: () => Promise<void>): Promise<void> {
  const refusal = await unlessRefused(work, ABOUT_ONE);
  if (refusal !== null) refusals.set(field, refusal);
}
