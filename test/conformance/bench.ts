import type { FieldType } from '../../src/contract/connector.ts';
import type { FieldValue } from '../../src/contract/records.ts';
import type { Hint } from '../../src/contract/webhook.ts';
import { must } from '../../src/kernel/must.ts';
import type { Fault } from '../../src/sandbox/faults.ts';
import type { SandboxApp, SandboxDefinition, SandboxOptions } from '../../src/sandbox/sandbox.ts';

/** An edit that a reader has to show: `field` is null where a new record is all that can happen. */
export type Edit = { readonly id: string; readonly field: string | null; readonly value: FieldValue };

/** What people do in an account, past its API. Ids are those of observations. */
export type Hands = {
  /** The ids that reading everything has to show. */
  all(object: string, scope: string): readonly string[];
  /** Adds records until a scope has more than two pages; names the scope. `at`: all of them at this moment. */
  crowd(object: string, at?: Date): string;
  edit(object: string, scope: string): Edit;
  /** Deletes a record; missing where nobody can. */
  remove?(object: string, id: string): void;
  /** Brings a deleted record back, where that can be done. */
  restore?(object: string, id: string): void;
  /** Merges the record `from` into `id`, and names what is left, which may have an id of its own; missing where nobody can. */
  merge?(object: string, id: string, from: string): string;
  /** Takes a record away for good, as a person asks who wants to be forgotten; missing where nobody can. */
  erase?(object: string, id: string): void;
  /** An admin takes a mapped field away, or hides it; names it. Missing where an object has no fields of its own. */
  takeField?(object: string): string;
  /** An admin gives a field another type; names both. Missing where that cannot be done. */
  retypeField?(object: string): { readonly field: string; readonly type: FieldType };
  /** An admin makes a field that takes `values` and nothing else; names it. Missing where nobody can. */
  makeChoice?(object: string, values: readonly string[]): string;
  /** Objects of which nobody can merge two, where others can be merged. */
  readonly unmerged?: readonly string[];
};

/** How people merge two records of an object; undefined when nobody can. */
export function mergerOf({ merge, unmerged = [] }: Hands, object: string): ((id: string, from: string) => string) | undefined {
  return merge === undefined || unmerged.includes(object) ? undefined : (id, from) => merge(object, id, from);
}

export type Switches = SandboxOptions['switches'];

/** How the vendor tells of changes by itself. */
export type Telling = {
  /** Deliveries that the vendor's own documents or SDK have signed. `expires`: the signature holds a time. `bodyAlone`: the address is not signed. */
  readonly signed: readonly {
    readonly url: string;
    readonly headers: Readonly<Record<string, string>>;
    readonly body: string;
    readonly secret: string;
    readonly sentAt: string;
    readonly expires: boolean;
    readonly bodyAlone?: true;
  }[];
  /** A body, and what it asks to look at. */
  readonly told: { readonly body: string; readonly hints: readonly Pick<Hint, 'object' | 'id' | 'reason'>[] };
};

/** All that the suite has to know of one system besides its manifest. */
export type Bench = {
  readonly connector: string;
  readonly definition: SandboxDefinition;
  /** No limits, and pages as small as they can be made. */
  readonly switches: Switches;
  readonly people: number;
  /** Objects whose writes the suite cannot try, with why: they are tried elsewhere. */
  readonly unwritten?: Readonly<Record<string, string>>;
  /** Fields that hold at most one record, and say nothing while one of another kind is in their place; by object. */
  readonly slots?: Readonly<Record<string, readonly string[]>>;
  /** Scopes whose responses are of more than one survey; those of any other are of the survey that the scope is. */
  readonly wide?: readonly string[];
  /** Wrong values of credentials that have a form, where a value without it would reach nobody. */
  readonly wrong?: Readonly<Record<string, string>>;
  /** How reading is refused to credentials that are good, but may not do it. */
  readonly lackingRight: { readonly switches: Switches; readonly faults: readonly Fault[] };
  /** An id of the right form that nobody has. */
  unknownId(scope: string): string;
  /** Which requests create records, as a fault names them. */
  readonly creates: string;
  /** A field's name as this system has them; as it is given where nothing is said. */
  readonly named?: (name: string) => string;
  /** Switches with which the account has no room for the hub's own key. */
  readonly withoutKey: Switches;
  /** How accounts of this system differ from one another, and what its documents leave open: all promises hold in each. */
  readonly moods: readonly Switches[];
  /** An account that has all that a create cannot carry. */
  readonly afterwards?: Switches;
  /** Missing where the vendor tells of nothing by itself. */
  readonly telling?: Telling;
  /** Opens the definition anew, and reaches into what was opened. */
  start(): { readonly definition: SandboxDefinition; hands(): Hands };
};

type Definition<S extends SandboxApp> = Omit<SandboxDefinition, 'open'> & { open(options: SandboxOptions): S };

/** `start` of a bench: the sandbox that was opened, in its hands. */
export function starting<S extends SandboxApp>(definition: Definition<S>, hands: (app: S) => Hands): Bench['start'] {
  return () => {
    let opened: S | undefined;
    const open = (options: SandboxOptions): S => {
      opened = definition.open(options);
      return opened;
    };
    return { definition: { ...definition, open }, hands: () => hands(must(opened, 'the opened sandbox')) };
  };
}
