import { sql } from 'kysely';
import type { Fields, FieldValue } from '../../contract/records.ts';
import type { Hub } from '../../hub/database.ts';
import type { PlannedFields } from '../../hub/plans/plans.ts';
import { sameValue } from '../../merge/same.ts';
import type { Attempt } from '../writing/attempt.ts';
import { type Names, nameRecords, withNames, yetToBe } from './names.ts';
import { writeKey } from './writes.ts';

type Line = { key: string; fields: PlannedFields };

/** The attempts that a plan has shown, field by field; of the others those that it has shown otherwise are noted with the plan. */
export async function allowPlanned(hub: Hub, planId: string, attempts: readonly Attempt[]): Promise<readonly Attempt[]> {
  if (attempts.length === 0) return [];
  const names = await nameRecords(hub, mentioned(attempts));
  const keys = attempts.map((attempt) => keysOf(attempt, names));
  const { rows } =
    await sql<Line>`select key, fields from plan_line where plan_id = ${planId} and key = any(${keys.flat()}::text[])`.execute(hub);
  const lines = new Map(rows.map((row) => [row.key, row]));
  const drifted: { key: string; pushed: Fields }[] = [];
  const allowed = attempts.filter((attempt, i) => {
    const line = (keys[i] ?? []).flatMap((key) => lines.get(key) ?? [])[0];
    if (line === undefined) return false;
    if (isShown(attempt.pushed, line.fields, names)) return true;
    drifted.push({ key: line.key, pushed: attempt.pushed });
    return false;
  });
  await noteDrift(hub, planId, drifted);
  return allowed;
}

/** The records of the attempts, and those that their values may refer to. */
function mentioned(attempts: readonly Attempt[]): readonly string[] {
  const ids = attempts.flatMap(({ record, pushed }) => [record.id, ...Object.values(pushed).flatMap(idsIn)]);
  return [...new Set(ids)];
}

const AN_ID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/;

function idsIn(value: FieldValue): readonly string[] {
  const texts = Array.isArray(value) ? value : [value];
  return texts.flatMap((text) => (typeof text === 'string' ? (AN_ID.exec(text)?.[0] ?? []) : []));
}

/** How the plan may call an attempt: its record may have been there before, or have been made by it, and what it made is changed by it too. */
function keysOf({ link, record, write }: Attempt, names: Names): readonly string[] {
  const place = { connectionId: link.connectionId, object: link.object };
  const name = names.get(record.id);
  const making = [record.id, ...(name === undefined ? [] : [yetToBe(name)])].map((known) =>
    writeKey(place, { verb: 'create', remoteId: null, record: known }),
  );
  return link.remoteId === null ? making : [writeKey(place, { verb: write.verb, remoteId: link.remoteId, record: record.id }), ...making];
}

/** Whether every field gets what the plan says, whether or not the record that it refers to was there before. */
function isShown(pushed: Fields, planned: PlannedFields, names: Names): boolean {
  return Object.entries(pushed).every(([field, value]) => {
    const line = planned[field];
    return line !== undefined && (sameValue(line.new, value) || sameValue(line.new, withNames(names, value)));
  });
}

async function noteDrift(hub: Hub, planId: string, drifted: readonly { key: string; pushed: Fields }[]): Promise<void> {
  if (drifted.length === 0) return;
  const now = drifted.map(({ pushed }) =>
    JSON.stringify(
      Object.fromEntries(Object.entries(pushed).map(([name, value]) => [name, { old: null, new: value, rule: null, source: null }])),
    ),
  );
  await sql`
    update plan_line p set drift = 'different', now_fields = d.fields::jsonb
    from unnest(${drifted.map(({ key }) => key)}::text[], ${now}::text[]) as d (key, fields) where p.plan_id = ${planId} and p.key = d.key`.execute(
    hub,
  );
}
