import type { News } from '../portal/news.ts';
import type { Portal } from '../portal/portal.ts';
import type { Shape } from '../wire/shapes.ts';
import type { Subscription } from './subscriptions.ts';

function isWanted({ eventType, objectTypeId, propertyName, active }: Subscription, news: News): boolean {
  if (!active) return false;
  const [what, kind] = eventType.split('.');
  if (kind !== news.kind) return false;
  if (what === 'object' ? objectTypeId !== news.type.typeId : what !== news.type.singular) return false;
  return news.kind !== 'propertyChange' || propertyName === news.name;
}

/** What only this kind of event tells. */
function detailsOf(news: News): Shape {
  switch (news.kind) {
    case 'creation':
      return { changeFlag: 'CREATED' };
    case 'propertyChange':
      return { propertyName: news.name, propertyValue: news.value, isSensitive: false };
    case 'merge':
      return {
        primaryObjectId: Number(news.primaryId),
        mergedObjectIds: news.mergedIds.map(Number),
        newObjectId: Number(news.id),
        numberOfPropertiesMoved: news.moved,
      };
    case 'associationChange':
      return {
        associationType: `${news.type.singular}_TO_${news.to.type.singular}`.toUpperCase(),
        fromObjectId: Number(news.id),
        toObjectId: Number(news.to.id),
        associationRemoved: news.removed,
        isPrimaryAssociation: news.isPrimary,
      };
    default:
      return {};
  }
}

/** The events of one happening, one for each subscription that wants to hear of it. */
export function eventsFor(
  portal: Portal,
  subscriptions: readonly Subscription[],
  { news, eventId }: { news: News; eventId: number },
): readonly Shape[] {
  return subscriptions
    .filter((subscription) => isWanted(subscription, news))
    .map(({ id, eventType }) => ({
      eventId,
      subscriptionId: Number(id),
      portalId: portal.id,
      appId: portal.appId,
      occurredAt: portal.now().getTime(),
      [portal.switches.webhookKindName]: eventType,
      attemptNumber: 0,
      objectId: Number(news.id),
      ...(eventType.startsWith('object.') ? { objectTypeId: news.type.typeId } : {}),
      changeSource: news.source.sourceType,
      sourceId: news.source.sourceId,
      ...detailsOf(news),
    }));
}
