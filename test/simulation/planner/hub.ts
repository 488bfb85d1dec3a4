import type { Fields, FieldValue } from '../../../src/contract/records.ts';
import type { Archived, Stamps } from '../../../src/hub/stored.ts';
import { must } from '../../../src/kernel/must.ts';
import { matchKey } from '../../../src/mapping/match.ts';
import { agreedBase, arrivedOf } from '../../../src/merge/agreed-base.ts';
import { arrangeLinks, type Tie } from '../../../src/merge/arrange-links.ts';
import {
  Book,
  type Door,
  decodeFields,
  type Face,
  type Identified,
  recogniseAll,
  ruleKey,
  type Stranger,
} from '../../../src/merge/recognise.ts';
import type { PlannedChange } from '../../../src/merge/record-plan.ts';
import { sameValue } from '../../../src/merge/same.ts';
import { withoutSelf } from '../../../src/merge/self-references.ts';
import { survive } from '../../../src/merge/survive.ts';
import { mayBeOlder } from '../../../src/sync/reconciling/link-presence.ts';
import type { LinkRow } from '../../../src/sync/reconciling/link-row.ts';
import type { Refs } from '../../../src/sync/reconciling/refs.ts';
import type { HoldRow, RecordRow } from '../../../src/sync/reconciling/rows.ts';
import { encodeSent, type PlannedLink, type PlannedRecord, planTree } from '../../../src/sync/reconciling/trees.ts';
import type { EntityStream } from '../../../src/sync/streams.ts';
import { OBJECT, PERSON, RULES } from './model.ts';
import type { Wonder } from './sometimes.ts';

type Mutable<T> = { -readonly [K in keyof T]: T[K] };
export type Link = Mutable<LinkRow>;
export type Rec = { readonly id: string; fields: Fields; stamps: Stamps; archived: Archived | null; mergedInto: string | null };
export type Hold = Mutable<HoldRow> & { detail: Record<string, unknown> };
/** A view of a remote record, as it was when somebody looked. */
export type View = { readonly id: string; readonly changedMs: number; readonly gone: boolean; readonly fields: Fields };
/** `shown` is the last view, `fields` what all views showed together. */
type Stored = { fields: Fields; shown: Fields; changedMs: number; changedAt: string; gone: boolean };

/** What the hub did, for those who judge it. */
export type Listener = {
  /** `from` is the link that brought it; none when two records became one. */
  changed(recordId: string, change: PlannedChange, from: Link | null): void;
  archived(recordId: string, by: Link): void;
  recognised(found: Identified): void;
  wonder(wonder: Wonder): void;
  wrong(told: string): void;
};

/** The hub in memory: it stores what the planner says, and plans with the planner of the product alone. */
export class Hub {
  readonly records = new Map<string, Rec>();
  readonly links = new Map<string, Link>();
  readonly byRecord = new Map<string, Link[]>();
  readonly byRemote = new Map<string, Link>();
  readonly views = new Map<string, Stored>();
  readonly holds = new Map<string, Hold[]>();
  /** Strangers that a person has to tell apart, by `<system> <id>`, with the records that they may be. */
  readonly ambiguous = new Map<string, { readonly stranger: Stranger; readonly candidates: readonly string[] }>();
  readonly excluded = new Set<string>();
  /** Remote records that a filter made strangers of. */
  readonly unlinked = new Set<string>();
  readonly dirty = new Set<string>();
  readonly #dirtyViews = new Set<string>();
  readonly #identities = new Map<string, Set<string>>();
  readonly #listener: Listener;
  #ids = 0;
  streams: ReadonlyMap<string, EntityStream> = new Map();
  constructor(listener: Listener) {
    this.#listener = listener;
  }

  readonly #refs: Refs = {
    record: (connectionId, _object, remoteId) => {
      const link = this.linkOf(connectionId, remoteId);
      return link === undefined ? undefined : this.resolve(link.recordId);
    },
    remote: (connectionId, _object, recordId) => {
      const link = this.byRecord.get(recordId)?.find((one) => one.connectionId === connectionId);
      if (link === undefined) return undefined;
      const pending = link.remoteId === null && (link.state === 'in_sync' || link.state === 'waiting');
      const gone = link.state === 'gone' || link.gone;
      return { id: gone ? null : link.remoteId, pending, gone };
    },
  };

  linkOf(system: string, remoteId: string): Link | undefined {
    return this.byRemote.get(`${system} ${remoteId}`);
  }
  holdsOf(linkId: string): readonly Hold[] {
    return this.holds.get(linkId) ?? [];
  }

  /** Takes in a view, unless a newer one is there. */
  store(system: string, view: View, isNews: boolean = true): void {
    const key = `${system} ${view.id}`;
    const before = this.views.get(key);
    if (before === undefined && view.gone && this.linkOf(system, view.id) === undefined) return;
    if (before !== undefined && before.changedMs > view.changedMs) return;
    const same = before !== undefined && before.gone === view.gone && (view.gone || sameFields(before.shown, view.fields));
    // What a write was confirmed to have left, and somebody took back since, shows what was there before the write.
    const isTakenBack = before !== undefined && before.changedMs < view.changedMs && this.linkOf(system, view.id)?.expected != null;
    if (before !== undefined && same && !isTakenBack) {
      if (before.changedMs !== view.changedMs) before.changedAt = iso(view.changedMs);
      before.changedMs = view.changedMs;
      return;
    }
    const fields = { ...before?.fields, ...(view.gone ? {} : view.fields) };
    this.views.set(key, { fields, shown: view.fields, changedMs: view.changedMs, changedAt: iso(view.changedMs), gone: view.gone });
    if (isNews) this.#dirtyViews.add(key);
    else this.#dirtyViews.delete(key);
    const link = this.byRemote.get(key);
    if (link !== undefined) {
      link.expected = null;
      show(link, this.views.get(key));
    }
  }
  /** Makes one view be merged once more. */
  lookAgain(key: string): void {
    this.#dirtyViews.add(key);
  }
  /** Looks anew at strangers, links, and places of a system, as after a change of its mapping. */
  reconsider(system: string): void {
    for (const [key, view] of this.views)
      if (key.startsWith(`${system} `) && !view.gone && !this.byRemote.has(key)) this.#dirtyViews.add(key);
    this.rejoin(system);
  }

  /** Recognises strangers and plans every record that something happened to, until nothing is left. Gives how many were planned. */
  reconcile(): number {
    let planned = 0;
    for (let pass = 0; pass < 20; pass += 1) {
      this.#claimViews();
      if (this.dirty.size === 0 && !this.#wakeWaiting()) return planned;
      const claimed = [...this.dirty];
      this.dirty.clear();
      for (const id of claimed) this.#plan(id);
      planned += claimed.length;
    }
    throw new Error('the hub does not come to rest');
  }

  /** Whether nothing is left to be planned or written. */
  isIdle(): boolean {
    for (const link of this.links.values()) if (link.due) return false;
    return this.dirty.size === 0;
  }

  #claimViews(): void {
    if (this.#dirtyViews.size === 0) return;
    const faces: Face[] = [];
    for (const key of this.#dirtyViews) {
      const [system = '', remoteId = ''] = key.split(' ');
      const stream = this.streams.get(`${system}|${OBJECT}`);
      if (stream === undefined) continue;
      this.#dirtyViews.delete(key);
      const view = must(this.views.get(key), key);
      const link = this.byRemote.get(key);
      if (link !== undefined) {
        if (!view.gone) this.#comeBack(link);
        this.dirty.add(link.recordId);
      } else if (!view.gone)
        faces.push(
          faceOf(stream, {
            connectionId: system,
            object: OBJECT,
            remoteId,
            fields: view.fields,
            changedAt: view.changedAt,
            runId: null,
            changedBy: null,
          }),
        );
      else this.#forget(key);
    }
    if (faces.length > 0) this.#recognise(faces);
  }

  #recognise(faces: readonly Face[]): void {
    const book = new Book();
    const add = (id: string, digests: readonly string[]) => {
      const record = must(this.records.get(id), 'an identified record');
      if (record.mergedInto !== null) return;
      const links = new Map((this.byRecord.get(id) ?? []).map((link) => [`${link.connectionId}|${OBJECT}`, placeOf(link)]));
      book.add({ recordId: id, fields: record.fields, isArchived: record.archived !== null, links }, digests);
    };
    for (const { stranger, digests } of faces) {
      for (const digest of digests.values()) if (digest !== null) for (const id of this.#identities.get(digest) ?? []) add(id, [digest]);
      for (const link of this.links.values())
        if (link.connectionId === stranger.connectionId && placeOf(link).formerly === stranger.remoteId) add(link.recordId, []);
    }
    for (const found of recogniseAll(faces, PERSON, { book, newId: () => this.#newId('r') })) this.#file(found);
  }

  #file(found: Identified): void {
    this.#listener.recognised(found);
    const { stranger } = found;
    const key = `${stranger.connectionId} ${stranger.remoteId}`;
    this.#forget(key);
    switch (found.kind) {
      case 'ambiguous':
        this.ambiguous.set(key, { stranger, candidates: found.candidates });
        break;
      case 'excluded':
        this.excluded.add(key);
        break;
      case 'new':
        this.#mustBeNew(stranger);
        this.records.set(found.recordId, { id: found.recordId, fields: {}, stamps: {}, archived: null, mergedInto: null });
        this.attach(stranger, found.recordId, { made: 'record' });
        break;
      case 'known':
        this.attach(stranger, found.recordId, { matched: found.evidence });
        break;
    }
  }
  /** Nobody is new who has the e-mail address of somebody else. */
  #mustBeNew({ remoteId, fields: { email } }: Stranger): void {
    if (typeof email !== 'string') return;
    const address = email.trim().toLowerCase();
    for (const { id, fields, mergedInto } of this.records.values())
      if (mergedInto === null && fields.email === address)
        this.#listener.wrong(`duplicates nothing: ${remoteId} is taken for somebody new, although ${id} has the address ${address}`);
  }
  /** Whoever this stranger was taken for, it is known now who it is; what was not made because of it may be due. */
  #forget(key: string): void {
    this.excluded.delete(key);
    for (const id of this.ambiguous.get(key)?.candidates ?? []) if (this.records.has(id)) this.dirty.add(id);
    this.ambiguous.delete(key);
  }
  /** Ties a remote record to a record of the hub, in the place that waits for it, if there is one. */
  attach(stranger: Stranger, recordId: string, evidence: unknown): void {
    const key = `${stranger.connectionId} ${stranger.remoteId}`;
    this.#forget(key);
    const own = this.byRecord.get(recordId) ?? [];
    const place = own.find((link) => link.connectionId === stranger.connectionId);
    const archived = this.records.get(recordId)?.archived != null;
    if (place?.remoteId != null) this.byRemote.delete(`${place.connectionId} ${place.remoteId}`);
    const link: Link = {
      ...blankLink(place?.id ?? this.#newId('l'), stranger.connectionId, recordId),
      remoteId: stranger.remoteId,
      evidence,
    };
    link.state = archived ? 'gone' : 'in_sync';
    show(link, this.views.get(key));
    this.#keep(link);
    this.dirty.add(recordId);
  }
  /** A new record, made by a person. */
  make(): string {
    const id = this.#newId('r');
    this.records.set(id, { id, fields: {}, stamps: {}, archived: null, mergedInto: null });
    return id;
  }
  /** Whether a record has no live link in a system yet. */
  canTake(system: string, recordId: string): boolean {
    const link = this.byRecord.get(recordId)?.find((one) => one.connectionId === system);
    return link === undefined || link.remoteId === null || placeOf(link).state === 'gone';
  }
  /** A system takes part again: what its records lack is worked out. */
  rejoin(system: string): void {
    for (const record of this.records.values()) {
      if (record.mergedInto !== null) continue;
      if (record.archived === null) this.#givePlaces(record.id);
      if (this.byRecord.get(record.id)?.some((link) => link.connectionId === system) === true) this.dirty.add(record.id);
    }
  }
  #keep(link: Link): void {
    const own = this.byRecord.get(link.recordId) ?? [];
    const at = own.findIndex((one) => one.id === link.id);
    if (at < 0) own.push(link);
    else own[at] = link;
    this.byRecord.set(link.recordId, own);
    this.links.set(link.id, link);
    if (link.remoteId !== null) this.byRemote.set(`${link.connectionId} ${link.remoteId}`, link);
  }
  /** What the planner says of a record with the links that are given, or with all of them. */
  planned(recordId: string, links: readonly Link[] = this.byRecord.get(recordId) ?? []): { record: RecordRow; planned: PlannedRecord } {
    const { id, fields, stamps, archived } = must(this.records.get(recordId), recordId);
    const record: RecordRow = { id, fields, stamps, archived, fresh: Object.keys(stamps).length === 0 };
    const holds: ReadonlyMap<string, readonly HoldRow[]> = this.holds;
    return { record, planned: planTree(record, links, { holds, refs: this.#refs }, this.streams) };
  }

  #plan(recordId: string): void {
    const record = must(this.records.get(recordId), recordId);
    if (record.mergedInto !== null) return;
    const { plan, links } = this.planned(recordId).planned;
    const before = record.fields;
    if (plan.moved) {
      record.fields = plan.fields;
      record.stamps = plan.stamps;
    }
    if (plan.archived !== null) {
      const { linkId, ...how } = plan.archived;
      record.archived = how;
      this.#listener.archived(recordId, must(this.links.get(linkId), 'the link of a removal'));
    }
    if (plan.revived !== null) {
      record.archived = null;
      this.#listener.wonder('brought back into use');
    }
    for (const change of plan.changes) this.#listener.changed(recordId, change, this.links.get(change.linkId) ?? null);
    for (const link of [...(this.byRecord.get(recordId) ?? [])]) {
      const own = links.get(link.id);
      if (own === undefined) continue;
      const { state: stateBefore } = link;
      this.#follow(link, own);
      this.#holdOn(link, own);
      if (link.remoteId === null && link.state !== stateBefore) this.#wakeChildren(link);
    }
    this.#index(recordId, before, record.fields);
    if (record.archived === null) this.#givePlaces(recordId);
  }

  /** A place in every system that does not have the record yet. */
  #givePlaces(recordId: string): void {
    const own = this.byRecord.get(recordId) ?? [];
    for (const { connection, canCreate } of this.streams.values()) {
      if (!canCreate || own.some((link) => link.connectionId === connection.id)) continue;
      this.#keep({ ...blankLink(this.#newId('l'), connection.id, recordId), due: true, evidence: { made: 'remote' } });
      // A place that was never planned has yet to say why nothing can be made there.
      this.dirty.add(recordId);
    }
  }

  /** Whoever refers to a record is looked at anew when it comes or goes in a system: what that shows of it is understood differently. */
  #wakeChildren(parent: Link): void {
    const key = `record:${parent.connectionId}:${OBJECT}:${parent.recordId}`;
    for (const link of this.links.values()) if (link.waitsFor.includes(key)) this.dirty.add(link.recordId);
  }
  /** Whoever refers to a record that is gone or back in a system is planned anew: a blank there was nobody's edit, or is one. */
  #markReferring(recordId: string): void {
    for (const record of this.records.values())
      if (record.fields.boss === recordId && record.mergedInto === null) this.dirty.add(record.id);
  }

  /** What a removal had untied over there without a word is tied again once the record is back. */
  #tieAgain({ connectionId, recordId }: Link): void {
    for (const record of this.records.values()) {
      if (record.fields.boss !== recordId || record.mergedInto !== null) continue;
      const link = this.byRecord.get(record.id)?.find((one) => one.connectionId === connectionId);
      if (link?.base.boss !== recordId || (link.expected?.boss ?? link.seen?.boss) != null) continue;
      link.base = { ...link.base, boss: null };
      this.dirty.add(record.id);
    }
  }

  #follow(link: Link, { standing, base, due, waits, holds }: PlannedLink): void {
    this.#notice(link, { standing, base, waits });
    const { goneBy, state } = link;
    const wasGone = state === 'gone';
    Object.assign(link, { base, due: false, cause: null, removal: null, goneBy: null, waitsFor: [], reason: null });
    switch (standing.kind) {
      case 'part':
        link.state = holds.length > 0 ? 'held' : waits.length > 0 ? 'waiting' : 'in_sync';
        link.due = due;
        link.waitsFor = waits;
        break;
      case 'apart':
        link.state = 'excluded';
        link.cause = standing.cause;
        break;
      case 'gone':
        link.state = 'gone';
        link.goneBy = goneBy ?? 'remote';
        if (!wasGone) this.#markReferring(link.recordId);
        link.expected = null;
        break;
      case 'remove':
        link.state = 'waiting';
        link.due = true;
        link.removal = standing.removal;
        break;
      case 'asked':
        link.state = 'held';
        if (link.gone && this.holdsOf(link.id).every(({ kind }) => kind !== 'removal')) this.#markReferring(link.recordId);
        break;
      case 'rebirth':
        if (link.remoteId !== null) this.byRemote.delete(`${link.connectionId} ${link.remoteId}`);
        link.evidence = { made: 'remote', ...(link.remoteId === null ? {} : { formerly: link.remoteId }) };
        this.#markReferring(link.recordId);
        Object.assign(link, { remoteId: null, base: {}, state: 'in_sync', due: true, sent: null, expected: null, seen: null, gone: false });
        this.dirty.add(link.recordId);
        break;
      case 'unlink':
        this.unlinked.add(`${link.connectionId} ${link.remoteId}`);
        this.#markReferring(link.recordId);
        this.byRemote.delete(`${link.connectionId} ${link.remoteId}`);
        Object.assign(link, { remoteId: null, base: {}, state: 'excluded', cause: 'unlinked', evidence: null, sent: null, expected: null });
        show(link, undefined);
        break;
    }
    const isLeft = standing.kind === 'unlink' || standing.kind === 'rebirth';
    if (wasGone && standing.kind !== 'gone' && !isLeft) {
      this.#tieAgain(link);
      this.#markReferring(link.recordId);
    }
  }

  #notice(link: Link, { standing, base, waits }: Pick<PlannedLink, 'standing' | 'base' | 'waits'>): void {
    const { wonder } = this.#listener;
    const tell = wonder.bind(this.#listener);
    if (standing.kind === 'rebirth') tell('made again');
    if (standing.kind === 'unlink') tell('unlinked');
    if (standing.kind === 'apart' && standing.cause === 'outside_filter') tell('outside the filter');
    if (standing.kind === 'apart' && standing.cause === 'opted_out') tell('opted out');
    if (standing.kind !== 'part') return;
    if (link.cause === 'outside_filter') tell('covered by the filter again');
    if (waits.length > 0) tell('waited for a parent');
    else if (link.waitsFor.length > 0) tell('came after its parent');
    if (link.sent === null && this.#isConcordant(link, base)) tell('false conflict suppressed');
  }
  /** Whether both sides have come to the same value each by itself. */
  #isConcordant(link: Link, base: PlannedLink['base']): boolean {
    const { fields } = must(this.records.get(link.recordId), 'the record of a link');
    for (const field in base) {
      const [before, after] = [link.base[field], base[field]];
      if (before === after || typeof before !== 'string' || typeof after !== 'string') continue;
      if (after === fields[field] && link.seen?.[field] === after) return true;
    }
    return false;
  }
  #noticeHold({ kind, field, detail }: PlannedLink['holds'][number]): void {
    if (kind === 'conflict') this.#listener.wonder('conflict left to a person');
    if (kind === 'removal') this.#listener.wonder('removal left to a person');
    if (detail.event === 'removed_and_edited') this.#listener.wonder('deleted with edits that nobody there had seen');
    if (kind === 'refused_field' && field === 'stage') this.#listener.wonder('an option is refused');
  }

  #holdOn(link: Link, { holds }: PlannedLink): void {
    if (!this.links.has(link.id)) return;
    const open = this.holdsOf(link.id);
    for (const hold of holds) this.#noticeHold(hold);
    const kept = holds.map(({ kind, field, reason, detail }): Hold => {
      return (
        open.find((one) => one.kind === kind && one.field === field) ?? {
          id: this.#newId('h'),
          linkId: link.id,
          kind,
          field,
          reason,
          detail: { ...detail },
          cause: null,
        }
      );
    });
    if (kept.length > 0) this.holds.set(link.id, kept);
    else if (open.length > 0) this.holds.delete(link.id);
  }

  #index(recordId: string, before: Fields, after: Fields): void {
    if (before === after || RULES.every(({ on }) => on.every((field) => before[field] === after[field]))) return;
    const [was, is] = [digestsOf(before), digestsOf(after)];
    for (const digest of was) if (!is.has(digest)) this.#identities.get(digest)?.delete(recordId);
    for (const digest of is) this.#identities.set(digest, (this.#identities.get(digest) ?? new Set()).add(recordId));
  }

  /** Marks records that wait for one that has come meanwhile. */
  #wakeWaiting(): boolean {
    for (const link of this.links.values()) {
      if (link.waitsFor.length > 0 && this.#isOn(link) && link.waitsFor.some((key) => this.#hasCome(key))) this.dirty.add(link.recordId);
    }
    return this.dirty.size > 0;
  }
  #isOn({ connectionId }: Link): boolean {
    return this.streams.has(`${connectionId}|${OBJECT}`);
  }
  #hasCome(key: string): boolean {
    const [kind, system = '', object = '', id = ''] = key.split(':');
    if (kind === 'record') return this.#refs.remote(system, object, id)?.id != null;
    return this.linkOf(system, id) !== undefined && this.linkOf(system, id)?.state !== 'gone';
  }

  /** Whether a person has yet to say if a record of this system stands for it: until then nothing is made for it there. */
  isSuspected(system: string, recordId: string): boolean {
    for (const [key, { candidates }] of this.ambiguous) if (key.startsWith(`${system} `) && candidates.includes(recordId)) return true;
    return false;
  }

  /** Whether two records could become one now: not while one of them is being made where the other is. */
  join(winnerId: string, loserId: string): boolean {
    const [winner, loser] = [must(this.records.get(winnerId), winnerId), must(this.records.get(loserId), loserId)];
    const [own, other] = [this.byRecord.get(winnerId) ?? [], this.byRecord.get(loserId) ?? []];
    const arranged = arrangeLinks(own.map(tieOf), other.map(tieOf));
    if (!arranged.ok) return false;
    const lines = new Map([...this.streams.values()].map((stream) => [stream.connection.connector, stream.lines]));
    const connectors = new Map([...this.streams.values()].map(({ connection }) => [connection.id, connection.connector]));
    const survivor = survive({ winner, loser }, { object: PERSON, lines, connectors });
    const fields = withoutSelf(survivor.fields, PERSON, [winnerId, loserId]);
    this.#listener.changed(winnerId, { linkId: '', fields: survivor.changed, conflict: survivor.conflict }, null);
    this.#index(loserId, loser.fields, {});
    this.#index(winnerId, winner.fields, fields);
    Object.assign(winner, { fields, stamps: survivor.stamps });
    loser.mergedInto = winnerId;
    this.#listener.wonder('records became one');
    for (const { id } of arranged.leaves) this.#moveTo(must(this.links.get(id), id), loserId);
    for (const { id } of arranged.moves) this.#moveTo(must(this.links.get(id), id), winnerId);
    for (const { id } of [...arranged.leaves, ...arranged.stays]) this.#putAside(must(this.links.get(id), id));
    for (const { place, remoteId, isGone } of arranged.stays) {
      if (remoteId !== null && !isGone && this.canTake(place, winnerId))
        this.#listener.wrong(`accounts: ${remoteId} is put aside, although the record that it was merged into has nobody in ${place}`);
    }
    this.#repoint(loserId, winnerId);
    this.dirty.add(winnerId);
    return true;
  }
  #moveTo(link: Link, recordId: string): void {
    this.byRecord.set(
      link.recordId,
      (this.byRecord.get(link.recordId) ?? []).filter((one) => one !== link),
    );
    link.recordId = recordId;
    this.#keep(link);
  }
  #putAside(link: Link): void {
    if (link.state !== 'gone' && link.state !== 'excluded')
      Object.assign(link, { state: 'excluded', cause: 'merged', due: false, waitsFor: [] });
  }
  #repoint(from: string, to: string): void {
    for (const record of this.records.values()) {
      if (record.fields.boss !== from) continue;
      record.fields = { ...record.fields, boss: to };
      this.dirty.add(record.id);
    }
    for (const link of this.links.values()) {
      if (link.base.boss === from) link.base = { ...link.base, boss: to };
    }
  }

  /** Follows a merge over there: whoever went by `from` goes by `to` now. False while one of the two is being made somewhere. */
  followMerge(system: string, from: string, to: string): boolean {
    const loser = this.linkOf(system, from);
    const winner = this.linkOf(system, to);
    if (loser === undefined || loser === winner) return true;
    // What was put aside stands for nothing that others could go by.
    if (winner === undefined && this.resolve(loser.recordId) !== loser.recordId) return true;
    if (winner === undefined) {
      this.byRemote.delete(`${system} ${from}`);
      loser.remoteId = to;
      loser.expected = null;
      show(loser, this.views.get(`${system} ${to}`));
      this.#forget(`${system} ${to}`);
      this.#keep(loser);
    } else if (this.resolve(loser.recordId) !== this.resolve(winner.recordId)) {
      // There is nothing behind the loser's link any more, so the two do not meet over there.
      const { state } = loser;
      loser.state = 'gone';
      loser.waitsFor = [];
      if (!this.join(this.resolve(winner.recordId), this.resolve(loser.recordId))) {
        loser.state = state;
        return false;
      }
    }
    if (winner !== undefined && this.resolve(winner.recordId) !== winner.recordId) {
      if (loser.recordId === this.resolve(winner.recordId))
        Object.assign(loser, { state: 'gone', goneBy: 'remote', sent: null, due: false });
      this.#takePlace(winner);
    }
    this.dirty.add(this.resolve(loser.recordId));
    return true;
  }
  /** What was gone with a record that was merged away, and is there again, stands for the joined record, unless another one does. */
  #comeBack(link: Link): void {
    if (link.state !== 'gone' || this.resolve(link.recordId) === link.recordId) return;
    if (this.canTake(link.connectionId, this.resolve(link.recordId))) this.#takePlace(link);
    else Object.assign(link, { state: 'excluded', cause: 'merged' });
  }
  /** A link of a record that was merged away stands for the joined one from now on, whose own place goes the other way. */
  #takePlace(link: Link): void {
    const [own, living] = [link.recordId, this.resolve(link.recordId)];
    if (!this.canTake(link.connectionId, living)) return;
    const place = this.byRecord.get(living)?.find((one) => one.connectionId === link.connectionId);
    if (place !== undefined) this.#moveTo(place, own);
    if (place !== undefined) this.#putAside(place);
    this.#moveTo(link, living);
    const isArchived = must(this.records.get(living), living).archived !== null;
    Object.assign(link, {
      state: isArchived ? 'gone' : 'in_sync',
      cause: null,
      base: {},
      sent: null,
      expected: null,
      goneBy: null,
      removal: null,
    });
    this.dirty.add(living);
  }
  /** The record that an id leads to, however often it was merged. */
  resolve(recordId: string): string {
    let id = recordId;
    for (let next = this.records.get(id)?.mergedInto; next != null; next = this.records.get(id)?.mergedInto) id = next;
    return id;
  }

  /** A removal was confirmed. */
  removed(link: Link, changedMs: number): void {
    this.store(link.connectionId, { id: must(link.remoteId, 'the id of what was removed'), changedMs, gone: true, fields: {} }, false);
    Object.assign(link, { state: 'gone', goneBy: 'hub', removal: null, due: false, sent: null, expected: null });
    this.#markReferring(link.recordId);
  }

  /**
   * A create whose answer was lost was found by its key, and shows `shown` now: what
   * was sent is taken as agreed on, but where an earlier create may have made the record.
   */
  recalled(link: Link, answer: { id: string; changedMs: number; shown: Fields }): void {
    const stream = must(this.streams.get(`${link.connectionId}|${OBJECT}`), 'the stream of a write');
    const sent = { push: encodeSent(link, stream, this.#refs), pushed: must(link.sent, 'what was sent') };
    const lines = new Map(stream.lines.map((line) => [line.hub, line]));
    const written = mayBeOlder(link) ? arrivedOf(sent, lines, answer.shown) : sent;
    this.settle(link, written, { id: answer.id, changedMs: answer.changedMs, fields: null });
    // It may have been seen already, before anybody knew that it is ours.
    const key = `${link.connectionId} ${answer.id}`;
    link.expected = null;
    show(link, this.views.get(key));
    this.#forget(key);
    this.#dirtyViews.add(key);
  }

  /** A write was confirmed: both sides agree on what was sent. `view` is what the answer shows, or null. */
  settle(link: Link, written: { push: Fields; pushed: Fields }, answer: { id: string; changedMs: number; fields: Fields | null }): void {
    const stream = must(this.streams.get(`${link.connectionId}|${OBJECT}`), 'the stream of a write');
    const lines = new Map(stream.lines.map((line) => [line.hub, line]));
    const creates = link.remoteId === null;
    const base = agreedBase(link.base, written, { lines, observed: answer.fields, seen: link.seen });
    const fields = { ...must(this.records.get(link.recordId), 'the record of a write').fields, ...link.sent };
    const blanks = stream.lines.filter(({ hub }) => (fields[hub] ?? null) === null).map(({ hub }) => [hub, null] as const);
    link.base = creates ? { ...Object.fromEntries(blanks), ...base } : base;
    link.sent = null;
    link.remoteId = answer.id;
    this.#keep(link);
    if (creates && (link.evidence as { readonly formerly?: string } | null)?.formerly !== undefined) this.#tieAgain(link);
    const before: Fields = { ...link.seen, ...link.expected };
    const { fields: shown } = answer;
    if (shown === null) {
      link.expected = { ...link.expected, ...written.push };
      if (creates) this.store(link.connectionId, { id: answer.id, changedMs: 0, gone: false, fields: {} }, false);
      if (creates) link.expected = { ...written.push };
    } else {
      link.expected = null;
      const isExplained = Object.entries(shown).every(
        ([name, value]) => written.push[name] !== undefined || sameValue(value, before[name] ?? null),
      );
      // Our own write may have taken it out of the filter for what comes in.
      const isFiltered = stream.mapping.gates.in.when !== null;
      this.store(link.connectionId, { id: answer.id, changedMs: answer.changedMs, gone: false, fields: shown }, isFiltered || !isExplained);
    }
  }

  #newId(prefix: string): string {
    this.#ids += 1;
    return `${prefix}${this.#ids}`;
  }
}

const TOLD = new Map<number, string>();

/** A time as text. All histories take place on the same days, so most times have been told before. */
export function iso(ms: number): string {
  const known = TOLD.get(ms);
  if (known !== undefined) return known;
  const told = new Date(ms).toISOString();
  if (TOLD.size < MOST_TOLD) TOLD.set(ms, told);
  return told;
}
const MOST_TOLD = 1000;

function show(link: Link, view: Stored | undefined): void {
  link.seen = view === undefined || view.gone ? null : view.fields;
  link.changedAt = view?.changedAt ?? null;
  link.gone = view?.gone ?? false;
}

/** A record that was gone and is there again keeps its place. */
const placeOf = ({ id, remoteId, state, gone, evidence }: Link) => ({
  id,
  remoteId,
  state: state === 'gone' && !gone ? ('in_sync' as const) : state,
  formerly: remoteId === null ? (evidence as { readonly formerly?: string } | null)?.formerly : undefined,
});

const tieOf = ({ id, connectionId, remoteId, state, sent }: Link): Tie => ({
  id,
  place: connectionId,
  remoteId,
  isGone: state === 'gone',
  isSent: sent !== null,
});

function blankLink(id: string, connectionId: string, recordId: string): Link {
  return {
    id,
    connectionId,
    object: OBJECT,
    remoteId: null,
    recordId,
    base: {},
    sent: null,
    expected: null,
    state: 'in_sync',
    reason: null,
    due: false,
    waitsFor: [],
    seen: null,
    changedAt: null,
    gone: false,
    runId: null,
    changedBy: null,
    evidence: null,
    removal: null,
    goneBy: null,
    cause: null,
    givenUp: null,
    braked: [],
    lane: 0,
  };
}

function faceOf(stream: EntityStream, stranger: Stranger): Face {
  const fields = decodeFields(stranger.fields, stream.lines);
  const door: Door = {
    key: stream.key,
    system: stream.connection.name,
    match: RULES,
    gates: stream.mapping.gates,
    optOut: stream.mapping.optOut,
    makes: stream.mapping.gates.in.creates,
  };
  return { stranger, door, fields, digests: new Map(RULES.map((rule) => [ruleKey(rule), matchKey(rule, PERSON, fields)])) };
}

const digestsOf = (fields: Fields): ReadonlySet<string> => new Set(RULES.flatMap((rule) => matchKey(rule, PERSON, fields) ?? []));

function sameFields(a: Fields, b: Fields): boolean {
  const names = Object.keys(b);
  return names.length === Object.keys(a).length && names.every((name) => name in a && identical(a[name] ?? null, b[name] ?? null));
}
const identical = (a: FieldValue, b: FieldValue): boolean =>
  a === b || (Array.isArray(a) && Array.isArray(b) && a.join('|') === b.join('|'));
