import type { Write } from './records.ts';

/** A setting of a connection, drawn as a form field in the settings page and read by `syncline connect --setting name=value`. */
export type SettingField = {
  readonly name: string;
  readonly label: string;
  readonly help?: string;
  readonly kind: 'text' | 'number' | 'choice' | 'switch';
  readonly required: boolean;
  readonly initial?: string;
  readonly choices?: readonly { readonly value: string; readonly label: string }[];
  /** The one way to sign in that it belongs to; missing when it belongs to all. */
  readonly way?: Auth['kind'];
};

type Way = {
  readonly label: string;
  readonly help: string;
  /** The secrets that it asks for; they are sealed in the vault and never shown again. */
  readonly fields: readonly { readonly name: string; readonly label: string }[];
};
type AppFields = readonly [
  { readonly name: 'client_id'; readonly label: string },
  { readonly name: 'client_secret'; readonly label: string },
];

/** A token that somebody has made over there, the field `token`; it is sent as it is. */
export type TokenWay = Way & { readonly kind: 'token' };

/** An app that signs in by itself, with its own id and secret. A path may name settings: `/oauth/{version}/token`. */
export type ClientCredentials = Way & { readonly kind: 'client_credentials'; readonly fields: AppFields; readonly tokenPath: string };

/**
 * An app that signs in as a user by a key of its own (RFC 7523), so that no secret is shared and nothing has to be renewed. `audience`: whom the
 * assertion is for, unless the setting names another.
 */
export type JwtBearer = Way & {
  readonly kind: 'jwt_bearer';
  readonly fields: readonly [
    { readonly name: 'client_id'; readonly label: string },
    { readonly name: 'username'; readonly label: string },
    { readonly name: 'private_key'; readonly label: string },
  ];
  readonly tokenPath: string;
  readonly audience: string;
  readonly audienceSetting: string;
};

/** What is done with an object. `provision`, making the hub's own fields, is only done when an admin asks for it, and so are its rights. */
export const ACTS = ['read', 'write', 'provision'] as const;
export type Act = (typeof ACTS)[number];

/** OAuth 2 in the browser of an admin, through an app of their own. */
export type OAuth2 = Way & {
  readonly kind: 'oauth2';
  readonly fields: AppFields;
  readonly tokenPath: string;
  readonly authorize: {
    /** Where people say yes; null when that is the connection's own address. */
    readonly origin: string | null;
    /** The setting that names another address, such as a regional one or a sandbox. */
    readonly originSetting: string;
    readonly path: string;
  };
  readonly pkce: boolean;
  /** Where what was allowed is given back, with the refresh token (RFC 7009); missing where a vendor has no such place. May name settings. */
  readonly revokePath?: string;
  /** Which rights there are to ask for, each with a sentence of what it is for. `of`: what has need of it; missing when any sign-in has. */
  readonly scopes: readonly {
    readonly name: string;
    readonly about: string;
    readonly of?: readonly { readonly object: string; readonly act: Act }[];
  }[];
};

/** Nothing to sign in to. */
export type NoWay = Way & { readonly kind: 'none'; readonly fields: readonly [] };

export type Auth = TokenWay | ClientCredentials | JwtBearer | OAuth2 | NoWay;

export type WriteTraits = {
  readonly verbs: readonly Write['verb'][];
  /** For how many days a record that was deleted can be brought back over there; missing when it cannot. */
  readonly restorableDays?: number;
  /** The most writes that one call takes. */
  readonly batchMax: number;
  /** `version`: the vendor refuses a write to a version that has moved on. `none`: we have to look before we write. */
  readonly guard: 'version' | 'none';
  /** `record`: the answer shows the record after the write. `id`: it shows the id only. */
  readonly echo: 'record' | 'id';
  /** How long after an interrupted create its absence can be believed, in milliseconds. */
  readonly recallMs: number;
  /** Fields that a create cannot carry: they follow as an update, once the record has been seen. */
  readonly afterwards?: readonly string[];
  /** Many records can be made by a job over there, which takes its time. `key` names the field in which each then shows the key of its create. */
  readonly bulk?: { readonly key: string };
};

export type ObjectTraits = {
  /** An entity is kept in step; an event, such as a response, only arrives. */
  readonly nature: 'entity' | 'event';
  /** `form`, `survey`, or null when one read covers all. */
  readonly scopedBy: string | null;
  readonly read: {
    readonly removals: 'reported' | 'by_sweep' | 'never';
    readonly pageMax: number;
    /** The most records that one call of a later look brings, where it differs. */
    readonly deltaMax?: number;
    /** How long a change may stay invisible to `changes`, in milliseconds. A reader that settles late is no look before a write. */
    readonly settleMs: number;
    /** The vendor lists ids alone, for fewer calls than records: to find removals by a sweep takes no more. */
    readonly census?: true;
    /** Nothing but what the hub has made is looked at, each record by its id: `changes` is not asked. Set for the parts of objects, which mappings name. */
    readonly only?: 'ours';
    /** The vendor keeps the times of each field, and tells them when it is asked. */
    readonly fieldTimes?: true;
  };
  readonly write?: WriteTraits;
  /** The hub can make its own fields there. `key` names the unique one, by which a create cannot happen twice. */
  readonly provision?: { readonly key: string };
  /** Values of this field name what records are put into, such as lists; the hub can make those that are missing when it is asked to. */
  readonly groups?: { readonly field: string };
  /** The hub can add to the choices that a field has over there, when an admin asks for it. `needs`: what the vendor calls the right to. */
  readonly choices?: { readonly needs: string };
  /**
   * Where people see one of these records over there: `{id}` is the record, `{account}` the account, `{origin}` the connection's own address. A page
   * that does not name the origin is the vendor's own, and only there for connections with the vendor's own address.
   */
  readonly page?: string;
  /** Remote fields that hold the id of another object's record, with that object: `{ AccountId: 'company' }`; or evidence of a person, `BY_EVIDENCE`. */
  readonly refs?: Readonly<Record<string, string>>;
};

/** How the vendor tells of changes by itself. A webhook is a reason to look: polling alone is complete. */
export type WebhookTraits = {
  readonly signedBy: 'hmac' | 'shared_secret';
  /** Whether the hub can subscribe by itself, or people have to do it over there. */
  readonly subscribe: 'api' | 'by_hand';
  /** How long a delivery waits for others of its kind, where calls are few and one look covers many. Missing: it is looked into at once. */
  readonly gatherMs?: number;
  /** For `api`: how often the hub looks whether what it has subscribed to still stands, and covers what is new. */
  readonly checkEveryMs?: number;
  /** What the signatures are made with, and where people find it. */
  readonly secret: {
    readonly label: string;
    readonly help: string;
    /** The hub makes it up: the vendor takes any. */
    readonly byHub?: true;
  };
  /** The field of the credentials that holds it, where they are nothing else. */
  readonly secretField?: string;
};

type SaidWay = Pick<Way, 'label' | 'help'> & { readonly fields: Readonly<Record<string, string>> };
/** What people read of a connector before they connect it: what it is, and its ways to sign in with their fields by name. */
type SaidIn = { readonly about: string; readonly auth: Readonly<Partial<Record<Auth['kind'], SaidWay>>> };
export type Said = Readonly<Record<'ja' | 'th', SaidIn>>;

/** What a connector is, as pure data: the core decides by it, and the page is drawn from it. */
export type Manifest = {
  readonly id: string;
  readonly label: string;
  /** One sentence for the list of connectors. */
  readonly about: string;
  /** The same in other languages than English; left out, everybody reads English. */
  readonly said?: Said;
  readonly kind: 'crm' | 'survey' | 'door';
  /**
   * Records only arrive, in deliveries or as files: there is nobody to ask, so no port is ever read, and the mapping says what in them is what.
   */
  readonly arrives?: 'deliveries' | 'files';
  /** Where the vendor's API is when the admin does not say otherwise; null when every customer has a host of their own. */
  readonly origin: string | null;
  readonly auth: readonly Auth[];
  readonly settings: readonly SettingField[];
  /**
   * The vendor's limits: at most `requests` in any `perMs` milliseconds, for each connection; with `of`, of the calls of that name alone; `apart`,
   * when these do not count among all the others.
   */
  readonly pace: readonly { readonly requests: number; readonly perMs: number; readonly of?: string; readonly apart?: true }[];
  /**
   * How the vendor counts a day's calls, where it does: until midnight of the account's zone, or over the last 24 hours. How many there are is heard
   * from its answers; an admin gives the hub a share of them.
   */
  readonly day?: { readonly ends: 'midnight' | 'rolling' };
  /** In the order in which a first load has to write them: parents before children. */
  readonly objects: Readonly<Record<string, ObjectTraits>>;
  /**
   * Objects that every account has others of, such as those that a company has made for itself, by the beginning of their names: `custom_` stands
   * for `custom_<name>`. Each that a mapping names is an object like any other, written after those above.
   */
  readonly families?: Readonly<Record<string, ObjectTraits>>;
  readonly webhooks?: WebhookTraits;
  /** One call brings what looks at several objects begin with. */
  readonly together?: true;
  /** How often each object is looked at unless an admin says otherwise, in milliseconds; every minute where it is missing. A small day makes it rarer. */
  readonly rhythmMs?: number;
};
