import type { Picture } from './household.ts';

/** One value that a vendor's record got while somebody wrote through the API. */
type Written = { readonly who: string; readonly field: string; readonly value: string; readonly isNew: boolean };

/** What the hub's writes did to the vendors' records, one after the other. */
export type Chronicle = {
  readonly written: readonly Written[];
  /** Takes what is there now as given: people did it. */
  given(): void;
  /** Looks after a write. */
  look(): void;
};

export function openChronicle(picture: () => Picture): Chronicle {
  const written: Written[] = [];
  let before: Picture = new Map();
  return {
    written,
    given: () => {
      before = picture();
    },
    look: () => {
      const now = picture();
      for (const [who, fields] of now) {
        for (const [field, value] of Object.entries(fields)) {
          const isNew = !before.has(who);
          if (value !== (before.get(who)?.[field] ?? '')) written.push({ who, field, value, isNew });
        }
      }
      before = now;
    },
  };
}

/** What is wrong with the end of a history, compared with one that nothing disturbed: sentences, none when it is the same. */
export function differences(picture: Picture, twin: Picture): readonly string[] {
  const missing = [...twin.keys()].filter((who) => !picture.has(who)).map((who) => `${who} is missing`);
  const extra = [...picture.keys()].filter((who) => !twin.has(who)).map((who) => `${who} is there, and should not be`);
  const apart = [...twin].flatMap(([who, fields]) =>
    Object.entries(fields).flatMap(([field, value]) => {
      const held = picture.get(who)?.[field];
      return held === undefined || held === value ? [] : [`${who} holds ${field} "${held}" instead of "${value}"`];
    }),
  );
  return [...missing, ...extra, ...apart];
}

/** Values that a write of the hub put somewhere although they are not what it is to hold in the end: neither old nor intended. */
export function strayValues({ written }: Chronicle, twin: Picture): readonly string[] {
  const strays = written.filter(({ who, field, value }) => twin.get(who)?.[field] !== value);
  const twice = written.filter((one, at) => written.findIndex(({ who, field }) => who === one.who && field === one.field) !== at);
  return [
    ...strays.map(({ who, field, value }) => `${who} held ${field} "${value}" at one time`),
    ...twice.map(({ who, field, value }) => `${who} got ${field} "${value}" a second time`),
  ];
}
