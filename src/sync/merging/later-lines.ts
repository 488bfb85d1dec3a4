import { sql } from 'kysely';
import type { Fields } from '../../contract/records.ts';
import type { Tx } from '../../hub/database.ts';
import type { ChangeCause, ChangedField } from '../../hub/stored.ts';
import { groupBy } from '../../kernel/lists.ts';
import type { Author, LaterLine } from '../../merge/part-sides.ts';
import type { Noted } from './noted.ts';
import type { SidedLink } from './part-links.ts';

type Line = {
  readonly recordId: string;
  readonly cause: ChangeCause;
  readonly connectionId: string | null;
  readonly remoteId: string | null;
  readonly at: Date;
  readonly fields: Readonly<Record<string, ChangedField>>;
  readonly detail: { readonly mergingId?: string; readonly repointed?: unknown } | null;
};

/** What a merged record held at first, and what its journal says since, line by line, each with whose doing it was. */
export async function readLaterLines(
  tx: Tx,
  merging: Noted,
  links: readonly SidedLink[],
): Promise<{ readonly fields: Fields; readonly since: readonly LaterLine[] }> {
  const lines = await readLines(tx, merging);
  const own = lines.find((line) => line.cause === 'merged' && line.detail?.mergingId === merging.id && line.recordId === merging.winnerId);
  const joined = Object.fromEntries(Object.entries(own?.fields ?? {}).map(([name, change]) => [name, change.new]));
  const authorOf = await readAuthors(tx, links);
  return {
    fields: { ...merging.before.winner.fields, ...joined },
    since: lines.filter((line) => line !== own).flatMap((line) => laterLine(line, merging, authorOf)),
  };
}

/**
 * The winner's lines that were written since, with those of records that it was merged into for a while; and what became meanwhile of the
 * loser's references.
 */
async function readLines(tx: Tx, { id, winnerId, loserId, before }: Noted): Promise<readonly Line[]> {
  const { rows } = await sql<Line>`
    select c.record_id as "recordId", c.cause, c.connection_id as "connectionId", c.remote_id as "remoteId", c.at, c.fields, c.detail
    from change c join merging m on m.id = ${id}
    where c.at >= m.at - interval '15 minutes' and (
      (c.record_id = ${winnerId} and c.id <> all(${before.recent}::uuid[]))
      or (c.record_id = ${loserId} and c.at >= m.at and c.detail ? 'repointed')
      or exists (select 1 from merging o where o.loser_id = ${winnerId} and o.undone_at is not null and o.at > m.at
        and c.record_id = o.winner_id and c.at between o.at and o.undone_at and c.connection_id is not null))
    order by c.at, c.id`.execute(tx);
  return rows;
}

type AuthorOf = (line: Line) => Author;

/** Whose links what a line names is: by the remote id, also a former one, else by its connection where that has links of one side only. */
async function readAuthors(tx: Tx, links: readonly SidedLink[]): Promise<AuthorOf> {
  const { rows: aliases } = await sql<{ id: string; alias_id: string }>`
    select l.id, a.alias_id from link l join alias a on a.connection_id = l.connection_id and a.remote_id = l.remote_id
    where l.id = any(${links.map((link) => link.id)}::uuid[])`.execute(tx);
  const byId = new Map(links.map((link) => [link.id, link]));
  const byRemote = new Map(links.map((link) => [`${link.connectionId}|${link.remoteId}`, link.side]));
  for (const { id, alias_id } of aliases) {
    const link = byId.get(id);
    if (link !== undefined && !byRemote.has(`${link.connectionId}|${alias_id}`))
      byRemote.set(`${link.connectionId}|${alias_id}`, link.side);
  }
  const byConnection = groupBy(links, (link) => link.connectionId);
  return (line) => {
    const known = byRemote.get(`${line.connectionId}|${line.remoteId}`);
    if (known !== undefined) return known;
    const sides = new Set((byConnection.get(line.connectionId ?? '') ?? []).map((link) => link.side));
    const [only] = sides;
    return only !== undefined && sides.size === 1 && line.remoteId === null ? only : 'stranger';
  };
}

function laterLine(line: Line, merging: Noted, authorOf: AuthorOf): readonly LaterLine[] {
  const { fields } = line;
  const at = line.at.toISOString();
  if (line.cause === 'rollup') return [];
  if (line.cause === 'merged' || line.cause === 'unmerged') return [{ kind: meetingOf(line), fields }];
  if (line.connectionId !== null) {
    const author = authorOf(line);
    return author === 'stranger' && line.recordId !== merging.winnerId ? [] : [{ kind: 'edit', author, by: line.connectionId, at, fields }];
  }
  return line.recordId === merging.winnerId ? [{ kind: 'edit', author: 'hub', by: 'hub', at, fields }] : [];
}

function meetingOf(line: Line): 'repointed' | 'met' | 'parted' {
  if (line.detail?.repointed !== undefined) return 'repointed';
  return line.cause === 'merged' ? 'met' : 'parted';
}
