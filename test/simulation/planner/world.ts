import type { Fields, FieldValue } from '../../../src/contract/records.ts';
import { must, unreachable } from '../../../src/kernel/must.ts';
import type { RemovalDecision } from '../../../src/merge/record-tree.ts';
import { sameValue } from '../../../src/merge/same.ts';
import type { EntityStream } from '../../../src/sync/streams.ts';
import { Chronicle, originsOf, type Removal, typed } from './chronicle.ts';
import { Hub, iso, type Link } from './hub.ts';
import { type MappingNow, mappingOf, streamOf } from './mappings.ts';
import { FIELD_TYPES, type FieldName, OBJECT, STAGES } from './model.ts';
import { COPIED, type Ending, type Operation } from './operations.ts';
import type { WorldSpec } from './spec.ts';
import { type Row, System } from './systems.ts';

const START_MS = Date.parse('2026-11-22T08:00:00.000Z');

/** Systems, people, and the hub, with everything that happens to them noted in the chronicle. */
export class World {
  readonly spec: WorldSpec;
  readonly systems: readonly System[];
  readonly mappings: readonly MappingNow[];
  readonly chronicle = new Chronicle();
  readonly hub = new Hub(this.chronicle);
  readonly #paused = new Set<number>();
  readonly #streams = new Map<number, readonly [string, EntityStream]>();
  readonly #unfollowed = new Map<string, { readonly system: System; readonly row: Row }>();
  /** Where merged rows lead to, as far as the hub has followed. */
  readonly #followed = new Map<string, string>();
  #tick = 0;
  #typed = 0;
  constructor(spec: WorldSpec) {
    this.spec = spec;
    this.systems = spec.systems.map((one) => new System(one, () => this.#nowMs()));
    this.mappings = spec.systems.map(mappingOf);
    for (const [at, { lines, name, fields }] of spec.systems.entries()) {
      for (const [field, line] of Object.entries(lines))
        if (line.direction !== 'both' || line.nulls !== 'clear') this.chronicle.limited.add(`${name} ${field}`);
      this.#noteRules(at);
      for (const [field, { loss, known }] of Object.entries(fields)) if (loss !== 'none' && !known) this.chronicle.surprising.add(field);
    }
    this.chronicle.echo = (name, field, value) => {
      const system = this.#systemNamed(name);
      return system.spec.fields[field]?.known === true ? system.kept(field, value) : undefined;
    };
    for (const at of this.systems.keys()) this.#restream(at);
  }

  live(operation: Operation): void {
    this.#tick += 1;
    switch (operation.act) {
      case 'create':
        this.#create(operation);
        break;
      case 'edit':
        this.#edit(operation.system, this.#rowOf(operation.system, operation.person), operation);
        break;
      case 'copy':
        this.#copy(operation);
        break;
      case 'bulk':
        this.#bulk(operation);
        break;
      case 'remove':
        this.#remove(this.#system(operation.system), this.#rowOf(operation.system, operation.person));
        break;
      case 'restore':
        this.#restore(this.#system(operation.system), operation.person);
        break;
      case 'optOut':
      case 'optIn':
        this.#optOut(this.#system(operation.system), this.#rowOf(operation.system, operation.person), operation.act === 'optOut');
        break;
      case 'mergeRows':
        this.#mergeRows(this.#system(operation.system), operation.person, operation.other);
        break;
      case 'associate':
        this.#associate(operation.system, operation.person, operation.other);
        break;
      case 'look':
        this.look(operation.system);
        break;
      case 'recover':
        this.recover(operation.system);
        break;
      case 'pause':
        this.#paused.add(operation.system);
        this.#restream(operation.system);
        break;
      case 'resume':
        this.resume(operation.system);
        break;
      case 'reconcile':
        this.hub.reconcile();
        break;
      case 'send':
        this.send(operation.system, operation.ending);
        break;
      case 'answer':
        this.#answer(operation.person, operation.score);
        break;
      case 'decide':
        this.#decide(operation.nth, operation.style);
        break;
      case 'rule':
      case 'direction':
      case 'nulls':
        this.#changeLine(operation.system, operation.field, operation);
        break;
      case 'gates':
        this.#changeMapping(operation.system, { gates: operation.gates });
        break;
      case 'removed':
        this.#changeMapping(operation.system, { removed: { in: operation.in, out: operation.out } });
        break;
      case 'hide':
      case 'unhide':
        this.#hide(this.#system(operation.system), operation.field, operation.act === 'hide');
        break;
      case 'dropOption':
      case 'addOption':
        this.#changeOptions(this.#system(operation.system), operation.nth, operation.act === 'addOption');
        break;
      default:
        unreachable(operation);
    }
  }

  #nowMs(): number {
    return START_MS + this.#tick * 1000;
  }
  #system(at: number): System {
    return must(this.systems[at], `system ${at}`);
  }
  #rowOf(at: number, person: number): Row | undefined {
    for (const row of this.#system(at).rows.values()) if (row.person === person && row.gone === 'no') return row;
    return undefined;
  }
  #restream(at: number): void {
    const system = this.#system(at);
    const key = `${system.spec.name}|${OBJECT}`;
    if (this.#paused.has(at)) this.#streams.delete(at);
    else this.#streams.set(at, [key, streamOf(system, must(this.mappings[at], 'a mapping'))]);
    // In the order of the systems, whichever came last.
    this.hub.streams = new Map(
      [...this.systems.keys()].flatMap((one) => (this.#streams.has(one) ? [must(this.#streams.get(one), key)] : [])),
    );
  }
  #noteRules(at: number): void {
    const names = new Set(this.systems.map(({ spec }) => spec.name));
    const connectors = new Set(this.systems.map(({ spec }) => spec.connector));
    for (const { rule } of Object.values(this.mappings[at]?.lines ?? {})) {
      const meant = rule.kind === 'prefer' ? [rule.system] : rule.kind === 'order' ? rule.systems : [];
      if (meant.some((name) => names.has(name) && !connectors.has(name))) this.chronicle.wonders.add('a rule named one connection');
    }
  }

  // What people do in their systems.

  #create({ system: at, person, nudges }: Extract<Operation, { act: 'create' }>): void {
    const system = this.#system(at);
    const base: Record<string, FieldValue> = { ...must(this.spec.people[person], 'somebody') };
    if (this.spec.fields.includes('note')) base.note = `P${person} note`;
    if (this.spec.fields.includes('city')) base.city = `P${person} town`;
    const fields: Record<string, FieldValue> = { ...base };
    for (const nudge of nudges) {
      const field = this.spec.fields[nudge % this.spec.fields.length];
      if (field === undefined || field === 'email' || field === 'boss' || field === 'nps') continue;
      fields[field] = nudge > 5 ? null : this.#type(field, nudge, null);
    }
    if (
      this.systems.some((other) =>
        [...other.rows.values()].some((row) => row.person === person && row.changedMs === this.#nowMs() - 1000 + other.spec.skewMs),
      )
    )
      this.chronicle.wonders.add('made in two systems at once');
    const row = system.make(person, fields, null);
    for (const field of this.spec.fields)
      for (const origin of originsOf(row.values[field] ?? null))
        this.chronicle.typed({ origin, system: system.spec.name, rowId: row.id, field }, null);
  }

  #type(field: FieldName, style: number, before: FieldValue): FieldValue {
    this.#typed += 1;
    if (field === 'stage') return STAGES[(this.#typed + style) % STAGES.length] ?? null;
    if (field !== 'tags') return typed(field, this.#typed, style);
    const tags = Array.isArray(before) ? (before as readonly string[]) : [];
    return style === 0 ? tags.slice(1) : [...tags, `t${this.#typed}`];
  }

  #edit(at: number, row: Row | undefined, edit: { field: FieldName; style: number; clear: boolean }, atMs?: number): void {
    const { field, style, clear } = edit;
    const system = this.#system(at);
    if (row === undefined || system.hidden.has(field) || field === 'boss' || field === 'nps' || (field === 'email' && clear)) return;
    const before = row.values[field] ?? null;
    const value = clear ? null : this.#type(field, style, before);
    if (atMs === undefined) system.write(row.id, { [field]: value });
    else system.write(row.id, { [field]: value }, atMs);
    const [had, has] = [originsOf(before), originsOf(row.values[field] ?? null)];
    for (const origin of has)
      if (!had.includes(origin))
        this.chronicle.typed({ origin, system: system.spec.name, rowId: row.id, field }, FIELD_TYPES[field] === 'choices' ? null : before);
    if (has.length === 0 && FIELD_TYPES[field] !== 'choices')
      this.chronicle.cleared({ system: system.spec.name, rowId: row.id, field }, had);
    else if (FIELD_TYPES[field] === 'choices')
      for (const origin of had) if (!has.includes(origin)) this.chronicle.replaces(field, null, origin);
  }

  #copy({ system: at, from, person, field }: Extract<Operation, { act: 'copy' }>): void {
    const [system, row, other] = [this.#system(at), this.#rowOf(at, person), this.#rowOf(from, person)];
    if (row === undefined || other === undefined || row === other || system.hidden.has(field) || !COPIED.has(field)) return;
    const [before, value] = [row.values[field] ?? null, other.values[field] ?? null];
    if (value === null || sameValue(system.kept(field, value), before)) return;
    system.write(row.id, { [field]: value });
    this.chronicle.wonders.add('typed off another system');
    for (const origin of originsOf(row.values[field] ?? null)) {
      this.chronicle.copied.add(`${field} ${origin}`);
      this.chronicle.typed({ origin, system: system.spec.name, rowId: row.id, field }, before);
    }
  }

  #bulk({ system: at, field, style }: Extract<Operation, { act: 'bulk' }>): void {
    const system = this.#system(at);
    const atMs = this.#nowMs() + system.spec.skewMs;
    this.chronicle.wonders.add('changed in bulk');
    for (const row of system.live()) this.#edit(at, row, { field, style, clear: false }, atMs);
  }

  #remove(system: System, row: Row | undefined): void {
    if (row === undefined) return;
    system.remove(row, 'people');
    const seen = { ...row.values };
    const { name } = system.spec;
    this.chronicle.removals.set(`${name} ${row.id}`, (recordId) => this.#removal(name, recordId, seen));
    this.chronicle.wonders.add('deleted over there');
  }
  #removal(system: string, recordId: string, seen: Fields): Removal {
    const { fields } = must(this.hub.records.get(recordId), recordId);
    const own = this.spec.fields.filter(
      (field) =>
        field !== 'boss' && field !== 'nps' && field !== 'stage' && field !== 'tags' && !this.#systemNamed(system).hidden.has(field),
    );
    // What a system cannot take, nobody there could ever have seen: a hold says so instead.
    const takes = (field: string): boolean => this.#systemNamed(system).spec.fields[field]?.writable === true;
    const limited = new Set(own.filter((field) => this.chronicle.limited.has(`${system} ${field}`) || !takes(field)));
    return { fields: Object.fromEntries(own.map((field) => [field, [fields[field] ?? null, seen[field] ?? null]])), limited };
  }
  #restore(system: System, person: number): void {
    const row = [...system.rows.values()].findLast((one) => one.person === person && one.gone === 'deleted');
    if (row === undefined) return;
    system.restore(row);
    this.chronicle.wonders.add('restored after a delete');
  }
  #optOut(system: System, row: Row | undefined, optedOut: boolean): void {
    if (row === undefined || row.optedOut === optedOut) return;
    row.optedOut = optedOut;
    system.touch(row);
  }
  #mergeRows(system: System, person: number, other: number): void {
    const [winner, loser] = system.live().filter((row) => row.person === person || row.person === other);
    if (winner === undefined || loser === undefined) return;
    const before = [winner, loser].map((row) => ({ ...row.values }));
    const links = [winner, loser].map((row) => this.hub.linkOf(system.spec.name, row.id));
    // What the hub made, and does not know of yet because the answer was lost, cannot be found by its key once it is merged away.
    if ([winner, loser].some(({ key }, at) => key !== null && links[at] === undefined)) return;
    if (links.some((link) => link !== undefined && (link.sent !== null || link.due)))
      this.chronicle.wonders.add('merged with a write under way');
    const kept = system.merge(winner, loser);
    this.chronicle.wonders.add('merged over there');
    const isChain = [...system.rows.values()].some(({ mergedInto }) => mergedInto !== null && system.row(mergedInto).gone === 'merged');
    if (isChain) this.chronicle.wonders.add('merged in a chain');
    this.chronicle.survivors.add(`${system.spec.name} ${kept.id}`);
    for (const values of before) {
      for (const [field, value] of Object.entries(values)) {
        const [now = null] = originsOf(kept.values[field] ?? null);
        for (const origin of originsOf(value))
          if (!originsOf(kept.values[field] ?? null).includes(origin)) this.chronicle.replaces(field, now, origin);
      }
    }
  }
  #associate(at: number, person: number, other: number): void {
    const system = this.#system(at);
    const [row, boss] = [this.#rowOf(at, person), this.#rowOf(at, other)];
    if (row === undefined || boss === undefined || row === boss || row.values.boss === boss.id || system.hidden.has('boss')) return;
    if (this.spec.fields.includes('boss')) system.write(row.id, { boss: boss.id });
  }

  #answer(person: number, score: number): void {
    const link = [...this.hub.byRemote.values()].find(
      (one) => this.#systemNamed(one.connectionId).rows.get(one.remoteId ?? '')?.person === person,
    );
    if (link === undefined || !this.spec.fields.includes('nps')) return;
    const record = must(this.hub.records.get(this.hub.resolve(link.recordId)), 'a record');
    if (Object.keys(record.stamps).length === 0) return;
    record.fields = { ...record.fields, nps: score };
    record.stamps = { ...record.stamps, nps: [iso(this.#nowMs()), 'hub'] };
    this.hub.dirty.add(record.id);
    this.chronicle.wonders.add('answered a survey');
  }
  #systemNamed(name: string): System {
    return must(
      this.systems.find(({ spec }) => spec.name === name),
      name,
    );
  }

  // What admins and stewards do in the hub.

  #decide(nth: number, style: number): void {
    const holds = [...this.hub.holds.values()].flat();
    const strangers = [...this.hub.ambiguous.keys()];
    const at = nth % Math.max(1, holds.length + strangers.length);
    const hold = holds[at];
    const key = strangers[at - holds.length];
    if (hold !== undefined) {
      const link = must(this.hub.links.get(hold.linkId), 'the link of a hold');
      this.hub.dirty.add(link.recordId);
      if (hold.kind === 'conflict') {
        hold.detail.take = style % 2 === 0 ? 'hub' : 'remote';
        this.chronicle.wonders.add('conflict decided by a person');
      } else if (hold.kind === 'removal') this.#decideRemoval(hold.detail, link, style);
    } else if (key !== undefined) this.#tellApart(key, style);
  }
  #decideRemoval(detail: Record<string, unknown>, link: Link, style: number): void {
    const follows = detail.event === 'to_be_removed' || detail.event === 'edited_after_removal';
    const choices: readonly RemovalDecision[] = follows ? ['keep', 'remove'] : ['keep', 'archive', 'remove', 'recreate'];
    detail.take = choices[style % choices.length];
    if (detail.take === 'recreate') this.chronicle.recreated.add(`${link.connectionId} ${link.recordId}`);
    this.chronicle.wonders.add('removal decided by a person');
  }
  #tellApart(key: string, style: number): void {
    const { stranger, candidates } = must(this.hub.ambiguous.get(key), key);
    const view = this.hub.views.get(key);
    if (view === undefined || view.gone || !this.hub.streams.has(`${stranger.connectionId}|${OBJECT}`)) return;
    const chosen =
      style % 2 === 0 ? undefined : candidates.map((id) => this.hub.resolve(id)).find((id) => this.hub.canTake(stranger.connectionId, id));
    this.hub.attach(stranger, chosen ?? this.hub.make(), { matched: 'a steward decided' });
    this.chronicle.wonders.add('told apart by a person');
  }

  #changeLine(at: number, field: FieldName, change: Partial<MappingNow['lines'][string]>): void {
    const mapping = must(this.mappings[at], 'a mapping');
    const line = mapping.lines[field];
    if (line === undefined || field === 'nps') return;
    const { rule = line.rule, direction = line.direction, nulls = line.nulls } = change;
    this.chronicle.decidesAnew(field);
    mapping.lines = { ...mapping.lines, [field]: { rule, direction: field === 'email' ? line.direction : direction, nulls } };
    if (direction !== 'both' || nulls !== 'clear') this.chronicle.limited.add(`${this.#system(at).spec.name} ${field}`);
    this.#noteRules(at);
    this.#changeMapping(at, {});
  }
  #changeMapping(at: number, change: Partial<MappingNow>): void {
    Object.assign(must(this.mappings[at], 'a mapping'), change);
    this.#restream(at);
    if (!this.#paused.has(at)) this.hub.reconsider(this.#system(at).spec.name);
    else this.#stale.add(at);
  }
  readonly #stale = new Set<number>();

  #hide(system: System, field: FieldName, hidden: boolean): void {
    if (field === 'email' || field === 'name' || system.hidden.has(field) === hidden) return;
    if (hidden) system.hidden.add(field);
    else system.hidden.delete(field);
    this.chronicle.wonders.add('a field vanished');
    // A field that can be seen again is read from every record once.
    for (const row of system.rows.values()) system.unseen.add(row.id);
    this.#changeMapping(this.systems.indexOf(system), {});
  }
  #changeOptions(system: System, nth: number, there: boolean): void {
    const option = STAGES[nth % STAGES.length] ?? 'lead';
    if (there) system.stages.add(option);
    else system.stages.delete(option);
    this.#changeMapping(this.systems.indexOf(system), {});
  }

  // What the hub's workers do.

  resume(at: number): void {
    if (!this.#paused.delete(at)) return;
    this.#restream(at);
    const { name } = this.#system(at).spec;
    if (this.#stale.delete(at)) this.hub.reconsider(name);
    this.hub.rejoin(name);
    this.chronicle.wonders.add('written to after a pause');
  }

  /** Finds out what became of interrupted writes, then sees everything that changed. */
  look(at: number): void {
    if (this.#paused.has(at)) return;
    this.recover(at);
    const system = this.#system(at);
    const ids = [...system.unseen];
    system.unseen.clear();
    this.see(
      system,
      ids.map((id) => system.row(id)),
    );
  }

  /** Shows rows to the hub as they are now, survivors of merges before those that were merged into them. */
  see(system: System, rows: readonly Row[]): void {
    for (const { system: one, row } of [...this.#unfollowed.values()]) if (one === system) this.#follow(system, row);
    for (const row of rows) if (row.gone !== 'merged') this.#show(system, row);
    for (const row of rows) {
      if (row.gone !== 'merged') continue;
      this.#show(system, system.resolve(row.id));
      this.#follow(system, row);
    }
  }
  /** Whether a merge over there waits to be followed. */
  hasUnfollowed(): boolean {
    return this.#unfollowed.size > 0;
  }
  #follow(system: System, row: Row): void {
    const key = `${system.spec.name} ${row.id}`;
    const survivor = system.resolve(row.id);
    if (this.#followed.get(key) === survivor.id || this.hub.followMerge(system.spec.name, row.id, survivor.id)) {
      this.#followed.set(key, survivor.id);
      this.#unfollowed.delete(key);
      this.#show(system, row);
      this.#show(system, survivor);
    } else this.#unfollowed.set(key, { system, row });
  }
  #show(system: System, row: Row): void {
    const gone = row.gone !== 'no';
    const fields = gone ? {} : system.shown(row);
    this.hub.store(system.spec.name, { id: row.id, changedMs: row.changedMs, gone, fields });
  }

  recover(at: number): void {
    if (this.#paused.has(at)) return;
    const system = this.#system(at);
    const interrupted = [...this.hub.links.values()].filter((link) => link.connectionId === system.spec.name && link.sent !== null);
    for (const link of interrupted) {
      if (link.remoteId !== null) this.see(system, [system.row(link.remoteId)]);
      else this.#recall(system, link);
      this.hub.dirty.add(link.recordId);
    }
    if (interrupted.length === 0) return;
    this.hub.reconcile();
    for (const link of interrupted) {
      link.sent = null;
      this.hub.dirty.add(link.recordId);
    }
  }
  #recall(system: System, link: Link): void {
    const row = [...system.rows.values()].find(({ key, id }) => key === link.id && system.resolve(id).gone === 'no');
    this.chronicle.wonders.add(row === undefined ? 'create lost and not found' : 'create lost and found');
    if (row === undefined) {
      Object.assign(link, { sent: null, due: true, evidence: { ...(link.evidence as object), again: true } });
      return;
    }
    const survivor = system.resolve(row.id);
    this.see(system, [survivor]);
    const taken = this.hub.linkOf(system.spec.name, survivor.id);
    if (taken === link) return;
    if (taken !== undefined) {
      // It was merged over there into one that stands for another record, so those two are one as well.
      link.sent = null;
      this.hub.join(this.hub.resolve(taken.recordId), this.hub.resolve(link.recordId));
      return;
    }
    // What is seen of it may be somebody's edit already, so it is taken in like any other news.
    this.hub.recalled(link, { id: survivor.id, changedMs: survivor.changedMs, shown: system.shown(survivor) });
  }

  /** Looks at what is about to be written, plans it again, and writes; true when something was. */
  send(at: number, ending: Ending): boolean {
    if (this.#paused.has(at)) return false;
    const system = this.#system(at);
    const due = [...this.hub.links.values()].filter((link) => link.connectionId === system.spec.name && link.due && link.sent === null);
    if (due.length === 0) return false;
    this.see(
      system,
      due.flatMap(({ remoteId }) => (remoteId === null ? [] : [system.row(remoteId)])),
    );
    this.hub.reconcile();
    return due.map((link) => this.#sendOne(system, link, ending)).includes(true);
  }
  #sendOne(system: System, link: Link, ending: Ending): boolean {
    if (!link.due || this.hub.links.get(link.id) !== link || link.sent !== null) return false;
    const { plan, links } = this.hub.planned(link.recordId, [link]).planned;
    const own = links.get(link.id);
    if (plan.moved) {
      this.hub.dirty.add(link.recordId);
      return false;
    }
    // A question that has come up since it was planned is still to be asked.
    if (own?.standing.kind === 'asked' && link.state !== 'held') this.hub.dirty.add(link.recordId);
    if (own === undefined || !own.due || (link.remoteId === null && this.hub.isSuspected(system.spec.name, link.recordId))) {
      link.due = false;
      return false;
    }
    // Its merge over there is not followed yet, so the vendor has nothing by this id to write to.
    if (link.remoteId !== null && system.row(link.remoteId).gone === 'merged') return false;
    link.due = false;
    if (ending !== 'answered')
      this.chronicle.wonders.add(ending === 'lost_after' ? 'reply lost after the write' : 'reply lost before the write');
    if (own.standing.kind === 'remove') this.#removeThere(system, link, ending);
    else this.#write(system, link, own, ending);
    return true;
  }
  #removeThere(system: System, link: Link, ending: Ending): void {
    const row = system.row(must(link.remoteId, 'the id of what is to be removed'));
    if (row.optedOut && link.removal !== 'approved')
      this.chronicle.wrongs.push(`stays inside: ${row.id} is kept out of the sync, and was removed`);
    if (ending !== 'lost_before' && row.gone === 'no') system.remove(row, 'hub');
    if (ending === 'answered') this.hub.removed(link, row.changedMs);
    else link.due = true;
    this.chronicle.wonders.add('removed by the hub');
  }
  #write(system: System, link: Link, own: { push: Fields; pushed: Fields }, ending: Ending): void {
    link.sent = own.pushed;
    const before = link.remoteId === null ? undefined : system.row(link.remoteId);
    this.#mustStayInside(system, own.push, before);
    if (ending === 'lost_before') return;
    let row = before;
    if (row === undefined) {
      const filled = Object.fromEntries(Object.entries(own.push).filter(([, value]) => value !== null));
      row = system.make(this.#personOf(link.recordId), filled, link.id);
      this.chronicle.makings.push({ system: system.spec.name, rowId: row.id, recordId: link.recordId });
    } else system.write(row.id, own.push);
    if (ending !== 'answered') return;
    const fields = system.spec.answers === 'record' ? system.shown(row) : null;
    this.hub.settle(link, own, { id: row.id, changedMs: row.changedMs, fields });
  }
  #personOf(recordId: string): number {
    for (const link of this.hub.byRecord.get(recordId) ?? []) {
      const row = link.remoteId === null ? undefined : this.#systemNamed(link.connectionId).rows.get(link.remoteId);
      if (row !== undefined) return row.person;
    }
    return -1;
  }
  #mustStayInside(system: System, push: Fields, row: Row | undefined): void {
    const { wrongs } = this.chronicle;
    const { lines } = must(this.mappings[this.systems.indexOf(system)], 'a mapping');
    for (const [field, value] of Object.entries(push)) {
      const direction = lines[field]?.direction ?? 'off';
      if (direction === 'in' || direction === 'off')
        wrongs.push(`stays inside: ${field} of ${system.spec.name} was written against its direction`);
      if (system.hidden.has(field) || system.spec.fields[field]?.writable !== true)
        wrongs.push(`stays inside: ${field} of ${system.spec.name} cannot be written`);
      if (field === 'stage' && value !== null && !system.stages.has(String(value)))
        wrongs.push(`stays inside: ${system.spec.name} has no stage ${value}`);
    }
    if (row?.optedOut === true) wrongs.push(`stays inside: ${row.id} is kept out of the sync, and was written`);
    if (row !== undefined && row.gone !== 'no') wrongs.push(`stays inside: ${row.id} is gone, and was written`);
  }
}
