import type { ObjectType } from './object-types.ts';

/** Who did something: a user of the portal, or an app for one. */
export type Source = { readonly sourceType: 'CRM_UI' | 'INTEGRATION' | 'CALCULATED'; readonly sourceId: string };

/** Something that happened to a record, as the portal tells those who listen. */
export type News = { readonly type: ObjectType; readonly id: string; readonly source: Source } & (
  | { readonly kind: 'creation' | 'deletion' | 'restore' | 'privacyDeletion' }
  | { readonly kind: 'propertyChange'; readonly name: string; readonly value: string }
  | { readonly kind: 'merge'; readonly primaryId: string; readonly mergedIds: readonly string[]; readonly moved: number }
  | {
      readonly kind: 'associationChange';
      readonly to: { readonly type: ObjectType; readonly id: string };
      readonly removed: boolean;
      readonly isPrimary: boolean;
    }
);

export type Newsroom = { tell(news: News): void; listen(listener: (news: News) => void): void };

export function openNewsroom(): Newsroom {
  const listeners: ((news: News) => void)[] = [];
  return {
    tell: (news) => {
      for (const listener of listeners) listener(news);
    },
    listen: (listener) => void listeners.push(listener),
  };
}
