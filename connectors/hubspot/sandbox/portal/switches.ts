import { SCOPES } from '../access/scopes.ts';

/** How this portal behaves where real ones differ, and how tight its limits are. */
export type Switches = {
  /** How long a write stays invisible to search. */
  readonly indexLagMs: number;
  /** The share of writes that search sees only up to three minutes later. */
  readonly stragglers: number;
  readonly searchPerSecond: number;
  readonly burstPer10s: number;
  readonly associationsPer10s: number;
  readonly dailyLimit: number;
  /** More writes a second than this on one type lock it for two seconds (423); 0 never locks. */
  readonly lockWritesPerSecond: number;
  /** A merge keeps the id of the primary, instead of making a new one. */
  readonly mergeKeepsPrimaryId: boolean;
  /** What a lifecycle stage written backwards meets: nobody could verify what the real one does. */
  readonly lifecycleBackwards: 'ignore' | 'refuse';
  /** A change of associations moves the modified date. */
  readonly associationBumps: boolean;
  /** The hub's own unique property `syncline_id` is defined. */
  readonly uniqueId: boolean;
  /** Scopes that the token lacks. */
  readonly missingScopes: ReadonlySet<string>;
  /** `lifecyclestage=customer:phone`: with this value that property must be filled. Only 2026-09 enforces it. */
  readonly conditionalRequired: readonly { readonly when: string; readonly is: string; readonly needs: string }[];
};

type Given = Readonly<Record<string, string | number | boolean>>;

function number(given: Given, name: string, initial: number): number {
  const value = given[name] ?? initial;
  if (typeof value !== 'number' || !(value >= 0)) throw new Error(`the switch ${name} takes a number from 0 up`);
  return value;
}

function flag(given: Given, name: string, initial: boolean): boolean {
  const value = given[name] ?? initial;
  if (typeof value !== 'boolean') throw new Error(`the switch ${name} takes true or false`);
  return value;
}

function words(given: Given, name: string): readonly string[] {
  const value = given[name] ?? '';
  if (typeof value !== 'string') throw new Error(`the switch ${name} takes a text`);
  return value.split(/[\s,]+/).filter((word) => word !== '');
}

function missingScopes(given: Given): ReadonlySet<string> {
  const names = words(given, 'scopes').map((word) => word.replace(/^-/, ''));
  const unknown = names.find((name) => !SCOPES.includes(name));
  if (unknown !== undefined) throw new Error(`the switch scopes names an unknown scope: ${unknown}`);
  return new Set(names);
}

function conditionalRequired(given: Given): Switches['conditionalRequired'] {
  return words(given, 'conditionalRequired').map((rule) => {
    const [, when, is, needs] = /^(\w+)=([^:]+):(\w+)$/.exec(rule) ?? [];
    if (when === undefined || is === undefined || needs === undefined) {
      throw new Error('the switch conditionalRequired reads property=value:property');
    }
    return { when, is, needs };
  });
}

function lifecycleBackwards(given: Given): Switches['lifecycleBackwards'] {
  const value = given.lifecycleBackwards ?? 'ignore';
  if (value !== 'ignore' && value !== 'refuse') throw new Error('the switch lifecycleBackwards takes ignore or refuse');
  return value;
}

/** Reads the switches; one that does not exist, or has a value it cannot have, throws. */
export function readSwitches(given: Given): Switches {
  const switches: Omit<Switches, 'missingScopes'> = {
    indexLagMs: number(given, 'indexLagMs', 3000),
    stragglers: number(given, 'stragglers', 0),
    searchPerSecond: number(given, 'searchPerSecond', 5),
    burstPer10s: number(given, 'burstPer10s', 190),
    associationsPer10s: number(given, 'associationsPer10s', 150),
    dailyLimit: number(given, 'dailyLimit', 650_000),
    lockWritesPerSecond: number(given, 'lockWritesPerSecond', 0),
    mergeKeepsPrimaryId: flag(given, 'mergeKeepsPrimaryId', false),
    lifecycleBackwards: lifecycleBackwards(given),
    associationBumps: flag(given, 'associationBumps', false),
    uniqueId: flag(given, 'uniqueId', true),
    conditionalRequired: conditionalRequired(given),
  };
  const unknown = Object.keys(given).find((name) => name !== 'scopes' && !(name in switches));
  if (unknown !== undefined) throw new Error(`the HubSpot sandbox has no switch ${unknown}`);
  return { ...switches, missingScopes: missingScopes(given) };
}
