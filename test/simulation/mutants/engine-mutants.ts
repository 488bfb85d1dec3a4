import type { Edit, Mutant } from './mutant.ts';

const one = (name: string, reason: string, edit: Edit): Mutant => ({ name, reason, edits: [edit] });

/** Bugs of the engine, its SQL, and a connector of its simulation, each of which that simulation finds within 500 histories. */
export const ENGINE_MUTANTS: readonly Mutant[] = [
  one('a cursor without a tie-break', 'of records that share one stamp, those on the next page are never read', {
    file: 'test/simulation/engine/connector.ts',
    from: ' || (changedAtMs === after.ms && row.id > after.id)',
    to: '',
  }),
  one('a cursor runs ahead of a lagging index', 'what shows late, with an older stamp, is never read', {
    file: 'test/simulation/engine/connector.ts',
    from: 'sinceMs: began - settleMs }',
    to: 'sinceMs: began }',
  }),
  one('the cursor passes rows that could not be stored', 'a crash between the two leaves rows behind that nobody reads again', {
    file: 'src/sync/reading/pages.ts',
    from: '  await keepSeen(',
    to: '  await moveCursor(engine.hub, work.stream.id, cursorKey, page.cursor);\n  await keepSeen(',
  }),
  one('an older view replaces a newer one', 'a view that was long on its way takes an edit back', {
    file: 'src/hub/records/observations.ts',
    from: 'before.changedAt > one.changedAt)',
    to: 'before.changedAt === one.id)',
  }),
  {
    name: 'a delete is taken as blanks',
    reason: 'a record that somebody deleted over there is emptied everywhere',
    edits: [
      {
        file: 'src/sync/reconciling/link-row.ts',
        from: 'seen: row.gone === true ? null : row.seen,',
        to: 'seen: row.gone === true ? Object.fromEntries(Object.keys(row.seen ?? {}).map((name) => [name, null])) : row.seen,',
      },
      { file: 'src/sync/reconciling/link-row.ts', from: 'gone: row.gone ?? false,', to: 'gone: false,' },
    ],
  },
  one('a removal over there is made good again', 'the hub resurrects what somebody has deleted', {
    file: 'src/merge/presence.ts',
    from: "if (policy === 'ignore') return stays(GONE);",
    to: "if (policy === 'ignore') return stays({ kind: 'rebirth' });",
  }),
  one('the base is the value that was sent', 'what a vendor made of a value looks like an edit of somebody', {
    file: 'src/merge/agreed-base.ts',
    from: 'observed !== null && line.remote in observed ? observed[line.remote] :',
    to: '',
  }),
  one('echo by actor, in an answer', 'an edit that comes along with the answer to our write is taken for our own', {
    file: 'src/sync/writing/outcomes.ts',
    from: 'isExplained(observed, attempt)',
    to: 'true',
  }),
  one(
    'echo by actor, in the next look',
    'the first view after a write of ours is taken for its echo, whoever has edited the record since',
    {
      file: 'src/hub/records/observations.ts',
      from: "set outcome = 'awaited' from",
      to: "set outcome = 'echo', dirty = false from",
    },
  ),
  one('no look before a write', 'an edit that was made since the last look is written over unseen', {
    file: 'src/sync/writing/carry-out.ts',
    from: "if (remoteIds.length > 0 && ready.traits.guard === 'none')",
    to: 'if (remoteIds.length < 0)',
  }),
  one('no look before a batch whose turn came late', 'an edit that was made while other batches were sent is written over unseen', {
    file: 'src/sync/writing/carry-out.ts',
    from: "const isStale = kind !== 'create' &&",
    to: "const isStale = kind === 'create' &&",
  }),
  one('a version guard is given no version', 'an edit that was made since the last look is written over unseen', {
    file: 'src/sync/writing/plan-attempts.ts',
    from: 'ifVersion: versions.get(link.remoteId) ?? null',
    to: 'ifVersion: null',
  }),
  one('what is sent is not noted before it is', 'after a crash nobody knows that there was a write, and its own value looks like an edit', {
    file: 'src/sync/writing/note-sent.ts',
    from: 'set sent = s.sent::jsonb, sent_at = now(), due = false',
    to: 'set sent_at = now()',
  }),
  one('no look after an interrupted update', 'what was sent is forgotten before anybody has looked what became of it', {
    file: 'src/sync/writing/recover.ts',
    from: 'await recoverUpdates(engine, work, batch);',
    to: "await engine.hub.updateTable('link').set({ sent: null, sent_at: null, due: true }).where('id', 'in', batch.map((row) => row.id)).execute();",
  }),
  one('a create is made again without a look', 'a create whose answer was lost makes a second record', {
    file: 'src/sync/writing/recover.ts',
    from: "await must(writer, 'the writer of an interrupted create').recall(creates, since, askFor(engine, work, 'all'))",
    to: '[]',
  }),
  one('an interrupted create is looked up at once', 'a record that is not to be found yet is made once more', {
    file: 'src/sync/writing/recover.ts',
    from: 'if (waitMs > 0) return { waitMs, calls };',
    to: '',
  }),
  one('a record that is recalled is taken as it was sent', 'what was typed into it since is taken for our own', {
    file: 'src/sync/writing/recover.ts',
    from: 'id: observed.id, observed: null,',
    to: 'id: observed.id, observed,',
  }),
  one('what is left of a batch is taken as done', 'writes that the vendor has refused are never tried again', {
    file: 'src/sync/writing/outcomes.ts',
    from: 'else failed.push({ attempt, error: outcome.error });',
    to: 'else if (attempt.link.remoteId !== null) done.push({ attempt, id: attempt.link.remoteId, observed: null });\n    else failed.push({ attempt, error: outcome.error });',
  }),
  {
    name: 'what a write finds gone is not looked up',
    reason: 'a record that is gone is let go without the policy being asked, and is not taken back when it is restored',
    edits: [
      { file: 'src/sync/writing/settle-gone.ts', from: 'await storeObservations(tx, key, seen, { runId: work.runId });', to: '' },
      {
        file: 'src/sync/writing/settle-gone.ts',
        from: 'set sent = null, sent_at = null, due = false where',
        to: "set sent = null, sent_at = null, due = false, state = 'gone', gone_by = 'remote' where",
      },
      { file: 'src/sync/writing/settle-gone.ts', from: 'set dirty = true where', to: 'set dirty = dirty where' },
    ],
  },
  one('a lease is taken that another worker has', 'two workers read and write one system at the same time', {
    file: 'src/hub/connections/leases.ts',
    from: ".where('lease_until', '<', sql<Date>`now()`)",
    to: '',
  }),
  one('two workers make records side by side', 'one person who is new in two systems becomes two records', {
    file: 'src/sync/identity/identities.ts',
    from: "select pg_advisory_xact_lock(hashtext('syncline identify'),",
    to: "select (hashtext('syncline identify'),",
  }),
  one('a job does not mind what the vendor asked for', 'the vendor is called before its Retry-After has passed', {
    file: 'src/jobs/handlers.ts',
    from: '?.waitMs ?? 0) > 0) return;',
    to: '?.waitMs ?? 0) < 0) return;',
  }),
  one('the pace is not kept', 'the vendor gets more calls than its limits allow', {
    file: 'src/hub/limits/ledger.ts',
    from: 'const free = want.requests - sum(all);',
    to: 'const free = want.requests + sum([]);',
  }),
  {
    name: 'a connection that is switched off is worked on',
    reason: 'a system is written to while somebody keeps it apart',
    edits: [
      { file: 'src/sync/tend.ts', from: '!(connection.enabled || options.takes !== undefined)', to: 'false' },
      { file: 'src/sync/tend.ts', from: '((stream) => stream.enabled)', to: '(() => true)' },
    ],
  },
  one('a token that was refused is used again', 'a connection whose token has expired never works again', {
    file: 'src/sync/sign-in/grants.ts',
    from: '      await vault.grants.refuse(connectionId, refused.accessToken);\n',
    to: '',
  }),
  one('a stream that is on again looks at nothing anew', 'what changed while a connection was off never reaches it', {
    file: 'src/hub/connections/set-stream.ts',
    from: 'and not s.enabled)',
    to: 'and s.enabled)',
  }),
  one('merges over there are not followed', 'a link stands for a record that was merged away, and its pending edits are lost with it', {
    file: 'src/sync/merging/follow-merges.ts',
    from: 'where not a.followed order by',
    to: 'where a.followed order by',
  }),
  one('a new record does not say what it lacks', 'a value that a record could not be made with is forgotten', {
    file: 'src/sync/writing/plan-attempts.ts',
    from: 'own !== undefined && !isSaid(link, own)',
    to: 'own !== undefined && !own.due',
  }),
  one('an open hold keeps the values of its first day', 'a person decides between values that stand nowhere any more', {
    file: 'src/sync/reconciling/commit.ts',
    from: 'saysThis(before, hold)',
    to: 'true',
  }),
  one('the value beside a blank is not named', 'a value that nobody there could see gives way without a word', {
    file: 'src/merge/settle.ts',
    from: 'if (isUnseen)',
    to: 'if (false)',
  }),
];
