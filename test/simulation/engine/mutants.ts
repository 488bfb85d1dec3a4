/** A deliberate bug: some texts of the engine in place of others. Each text stands there once. */
export type Mutant = { readonly name: string; readonly edits: readonly (readonly [file: string, find: string, put: string])[] };

const one = (name: string, file: string, find: string, put: string): Mutant => ({ name, edits: [[file, find, put]] });

/** Bugs that some hundred histories have to find, each by itself. */
export const MUTANTS: readonly Mutant[] = [
  one(
    'the cursor moves before the observations are stored',
    'src/sync/reading.ts',
    'await engine.hub.transaction().execute(async (tx) => {',
    'await moveCursor(engine.hub, work.stream.id, cursorKey, page.cursor); await engine.hub.transaction().execute(async (tx) => {',
  ),
  one(
    'the base is the value that was sent',
    'src/merge/agreed-base.ts',
    'observed !== null && line.remote in observed ? observed[line.remote] :',
    '',
  ),
  one(
    'no look after an interrupted update',
    'src/sync/recover.ts',
    'await recoverUpdates(engine, work, batch);',
    "await engine.hub.updateTable('link').set({ sent: null, sent_at: null, due: true }).where('id', 'in', batch.map((row) => row.id)).execute();",
  ),
  one(
    'no look before a write',
    'src/sync/carry-out.ts',
    "if (remoteIds.length > 0 && ready.traits.guard === 'none')",
    'if (remoteIds.length < 0)',
  ),
  one(
    'what is left of a batch is taken as done',
    'src/sync/outcomes.ts',
    'else failed.push({ attempt, error: outcome.error });',
    'else if (attempt.link.remoteId !== null) done.push({ attempt, id: attempt.link.remoteId, observed: null }); else failed.push({ attempt, error: outcome.error });',
  ),
  one(
    'a create is made again without a look',
    'src/sync/recover.ts',
    "await must(writer, 'the writer of an interrupted create').recall(creates, since, askFor(engine, work, 'all'))",
    '[]',
  ),
  one(
    'what is sent is not noted before it is',
    'src/sync/note-sent.ts',
    'set sent = s.sent::jsonb, sent_at = now(), due = false',
    'set sent_at = now()',
  ),
  {
    name: 'a delete is taken as blanks',
    edits: [
      [
        'src/sync/trees.ts',
        'seen: row.gone === true ? null : row.seen,',
        'seen: row.gone === true ? Object.fromEntries(Object.keys(row.seen ?? {}).map((name) => [name, null])) : row.seen,',
      ],
      ['src/sync/trees.ts', 'gone: row.gone ?? false,', 'gone: false,'],
    ],
  },
  one('the lease is not asserted', 'src/hub/leases.ts', 'if (rows.length === 0) throw new LeaseLost(lease);', ''),
  one(
    'a job does not mind what the vendor asked for',
    'src/jobs/handlers.ts',
    '?.waitMs ?? 0) > 0) return;',
    '?.waitMs ?? 0) < 0) return;',
  ),
  one('an older view replaces a newer one', 'src/hub/observations.ts', 'before.changedAt > one.changedAt)', 'before.changedAt === one.id)'),
  one(
    'what a view does not show is blank',
    'src/merge/link-draft.ts',
    'if (raw === undefined) return undefined;',
    'if (raw === undefined) return null;',
  ),
  one(
    'two workers make records side by side',
    'src/sync/identities.ts',
    "select pg_advisory_xact_lock(hashtext('syncline identify'),",
    "select (hashtext('syncline identify'),",
  ),
  one(
    'a removal over there is made good again',
    'src/merge/presence.ts',
    "if (policy === 'ignore') return stays(GONE);",
    "if (policy === 'ignore') return stays({ kind: 'rebirth' });",
  ),
  one('an edit that comes along with an answer is taken for our own', 'src/sync/outcomes.ts', 'isExplained(observed, attempt)', 'true'),
  one(
    'a record that is recalled is taken as it was sent',
    'src/sync/recover.ts',
    'id: observed.id, observed: null,',
    'id: observed.id, observed,',
  ),
  one('a version guard is given no version', 'src/sync/carry-out.ts', 'ifVersion: versions.get(link.remoteId) ?? null', 'ifVersion: null'),
  one(
    'what the loser had under its old id stays there',
    'src/sync/merging/follow-merges.ts',
    'where not a.followed order by',
    'where a.followed order by',
  ),
  one('a new record does not say what it lacks', 'src/sync/carry-out.ts', '!(own.due && isSaid(link, own))', '!own.due'),
  one('a stream that is on again looks at nothing anew', 'src/hub/set-stream.ts', 'and not s.enabled)', 'and s.enabled)'),
  one('an open hold keeps the values of its first day', 'src/sync/commit.ts', 'saysThis(before, hold)', 'true'),
  one('the value beside a blank is not named', 'src/merge/settle.ts', 'if (isUnseen)', 'if (false)'),
  {
    name: 'what a write finds gone is not looked up',
    edits: [
      ['src/sync/settle-gone.ts', 'await storeObservations(tx, key, seen, { runId: work.runId });', ''],
      [
        'src/sync/settle-gone.ts',
        'set sent = null, sent_at = null, due = false where',
        "set sent = null, sent_at = null, due = false, state = 'gone', gone_by = 'remote' where",
      ],
      ['src/sync/settle-gone.ts', 'set dirty = true where', 'set dirty = dirty where'],
    ],
  },
];
