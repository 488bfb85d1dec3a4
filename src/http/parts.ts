import type { CauseId } from '../causes/causes.ts';
import type { Choice } from '../contract/choices.ts';
import type { Connector } from '../contract/connector.ts';
import type { ErrorKind, HubError } from '../contract/errors.ts';
import type { OwnField, ProvisionOutcome, Standing } from '../contract/provision.ts';
import type { Fields, FieldValue } from '../contract/records.ts';
import type { Confidence, Likeness, UnmatchedReason } from '../feedback/whose.ts';
import type { Binding, Browser, Refusal as SignInRefusal } from '../hub/access/sign-ins.ts';
import type { Hub } from '../hub/database.ts';
import type { Finding } from '../hub/examination.ts';
import type { CheckedDraft, Previewed, RecordsThere, SuggestedLines } from '../hub/mappings/looks.ts';
import type { Explanation } from '../hub/records/explanation.ts';
import type { JournalLine } from '../hub/records/journal.ts';
import type { UndoPreview, UndoTarget } from '../hub/runs/undoing.ts';
import type { Vault } from '../hub/sealing/vault.ts';
import type { Archived } from '../hub/stored.ts';
import type { Completeness } from '../hub/views/completeness.ts';
import type { FieldChoicesFound, LackingField } from '../hub/views/waiting-values.ts';
import type { Clock } from '../kernel/clock.ts';
import type { Log } from '../kernel/log.ts';
import type { Edit } from '../mapping/editing/edit.ts';
import type { Mappings } from '../mapping/mappings.ts';
import type { MappingProblem } from '../mapping/problems.ts';
import type { OwnSandboxes } from './connecting/own-sandboxes.ts';
import type { Auth } from './security/auth.ts';
import type { PreviewedUpload, RehearsedUpload, Upload } from './uploads.ts';

/** A connection as an admin describes it. The values of `auth` are secrets; an origin of null is the vendor's own. */
export type ConnectionDraft = {
  readonly connector: string;
  readonly name: string;
  readonly origin: string | null;
  readonly auth: { readonly kind: string; readonly values: Readonly<Record<string, string>> };
  readonly settings: Readonly<Record<string, string>>;
};
type Account = { readonly id: string; readonly name: string };
export type Refused = {
  readonly ok: false;
  readonly kind: ErrorKind;
  readonly message: string;
  /** Missing where the hub itself says no. */
  readonly cause?: CauseId;
  readonly advice: string;
};
export type Connected = { readonly ok: true; readonly id: string; readonly account: Account } | Refused;
export type Tried = { readonly ok: true; readonly account: Account } | Refused;

export type HoldDecision =
  | { readonly take: 'hub' | 'remote' }
  | { readonly value: FieldValue }
  | { readonly link: string }
  | { readonly create: true }
  | { readonly removal: 'keep' | 'archive' | 'remove' | 'recreate' }
  | { readonly merge: true }
  | { readonly release: true }
  | { readonly keep: true }
  | { readonly again: true }
  | { readonly dismiss: true };

/** Why something that was asked for cannot be, as a sentence. */
type CannotBe = { readonly refused: string };
type Titled = { readonly id: string; readonly title: string };
/** What merging two records would do, computed and not done. */
export type MergePreview = {
  readonly object: string;
  readonly winner: Titled;
  readonly loser: Titled;
  readonly fields: readonly {
    readonly field: string;
    readonly label: string;
    readonly winner: FieldValue;
    readonly loser: FieldValue;
    readonly result: FieldValue;
    readonly rule: string | null;
  }[];
  readonly links: readonly {
    readonly id: string;
    readonly of: 'winner' | 'loser';
    readonly connection: string;
    readonly object: string;
    readonly remoteId: string | null;
    readonly becomes: 'kept' | 'aside' | 'proposed';
  }[];
  readonly responses: number;
  readonly references: number;
  readonly hindrance: string | null;
};

type Then = { readonly fields: Fields; readonly archived: Archived | null; readonly mergedInto: string | null };
/** Two times of a record, and what happened to each field that differs. */
export type Difference = {
  readonly from: Then | null;
  readonly to: Then & { readonly object: string };
  readonly fields: readonly {
    readonly field: string;
    readonly from: FieldValue;
    readonly to: FieldValue;
    readonly changes: readonly JournalLine[];
  }[];
};

/** The hub's own fields on one object of a connection. */
export type OwnObject = {
  readonly object: string;
  readonly fields: readonly (Pick<OwnField, 'name' | 'label' | 'description' | 'type' | 'unique'> & {
    readonly standing: Standing | null;
    readonly outcome: ProvisionOutcome | null;
  })[];
  readonly lacking: readonly string[] | null;
  readonly error: HubError | null;
};
export type OwnFieldsFound =
  | { readonly ok: true; readonly objects: readonly OwnObject[] }
  | { readonly ok: false; readonly error: HubError };

export type Nudge =
  | { readonly name: 'observe' | 'reconcile' | 'carry_out'; readonly streamId?: string }
  /** Something is to be looked at on a connection, or may be written. */
  | { readonly name: 'tend'; readonly connectionId: string };

/** A sign-in at a vendor, as it is begun: for whose browser, and where the vendor is to lead back to. */
export type SignInWish = {
  readonly draft: ConnectionDraft;
  readonly objects?: readonly string[] | undefined;
  readonly provision?: boolean | undefined;
  readonly redirectUri: string;
  readonly binding: Binding;
};
export type WayBack = {
  readonly state: string;
  readonly code: string | null;
  readonly error: string | null;
  readonly errorDescription: string | null;
};

/** What the engine does for operators. Everything may be asked twice: the second time changes nothing. */
export type Actions = {
  /** Makes the connection of that name or replaces it, after proving the credentials. */
  connect(draft: ConnectionDraft, actor: string): Promise<Connected>;
  /** Proves the credentials and keeps nothing. */
  tryConnection(draft: ConnectionDraft): Promise<Tried>;
  /** Stops a connection, and waits a while for whoever is at it. Null: there is no such connection. */
  pause(connectionId: string, by: { readonly actor: string; readonly why: string | null }): Promise<{ readonly rested: boolean } | null>;
  /** Notes down a sign-in at a vendor, and says where the person has to go. */
  beginSignIn(
    wish: SignInWish,
    actor: string,
  ): Promise<{ readonly ok: true; readonly id: string; readonly link: string; readonly scopes: readonly string[] } | Refused>;
  /** Takes back what the vendor was asked to tell by itself, as long as the hub may still speak with it; that it cannot be is told as well. */
  withdrawWebhooks(
    connectionId: string,
  ): Promise<{ readonly webhooks: 'none' | 'withdrawn' } | { readonly webhooks: 'left'; readonly reason: string }>;
  /** Gives back to the vendor what somebody allowed there; that it cannot be is told, and stands in nobody's way. */
  revokeGrant(
    connectionId: string,
  ): Promise<{ readonly access: 'none' | 'revoked' } | { readonly access: 'left'; readonly reason: string }>;
  /** Where a ticket leads, for the first browser that shows it; null when it leads nowhere. */
  followTicket(ticket: string, cookie: string): Promise<string | null>;
  /** Takes the way back from a vendor, once, and makes the connection of it. */
  finishSignIn(
    back: WayBack,
    browser: Browser,
  ): Promise<{ readonly id: string } | { readonly refusal: SignInRefusal; readonly id: string | null }>;
  /** Why a record holds what it holds; or held, at a time. Null when there is none, or was none yet. */
  explain(recordId: string, at?: string): Promise<Explanation | null>;
  /** What differs between two times of a record; null when there was none at the later one. */
  difference(recordId: string, times: { readonly from: string; readonly to: string }): Promise<Difference | null>;
  /** What undoing would do; nothing is written. */
  previewUndo(
    target: UndoTarget,
    page: { readonly after: string | null; readonly limit: number },
  ): Promise<UndoPreview | 'not_found' | CannotBe>;
  /** Notes that something is to be taken back; the run that the workers do it as. */
  beginUndo(target: UndoTarget, actor: string): Promise<{ readonly run: string } | 'not_found' | CannotBe>;
  /** Compares both sides of a connection now. */
  check(
    connectionId: string,
    options: { readonly object?: string | undefined; readonly sample?: number | undefined },
  ): Promise<{ readonly ok: true; readonly found: readonly Completeness[] } | Refused | 'not_found'>;
  /** The hub's own fields over there, as they stand, or with `apply` as they stand once what is missing was made. Null: no such connection. */
  ownFields(connectionId: string, wish: { readonly object?: string | undefined; readonly apply: boolean }): Promise<OwnFieldsFound | null>;
  /** The fields over there that lack choices which records wait for. */
  missingChoices(): Promise<readonly LackingField[]>;
  /** The choices of a field over there as they stand, or with `add` as they stand once some were added. Null: no such connection. */
  fieldChoices(
    connectionId: string,
    wish: { readonly object: string; readonly field: string } & (
      | { readonly add?: undefined }
      | { readonly add: readonly Choice[]; readonly actor: string }
    ),
  ): Promise<FieldChoicesFound | null>;
  /** What a person makes of links that cannot be written; for how many it was done. */
  actOnFailures(
    of: { readonly linkId: string } | { readonly cause: CauseId; readonly connectionId?: string | undefined },
    action: 'retry' | 'skip' | 'exclude' | 'include',
    actor: string,
  ): Promise<number>;
  /** Takes a losing value back. */
  restore(changeId: string, field: string, actor: string): Promise<'restored' | 'not_found' | 'nothing_lost'>;
  decide(holdId: string, decision: HoldDecision, actor: string): Promise<'decided' | 'not_found' | { readonly refused: string }>;
  /** Notes that a plan is wanted, which the workers then compute; or says why there can be none. */
  beginPlan(
    wish: { readonly streams?: readonly { readonly connection: string; readonly object?: string | undefined }[] },
    actor: string,
  ): Promise<{ readonly ok: true; readonly id: string } | { readonly ok: false; readonly reason: string }>;
  /** What is wrong with a draft of a mapping, after some edits of it. */
  checkMapping(draft: MappingText & { readonly edits?: readonly Edit[] | undefined }): Promise<CheckedDraft | CannotBe>;
  previewMapping(
    draft: MappingText,
    of: { readonly recordId: string } | { readonly connectionId: string; readonly remoteId: string },
  ): Promise<Previewed>;
  /** Records of the systems that a draft can be tried on. */
  findThere(draft: MappingText, search: string): Promise<RecordsThere>;
  suggestLines(draft: MappingText): Promise<SuggestedLines>;
  /** Notes that a plan is wanted with these drafts, as they are now. */
  planDrafts(
    names: readonly string[],
    about: { readonly author: string; readonly reason: string },
  ): Promise<{ readonly id: string } | { readonly problems: readonly MappingProblem[] } | CannotBe>;
  /** Says whose a response is: a contact's, nobody's, or whosoever its evidence leads to. */
  decideOwner(
    responseId: string,
    owner: { readonly recordId: string } | 'nobody' | 'by_evidence',
    actor: string,
  ): Promise<'attached' | 'detached' | 'released' | 'not_found'>;
  /** Erases a response for good, here and in the systems. */
  eraseResponse(responseId: string, actor: string): Promise<'erased' | 'not_found'>;
  /** Why nobody is attached to a response, as things stand now, and whose it might be. */
  suggestOwners(responseId: string): Promise<{
    readonly reason: UnmatchedReason | null;
    readonly suggestions: readonly {
      readonly recordId: string;
      readonly title: string;
      readonly why: readonly Likeness[];
      readonly confidence: Confidence;
    }[];
  } | null>;
  /** An id for links that a contact gets, which only this hub can have given out; null when there is no such record. */
  personalId(recordId: string): Promise<string | null>;
  setField(recordId: string, fields: Fields, actor: string): Promise<'changed' | 'unchanged' | 'not_found' | { readonly refused: string }>;
  previewMerge(winnerId: string, loserId: string): Promise<MergePreview | CannotBe>;
  /** Merges the second record into the first. */
  merge(winnerId: string, loserId: string, actor: string): Promise<{ readonly mergingId: string } | CannotBe>;
  /** Takes a record out of use. */
  archive(
    recordId: string,
    from: 'hub' | 'policy' | 'everywhere',
    actor: string,
  ): Promise<'archived' | 'not_found' | { readonly refused: string }>;
  /** Brings it back, also where it was removed. */
  bringBack(recordId: string, actor: string): Promise<'restored' | 'not_found' | { readonly refused: string }>;
  /** Looks at the beginning of a file, and keeps nothing of it. */
  previewFile(connectionId: string, upload: Pick<Upload, 'object' | 'bytes'>): Promise<PreviewedUpload | CannotBe>;
  /** What importing a file would come to; nothing is stored. */
  rehearseImport(connectionId: string, upload: Upload): Promise<RehearsedUpload | CannotBe>;
  /** Imports a file while it arrives; the run that did it. */
  importFile(connectionId: string, upload: Upload): Promise<{ readonly run: string } | CannotBe>;
  /** Takes a merge back. */
  unmerge(mergingId: string, actor: string): Promise<'unmerged' | 'not_found' | CannotBe>;
};

/** A text of a mapping, by the name of its file. */
type MappingText = { readonly name: string; readonly text: string };

/** Everything that the HTTP app is handed; it opens nothing and reads no environment of its own. */
export type AppParts = {
  readonly hub: Hub;
  readonly auth: Auth;
  readonly clock: Pick<Clock, 'now'>;
  /** What vendors sign their deliveries with. */
  readonly vault: Pick<Vault, 'webhookSecret' | 'storeWebhookSecret' | 'seal' | 'unseal'>;
  readonly connectors: ReadonlyMap<string, Connector>;
  mappings(): Mappings;
  /** What a text that somebody types may be known by: the digests of it as an e-mail and as a phone number of that hub object. */
  digestsOf(object: string, text: string): readonly string[];
  readonly publicUrl: string;
  /** The settings page by path, or null where none is built. */
  readonly pages: ((path: string) => Promise<Response | null>) | null;
  /** Null where no sandboxes are opened: then none are offered. */
  readonly sandboxes: OwnSandboxes | null;
  nudge(job: Nudge): Promise<void>;
  /** Null on the edge, which has no engine: those routes answer 503. */
  readonly actions: Actions | null;
  /** Progress as it happens, until the signal is aborted. */
  live(signal: AbortSignal): AsyncIterable<{ readonly event: string; readonly data: unknown }>;
  metrics(): Promise<string>;
  ready(): Promise<{ readonly ok: boolean; readonly checks: Readonly<Record<string, string>> }>;
  /** What this is, and how it and all that it needs is doing. */
  examine(): Promise<{ readonly version: string; readonly runtime: string; readonly findings: readonly Finding[] }>;
  readonly log: Log;
};
