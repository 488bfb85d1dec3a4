import { z } from '@hono/zod-openapi';
import { CHANGE_CAUSES } from '../../hub/stored.ts';
import { DIRECTIONS, NULL_POLICIES } from '../../mapping/mapping.ts';
import { Change } from './changes.ts';
import { FieldValue, LinkState } from './common.ts';

const ExplainedSide = z.object({
  connection: z.string(),
  connector: z.string(),
  remoteId: z.string().nullable(),
  remoteField: z.string(),
  shown: FieldValue.optional(),
  base: z.object({ hub: FieldValue, remote: FieldValue }).optional(),
  sent: FieldValue.optional(),
  verdict: z.string(),
  decision: z.enum(['nothing', 'agree', 'pull', 'push', 'blend', 'hold']),
  reason: z.string(),
});

const ExplainedLost = z.object({ value: FieldValue, by: z.string(), at: z.string(), changeId: z.string(), rule: z.string() });
/** Who wins where both have changed. */
export const Rule = z.union([
  z.object({ kind: z.enum(['newest', 'hub', 'hold', 'yield']) }),
  z.object({ kind: z.literal('order'), systems: z.array(z.string()).readonly() }),
  z.object({ kind: z.literal('prefer'), system: z.string() }),
]);

/** Where a value comes from: which line of the journal, which system and record, when, by whom, in which run, by which mapping and rule. */
const Witness = z.object({
  changeId: z.string().nullable(),
  cause: z.enum([...CHANGE_CAUSES, 'unknown']),
  at: z.string(),
  connection: z.string().nullable(),
  connector: z.string().nullable(),
  remoteId: z.string().nullable(),
  remoteField: z.string().nullable(),
  changedAt: z.string().nullable(),
  actor: z.string().nullable(),
  runId: z.string().nullable(),
  mapping: z.string().nullable(),
  rule: z.string(),
  ruled: Rule.nullable(),
});

const Contender = z.object({ value: FieldValue, by: z.string(), connection: z.string().nullable(), at: z.string() });
const Step = z.union([
  Witness.extend({ kind: z.literal('set'), value: FieldValue }),
  Witness.extend({
    kind: z.literal('contest'),
    hub: Contender,
    remote: Contender,
    direction: z.enum(DIRECTIONS),
    policy: Rule,
    nulls: z.enum(NULL_POLICIES),
    moved: z.enum(['both', 'remote']),
    took: z.enum(['hub', 'remote']).nullable(),
  }),
]);

const Archived = z.object({
  by: z.string(),
  removes: z.boolean(),
  remoteId: z.string().optional(),
  actor: z.string().optional(),
  reason: z.string(),
});

const ExplainedField = z.object({
  field: z.string(),
  label: z.string(),
  category: z.enum(['basic', 'interaction', 'behaviour', 'feedback']),
  value: FieldValue,
  from: z.object({ by: z.string(), at: z.string() }).nullable(),
  lost: z.array(ExplainedLost).readonly(),
  origin: Witness.nullable(),
  steps: z.array(Step).readonly(),
  sides: z.array(ExplainedSide).readonly(),
  sentence: z.string(),
});

const ExplainedLink = z.object({
  connection: z.string(),
  connector: z.string(),
  object: z.string(),
  remoteId: z.string().nullable(),
  state: LinkState,
  reason: z.string().nullable(),
  evidence: z.string(),
  began: z.enum(['matched', 'here', 'there']),
});

/** Each value of a record: where it came from, what gave way to it, what each system holds, and why. */
export const Explanation = z
  .object({
    recordId: z.string(),
    object: z.string(),
    /** The moment that it is about; null for now. */
    at: z.string().nullable(),
    archived: Archived.nullable(),
    mergedInto: z.string().nullable(),
    fields: z.array(ExplainedField).readonly(),
    links: z.array(ExplainedLink).readonly(),
  })
  .openapi('Explanation');

/** What differs between two times of a record, with every change between them. */
export const Difference = z
  .object({
    recordId: z.string(),
    object: z.string(),
    from: z.string(),
    to: z.string(),
    /** Whether there was a record at the earlier time. */
    existed: z.boolean(),
    archived: z.object({ from: Archived.nullable(), to: Archived.nullable() }),
    mergedInto: z.object({ from: z.string().nullable(), to: z.string().nullable() }),
    fields: z.array(z.object({ field: z.string(), label: z.string(), from: FieldValue, to: FieldValue, changes: z.array(Change) })),
  })
  .openapi('Difference');
