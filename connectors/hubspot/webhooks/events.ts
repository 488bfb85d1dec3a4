import type { Hint, HintReason } from '../../../src/contract/webhook.ts';
import { identifier, object, type Raw, textOr, texts } from '../http/shapes.ts';
import { OBJECT_TYPES } from '../object-types.ts';

const REASONS: Readonly<Record<string, HintReason>> = {
  creation: 'changed',
  propertyChange: 'changed',
  associationChange: 'tied',
  merge: 'merged',
  deletion: 'removed',
  restore: 'restored',
  privacyDeletion: 'erased',
};

/**
 * The records that one event asks to look at: those that it names itself, and those at the other end of a merge or of an association. None
 * for kinds of records that the hub does not know, and for events that are about something else. Throws what it cannot read.
 */
export function hintsOfEvent(raw: unknown): readonly Hint[] {
  const event = object(raw, 'event');
  // Some of HubSpot's documents call it eventType.
  const [kind = '', what = ''] = textOr(event.subscriptionType, textOr(event.eventType, '')).split('.');
  const reason = REASONS[what];
  if (reason === undefined) return [];
  const account = texts(event.portalId)[0] ?? null;
  const hint = (objectName: string | null, id: string): Hint[] =>
    objectName === null ? [] : [{ object: objectName, scope: 'all', id, reason, account }];
  const own = objectNamed(kind === 'object' ? String(event.objectTypeId) : kind);
  if (reason === 'tied') return endsOf(event).flatMap(({ of, id }) => hint(of, id));
  const named = identifier(event.objectId, 'event.objectId');
  const further = reason === 'merged' ? idsOfMerge(event) : [];
  return [...new Set([named, ...further])].flatMap((id) => hint(own, id));
}

function idsOfMerge({ primaryObjectId, mergedObjectIds, newObjectId }: Raw): readonly string[] {
  return [...texts(primaryObjectId), ...texts(mergedObjectIds), ...texts(newObjectId)];
}

// `CONTACT_TO_COMPANY`; the generic kind names the types of both ends by their ids.
function endsOf(event: Raw): readonly { readonly of: string | null; readonly id: string }[] {
  const [from = '', to = ''] = textOr(event.associationType, '').toLowerCase().split('_to_');
  return [
    { of: objectNamed(textOr(event.fromObjectTypeId, from)), id: identifier(event.fromObjectId, 'event.fromObjectId') },
    { of: objectNamed(textOr(event.toObjectTypeId, to)), id: identifier(event.toObjectId, 'event.toObjectId') },
  ];
}

function objectNamed(word: string): string | null {
  return OBJECT_TYPES.find(({ singular, typeId }) => word === singular || word === typeId)?.singular ?? null;
}
