import { z } from 'zod';
import { deliverySection, tableSection } from './arriving/document.ts';
import { closed } from './closed.ts';
import { PRECISIONS } from './instants.ts';
import {
  CATEGORIES,
  DIRECTIONS,
  HUB_FIELD_TYPES,
  LEAVE_POLICIES,
  MERGE_POLICIES,
  METRICS,
  NATURES,
  NORMALISERS,
  NULL_POLICIES,
  OPERATORS,
  REMOVAL_POLICIES,
  RESPONSE_PARTS,
  ROLLUPS,
  SEGMENT_PARTS,
  UNMAPPED_POLICIES,
} from './mapping.ts';
import { PLAIN_TRANSFORMS } from './transforms.ts';

// What a mapping file may say, as people write it. What it means is checked later, against the hub's model.

const SENSITIVITIES = ['public', 'internal', 'personal', 'sensitive'] as const;
const mostFields = 500;

export const hubName = z
  .string()
  .regex(/^[a-z][a-z0-9_]{0,62}$/, 'Use lower-case letters, digits, and _, and begin with a letter')
  .describe('A name of the hub, such as first_name.');
const objectName = z
  .string()
  .regex(/^[a-z][A-Za-z0-9_]{0,90}$/, 'Use letters, digits, and _, and begin with a lower-case letter')
  .describe("The connector's object, such as contact, or custom_Pet__c for one that a company has made for itself.");
const system = z
  .string()
  .regex(/^[a-z][a-z0-9_-]{0,62}$/, 'Use lower-case letters, digits, -, and _, and begin with a letter')
  .describe('A connector, which stands for all of its connections, or one connection by its name.');
export const connector = system.describe('A connector: the part of the file name before the dot.');
export const connection = system
  .describe('One connection alone, by its name: the file is <connector>.<object>.<connection>.yaml.')
  .optional();
export const remoteName = z
  .string()
  .min(1, 'Write the name that the field has over there')
  .max(200, 'Write at most 200 characters')
  .describe('The API name of the field over there, never its label.');
const scalar = z.union([z.string().min(1, 'Leave blanks out: a blank is a blank on both sides'), z.number(), z.boolean()]);
const fieldValue = z.union([z.string(), z.number(), z.boolean(), z.null(), z.array(z.string())]);
const direction = z.enum(DIRECTIONS).describe('in: from there to the hub; out: from the hub to there; both; off.');

// As people have named it: what a connection is called may have spaces and capitals.
const party = z
  .string()
  .min(1, 'Name a system')
  .max(100)
  .describe('A connector, which stands for all of its connections, or one connection by its name.');

const rule = z
  .union([z.enum(['newest', 'hub', 'hold', 'yield']), closed({ order: z.array(party).min(1, 'Name a system') }), closed({ prefer: party })])
  .describe(
    'Who wins when both sides moved: the later edit, the hub, a person, the first system of a list, or one system unless it is blank there. yield, for what only flows out: an edit there stands until the hub has another value.',
  );

const transform = z
  .union([
    z.enum(PLAIN_TRANSFORMS),
    closed({ name: z.literal('e164'), region: z.string().regex(/^[A-Z]{2}$/, 'Use the two capital letters of a country, such as JP') }),
    closed({ name: z.literal('number'), decimals: z.int().min(0).max(15) }),
    closed({ name: z.enum(['text', 'html']), max: z.int().min(100).describe('Longer text is shortened there, and says so at its end.') }),
    closed({ name: z.literal('datetime'), precision: z.enum(PRECISIONS) }),
  ])
  .describe('How a value is written here and there.');

const values = z
  .record(z.string().min(1), z.union([scalar, z.array(scalar).min(1, 'Name a value')]))
  .describe(
    'The hub value, and what it is called over there. One for one on a line that goes both ways; a list on a line that only comes in.',
  );

const line = closed({
  hub: hubName,
  remote: remoteName,
  direction: direction.optional(),
  rule: rule.optional(),
  nulls: z.enum(NULL_POLICIES).optional().describe('What a blank does: clear empties the other side, ignore and keep leave it.'),
  transform: transform.optional(),
  values: values.optional(),
  unmapped: z
    .enum(UNMAPPED_POLICIES)
    .optional()
    .describe('A value that the map does not name: a person decides, it passes as it is, or it does not flow.'),
  ref: hubName.optional().describe('For references: the hub object that the value points at.'),
  needed: z.boolean().optional().describe('For references: true where no record is made there until the one that it points at is there.'),
});

const matchRule = closed({
  on: z.array(hubName).min(1, 'Name a field').describe('All of them have to agree.'),
  confirm: z
    .array(hubName)
    .optional()
    .describe('One of them has to agree or be alike, unless none is filled in on both sides; else a person decides.'),
  merges: z.boolean().optional().describe('Two records of the hub that come to agree by this rule become one; else a person decides.'),
});

const test = closed({ field: hubName, operator: z.enum(OPERATORS), value: fieldValue.optional() });
type ConditionDocument = z.infer<typeof test> | { all: ConditionDocument[] } | { any: ConditionDocument[] } | { not: ConditionDocument };
const condition: z.ZodType<ConditionDocument> = z
  .lazy(() =>
    z.union([
      test,
      closed({ all: z.array(condition).min(1, 'Name a condition') }),
      closed({ any: z.array(condition).min(1, 'Name a condition') }),
      closed({ not: condition }),
    ]),
  )
  .meta({ id: 'condition', description: 'Over hub fields: { field, operator, value }, or all, any, not.' });

// One value for what comes in, or one for each way. With both ways optional, any set of keys would be taken for this shape.
function eachWay<T extends z.ZodType>(value: T) {
  return z.union([value, closed({ in: value, out: value.optional() }), closed({ in: value.optional(), out: value })]);
}

export const anyFields = z.record(z.string(), fieldValue);

export const arrives = z
  .union([z.record(z.string(), z.unknown()), z.array(z.unknown())])
  .optional()
  .describe('A delivery, or a row by its columns: instead of remote.');
export const exampleId = z.string().min(1).optional().describe('The id of the record that arrives.');

export const entityDocument = closed({
  connector,
  object: objectName,
  of: objectName
    .optional()
    .describe(
      "The connector's object of which only those records take part that the hub has made, such as note; object is then a name of your own.",
    ),
  connection,
  hub: hubName.describe('The hub object.'),
  direction: direction.optional().describe('A limit for all fields.'),
  optional: z.boolean().optional().describe('true: switched on by its own name only, never together with the whole connection.'),
  match: z
    .union([z.literal('never'), z.array(matchRule).min(1, 'Name a rule')])
    .describe('How a record finds its twin: the first rule whose fields are all filled in and agree; never: no two are found to be one.'),
  filter: eachWay(condition).optional().describe('Which records take part: a condition is about what comes in; or { in, out }.'),
  leaves: eachWay(z.enum(LEAVE_POLICIES))
    .optional()
    .describe('A record that the filter covers no longer: freeze it (the default), unlink it, or archive it on the other side.'),
  creates: eachWay(z.boolean()).optional().describe('false: only records that are known on both sides are kept in step, and none is made.'),
  opt_out: closed({ remote: remoteName, is: scalar }).optional().describe('The field over there that keeps a record out of the sync.'),
  removed: closed({ in: z.enum(REMOVAL_POLICIES).optional(), out: z.enum(REMOVAL_POLICIES).optional() })
    .optional()
    .describe('What a removal over there means for the hub, and one in the hub for over there; ignore is the default.'),
  merged: z.enum(MERGE_POLICIES).optional().describe('Two records of the hub whose records over there were merged: follow is the default.'),
  delivery: deliverySection.optional(),
  table: tableSection.optional(),
  fields: z.array(line).min(1, 'Map a field').max(mostFields, `Map at most ${mostFields} fields`),
  examples: z
    .array(
      closed({
        remote: anyFields.optional(),
        arrives,
        id: exampleId,
        hub: anyFields,
        writes: anyFields.optional().describe('What is written, where that differs from what was read.'),
      }),
    )
    .optional()
    .describe('Checked whenever the file is read.'),
});

export const metricKey = z.string().regex(/^[a-z][a-z0-9_]{0,62}$/, 'Use lower-case letters, digits, and _, and begin with a letter');
export const nature = z
  .enum(NATURES)
  .describe('relationship: asked now and then about the whole; transactional: after an event. The two are never counted together.');

const hubField = closed({
  label: z.string().min(1).optional(),
  type: z.enum(HUB_FIELD_TYPES),
  to: hubName.optional().describe('For references: the hub object.'),
  category: z.enum(CATEGORIES),
  sensitivity: z.enum(SENSITIVITIES),
  identity: z.enum(NORMALISERS).optional().describe('Makes the field usable in match keys.'),
  unique: z.boolean().optional().describe('No two records hold the same: it is a key by itself, as a customer number is.'),
  steward: z.string().min(1).optional().describe('Who answers for it.'),
  rollup: closed({
    of: z.enum(METRICS).optional(),
    take: z.enum(ROLLUPS),
    key: metricKey.optional().describe('Only of answers that count under this key.'),
    nature: nature.optional(),
  })
    .optional()
    .describe('Computed from responses.'),
  segment: z.enum(SEGMENT_PARTS).optional().describe('On the object of segments: the name of the segment, or who is in it.'),
  response: z
    .enum(RESPONSE_PARTS)
    .optional()
    .describe('On the object whose records each stand for one response: what the field shows of it.'),
});

const recent = closed({ field: hubName, operator: z.literal('within_days'), value: z.int().min(1).max(36_500) });
type SegmentDocument =
  | z.infer<typeof test>
  | z.infer<typeof recent>
  | { all: SegmentDocument[] }
  | { any: SegmentDocument[] }
  | { not: SegmentDocument };
const segmentCondition: z.ZodType<SegmentDocument> = z
  .lazy(() =>
    z.union([
      test,
      recent,
      closed({ all: z.array(segmentCondition).min(1, 'Name a condition') }),
      closed({ any: z.array(segmentCondition).min(1, 'Name a condition') }),
      closed({ not: segmentCondition }),
    ]),
  )
  .meta({
    id: 'segment',
    description: 'Over hub fields, as in filters; within_days as well, for what happened so many days ago at the most.',
  });

const segments = closed({ of: hubName.describe('Whose records are grouped.'), conditions: z.record(hubName, segmentCondition) }).describe(
  'Makes a record of this object for each one that is in a segment, as long as the condition holds.',
);

export const hubDocument = closed({
  objects: z.record(
    hubName,
    closed({ label: z.string().min(1).optional(), segments: segments.optional(), fields: z.record(hubName, hubField) }),
  ),
});

const points = z.number().min(-100).max(100);
export const benchmarkDocument = closed({
  benchmarks: z.array(
    closed({
      metric: z.string().min(1).describe('nps, csat, ces, or the name of an index that is none of them, such as acsi.'),
      industry: z.string().min(1),
      region: z.string().min(1).optional(),
      low: points.optional(),
      mid: points.optional(),
      high: points.optional(),
      year: z.int().min(1990).max(2200),
      source: z.string().min(1).describe('Who has published it.'),
      url: z.url().optional(),
      note: z.string().min(1).optional(),
    }),
  ),
});

export type EntityDocument = z.infer<typeof entityDocument>;
export type HubDocument = z.infer<typeof hubDocument>;
export type SegmentConditionDocument = SegmentDocument;
export type LineDocument = z.infer<typeof line>;
