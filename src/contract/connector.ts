import type { Secret } from '../kernel/secret.ts';
import type { BulkMaker } from './bulk.ts';
import type { ChoiceAdder } from './choices.ts';
import type { FilePort } from './files.ts';
import type { Heard } from './limits.ts';
import type { Manifest, ObjectTraits } from './manifest.ts';
import type { Provisioner } from './provision.ts';
import type { Create, Cursor, Fields, Observation, Page, Present, Scope, Write, WriteOutcome } from './records.ts';
import type { SignInOf, SignInPort } from './sign-in.ts';
import type { DeliveryPort, WebhookPort } from './webhook.ts';

/**
 * Who the credentials belong to, for people to recognise: `{ id: '4711', name: 'Acme (portal 4711)' }`. `timeZone`, an IANA name, is where the
 * account's day ends. `guessed`: the credentials may not ask, and the id stands for them alone.
 */
/** `test`: the vendor calls it a sandbox, or an account to try things out in. */
export type Account = {
  readonly id: string;
  readonly name: string;
  readonly timeZone?: string;
  readonly guessed?: true;
  readonly test?: true;
};

/** A short-lived token and where it is good for. `expiresAt` is ISO, or null when only a refusal tells. */
export type Grant = { readonly accessToken: Secret; readonly instanceUrl: string | null; readonly expiresAt: string | null };

export type Credential = { readonly kind: string; readonly values: Readonly<Record<string, Secret>> };

/** What a connector is given: it owns no token, clock, timer, retry, or log of its own. */
export type Session = {
  /** The API's origin, without a trailing slash. */
  readonly origin: string;
  readonly settings: Fields;
  readonly credential: Credential;
  /** Aborted when the hub stops or the lease is lost. */
  readonly signal: AbortSignal;
  /**
   * Runs one request of an SDK: waits for its turn under the manifest's pace, counts it, bounds its time, and turns a network failure
   * into `unreachable`. One `call` is one HTTP request. It never repeats: repeats are the engine's. `of` names the manifest's narrower
   * pace that the request also falls under.
   */
  call<T>(run: (signal: AbortSignal) => Promise<T>, of?: string): Promise<T>;
  /** Says what an answer told of the vendor's limits, so that the hub slows down for others as well. */
  heard(limits: Heard): void;
  /** `call` around a plain fetch. Never throws for a status; use `answered`. */
  fetch(request: Request): Promise<Response>;
  /** The token to send now, renewed before it runs out: by one at a time across all processes, and stored before it is used. */
  grant(): Promise<Grant>;
  /** Says that the vendor refused this grant: the one that took its place, or null when only a person can get another. */
  renew(refused: Grant): Promise<Grant | null>;
};

/** `references` is a list of `<id>`, each alone or with a label of the tie: `<id>#<label>`. */
export type FieldType =
  | 'text'
  | 'long_text'
  | 'number'
  | 'boolean'
  | 'date'
  | 'datetime'
  | 'choice'
  | 'choices'
  | 'reference'
  | 'references';

/** One field of the live schema, as the integration user sees it. */
export type FieldSchema = {
  readonly name: string;
  readonly label: string;
  readonly type: FieldType;
  readonly writable: boolean;
  /** A create without it is refused. */
  readonly required: boolean;
  /** A create without it gets a stopgap, such as the integration's own user for its owner, which says nothing about the record. */
  readonly stopgap?: boolean;
  readonly maxLength: number | null;
  /** No two records hold the same value, as far as the vendor says so. */
  readonly unique?: boolean;
  /** The vendor works it out from other values. */
  readonly calculated?: boolean;
  /** Null when any value goes. */
  readonly choices: readonly { readonly value: string; readonly label: string }[] | null;
};

/** What the hub wants to see. `fields` are remote field names that exist in the schema. */
export type Ask = {
  readonly scope: Scope;
  readonly fields: readonly string[];
  /**
   * The ids among `seen` of which the hub already holds this very `changedAt`, so that a reader can spare the calls (associations)
   * that only news deserves, and leave those records out of its page.
   */
  known(seen: readonly { readonly id: string; readonly changedAt: string }[]): Promise<ReadonlySet<string>>;
};

export type Reader = {
  /** Everything, from null; else what changed since the cursor. May repeat, never skips. A cursor it cannot use: `cursor_expired`. */
  changes(from: Cursor | null, ask: Ask): AsyncIterable<Page>;
  /** The records as they are now, read directly, never from a lagging index: one answer an id, in order; unknown is `gone`. */
  byIds(ids: readonly string[], ask: Ask): Promise<readonly Observation[]>;
};
export type ScopedReader = Reader & {
  /** The forms or surveys that the credentials can see. */
  scopes(): AsyncIterable<{ readonly scope: Scope; readonly name: string }>;
};

export type Census = {
  /** The ids of all records of a scope, for fewer calls than reading them takes. One that it leaves out may be gone, and has to be asked for. */
  ids(ask: Ask): AsyncIterable<readonly string[]>;
};

export type Historian = {
  /**
   * When each of these fields came to hold what it holds, by record id (ISO, UTC). A field of which the vendor does not say it, and a record that
   * is not there, are left out.
   */
  fieldTimes(ids: readonly string[], fields: readonly string[]): Promise<ReadonlyMap<string, Readonly<Record<string, string>>>>;
};

export type Writer = {
  /**
   * One answer for each write, at the same index. A throw means that no row is known to have been done, and none was when the error is a
   * refusal (`isRefusal`); once a row is done, whatever else failed is an outcome: `stale_write` where it is not known. At most `batchMax`
   * writes, all of one verb, and never two for one id. Fields are never cut.
   */
  apply(writes: readonly Write[], ask: Ask): Promise<readonly WriteOutcome[]>;
  /**
   * What became of creates whose answer never came: the record that each made, or null when there is none. `since` is a little before
   * the first of them was sent (ISO, UTC).
   */
  recall(creates: readonly Create[], since: string, ask: Ask): Promise<readonly (Present | null)[]>;
};

type WriterOf<W> = W extends { bulk: object } ? Writer & { readonly bulk: BulkMaker } : Writer & { readonly bulk?: never };

/** How the hub asks a vendor to tell it of changes by itself. */
export type Subscriber = {
  /**
   * Lets the vendor send its deliveries to this address for everything that the connection reads, and mends what is missing or was switched off. It may be
   * asked again and again, and leaves what stands. `anew`: the secret is another one than the last time.
   */
  keep(wish: SubscriptionWish): Promise<{ readonly kept: number; readonly mended: number }>;
  /** Takes back everything that leads to this address. */
  end(address: string): Promise<void>;
};
export type SubscriptionWish = { readonly address: string; readonly secret: Secret; readonly anew: boolean };

export type Groups = {
  /** Whether there is a group of each name. */
  standing(names: readonly string[]): Promise<readonly boolean[]>;
  /** Makes groups that are not there. */
  make(names: readonly string[]): Promise<void>;
};

export type ObjectPort<T extends ObjectTraits> = {
  /** The live schema. */
  fields(scope: Scope): Promise<readonly FieldSchema[]>;
  readonly read: (T['scopedBy'] extends string ? ScopedReader : Reader) &
    (T['read'] extends { fieldTimes: true } ? Historian : unknown) &
    (T['read'] extends { census: true } ? Census : unknown);
} & (T extends { write: infer W extends object } ? { readonly write: WriterOf<W> } : { readonly write?: never }) &
  (T extends { provision: object } ? { readonly provision: Provisioner } : { readonly provision?: never }) &
  (T extends { groups: object } ? { readonly groups: Groups } : { readonly groups?: never }) &
  (T extends { choices: object } ? { readonly choices: ChoiceAdder } : { readonly choices?: never });

/** A look at one object that is about to be taken. */
export type Look = { readonly object: string; readonly from: Cursor; readonly ask: Ask };

export type Together = {
  /**
   * Asks for what several looks begin with by one call: `changes`, with the same cursor and the same ask, has it at hand then, once. Whoever is done
   * calls what it gives back, so that nothing old is ever taken for new.
   */
  together(looks: readonly Look[]): Promise<() => void>;
};

/** What a connector opens: a port for each object, and for each family one that makes the port of an object by its own name. */
export type Ports<M extends Manifest> = {
  /** Proves the credentials and says whose they are: "test connection". */
  identify(): Promise<Account>;
  readonly objects: { readonly [K in keyof M['objects']]: ObjectPort<M['objects'][K]> };
} & (M extends { webhooks: { subscribe: 'api' } } ? { readonly webhooks: Subscriber } : { readonly webhooks?: never }) &
  (M extends { families: infer F extends Readonly<Record<string, ObjectTraits>> }
    ? { readonly families: { readonly [K in keyof F]: (name: string) => ObjectPort<F[K]> } }
    : { readonly families?: never }) &
  (M extends { together: true } ? Together : { readonly together?: never }) &
  SignInOf<M>;

/** A port as the core sees it: what may be missing is found by looking, not by asking which system it is. */
export type AnyPort = {
  fields(scope: Scope): Promise<readonly FieldSchema[]>;
  readonly read: Reader & Partial<Pick<ScopedReader, 'scopes'> & Historian & Census>;
  readonly write?: (Writer & { readonly bulk?: BulkMaker | undefined }) | undefined;
  readonly provision?: Provisioner | undefined;
  readonly groups?: Groups | undefined;
  readonly choices?: ChoiceAdder | undefined;
};
export type AnyPorts = {
  identify(): Promise<Account>;
  readonly objects: Readonly<Record<string, AnyPort>>;
  readonly signIn?: SignInPort | undefined;
  readonly webhooks?: Subscriber | undefined;
  readonly together?: Together['together'] | undefined;
  readonly families?: Readonly<Record<string, (name: string) => AnyPort>> | undefined;
};

export type Connector = {
  readonly manifest: Manifest;
  open(session: Session): AnyPorts;
  readonly webhooks?: WebhookPort | undefined;
  readonly deliveries?: DeliveryPort | undefined;
  readonly files?: FilePort | undefined;
};

/** How what is told without being asked for comes in, where it does. */
type IntakeOf<M extends Manifest> = M extends { arrives: 'files' }
  ? readonly [files: FilePort]
  : M extends { webhooks: object }
    ? readonly [webhooks: M extends { arrives: 'deliveries' } ? DeliveryPort : WebhookPort]
    : readonly [];

/** Ties a manifest to its ports; a trait without its port, or a port without its trait, does not compile. */
export function defineConnector<const M extends Manifest>(
  manifest: M,
  open: (session: Session) => Ports<M>,
  ...rest: IntakeOf<M>
): Connector {
  const [port]: readonly (WebhookPort | DeliveryPort | FilePort)[] = rest;
  return { manifest, open: (session) => open(session) as AnyPorts, ...(port === undefined ? {} : intake(port)) };
}

function intake(port: WebhookPort | DeliveryPort | FilePort): Pick<Connector, 'webhooks' | 'deliveries' | 'files'> {
  if ('lots' in port) return { files: port };
  return 'hints' in port ? { webhooks: port } : { deliveries: port };
}
