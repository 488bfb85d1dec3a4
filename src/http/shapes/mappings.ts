import { z } from '@hono/zod-openapi';
import type { Json as JsonValue } from '../../kernel/json.ts';
import { DOCUMENT_NAME } from '../../mapping/compile.ts';
import { Count, Direction, FieldValue, Time } from './common.ts';

const MOST_TEXT = 200_000;

/** A document by the name of its file. */
export const ByName = z.object({
  name: z.string().max(250).regex(DOCUMENT_NAME, 'A name such as crm.contact.yaml, hub.yaml, or benchmarks.yaml.'),
});
const Text = z.string().max(MOST_TEXT).openapi({ description: 'YAML, with its comments.' });

/** Where a version came from, who has written it, and why. `activatedAt` is null for what only waits. */
export const MappingVersion = z
  .object({
    id: z.string(),
    origin: z.enum(['folder', 'editor', 'import', 'restored']),
    author: z.string(),
    reason: z.string(),
    createdAt: Time,
    activatedAt: Time.nullable(),
    active: z.boolean(),
    baseId: z.string().nullable(),
    removed: z.boolean(),
  })
  .openapi('MappingVersion');

const Draft = z.object({ author: z.string(), reason: z.string(), updatedAt: Time });
const listed = {
  name: z.string(),
  kind: z.enum(['entity', 'response', 'hub', 'benchmarks']).nullable(),
  connector: z.string().nullable(),
  object: z.string().nullable(),
  hubObject: z.string().nullable(),
  lines: Count.nullable(),
  connections: z.array(z.object({ id: z.string(), name: z.string(), enabled: z.boolean() })),
  version: MappingVersion.nullable(),
  draft: Draft.nullable(),
  waitingId: z
    .string()
    .nullable()
    .openapi({ description: 'A version of the folder that waits, because the document was edited here as well.' }),
};
export const MappingListed = z.object(listed).openapi('MappingListed');

const Json = z.unknown().openapi({ description: 'The document as JSON; null where it cannot be read.' });
export const Mapping = z
  .object({ ...listed, text: z.string().nullable(), document: Json, draftText: z.string().nullable() })
  .openapi('Mapping');

const MappingProblem = z
  .object({ file: z.string(), line: Count, column: Count, field: z.string(), reason: z.string(), advice: z.string() })
  .openapi('MappingProblem');

/** What the folder of mappings came to when it was looked at last. */
export const MappingFolder = z.object({ folder: z.string().nullable(), problems: z.array(MappingProblem) }).openapi('MappingFolder');

const Path = z
  .array(z.union([z.string().min(1).max(300), z.int().min(0).max(1000)]))
  .min(1)
  .max(10);
// A JSON body holds nothing else; a schema that contains itself would have no end in the description of the API.
const Value = z.unknown().transform((value) => value as JsonValue);
const MappingEdit = z
  .union([z.strictObject({ set: Path, to: Value }), z.strictObject({ remove: Path }), z.strictObject({ add: Path, value: Value })])
  .openapi('MappingEdit', {
    description: 'One step: a value set, taken away, or added to a list. Comments and everything else stay as they are.',
  });

export const MappingCheck = z.strictObject({ text: Text, edits: z.array(MappingEdit).max(500).optional() }).openapi('MappingCheck');
export const CheckedMapping = z
  .object({
    text: z.string(),
    document: Json,
    problems: z.array(MappingProblem).readonly(),
    misfits: z
      .array(z.object({ connection: z.string(), hub: z.string(), remote: z.string(), reason: z.string(), advice: z.string() }))
      .readonly(),
  })
  .openapi('CheckedMapping');

const Reason = z.string().trim().max(500);
/** `seen`: when the draft was written that this one takes the place of, or null where there was none; left out, it takes any place. */
export const MappingDraftWish = z
  .strictObject({ text: Text.nullable(), reason: Reason, seen: Time.nullable().optional(), imported: z.boolean().optional() })
  .openapi('MappingDraftWish');

const LiveField = z.object({
  name: z.string(),
  label: z.string(),
  type: z.string(),
  required: z.boolean(),
  writable: z.boolean(),
  unique: z.boolean(),
  choices: z
    .array(z.object({ value: z.string(), label: z.string() }))
    .readonly()
    .nullable(),
});
/** The fields on both sides: the hub's, and those that each connection has shown last. `computed`: the hub works it out. */
export const MappingFields = z
  .object({
    hubObject: z.string().nullable(),
    hub: z.array(LiveField.extend({ computed: z.boolean(), sensitive: z.boolean(), to: z.string().nullable(), identity: z.boolean() })),
    systems: z.array(z.object({ connection: z.string(), label: z.string(), writes: z.boolean(), fields: z.array(LiveField).nullable() })),
    others: z
      .array(
        z.object({
          name: z.string(),
          connector: z.string(),
          lines: z.array(z.object({ hub: z.string(), remote: z.string(), direction: Direction })),
        }),
      )
      .openapi({ description: 'What other mappings make of the same object of the hub.' }),
    transforms: z
      .array(
        z.object({
          name: z.string(),
          option: z
            .object({ name: z.enum(['region', 'decimals', 'precision', 'max']), choices: z.array(z.string()).nullable() })
            .nullable(),
        }),
      )
      .openapi({ description: 'The closed list, each with what it can be told besides its name.' }),
  })
  .openapi('MappingFields');

const CameOut = z.union([z.object({ ok: z.literal(true), value: FieldValue }), z.object({ ok: z.literal(false), reason: z.string() })]);
const RemoteId = z.string().trim().min(1).max(300);
export const MappingPreviewWish = z
  .union([z.strictObject({ text: Text, recordId: z.guid() }), z.strictObject({ text: Text, connectionId: z.guid(), remoteId: RemoteId })])
  .openapi('MappingPreviewWish', { description: 'A record of the hub, or one of a system by its id there.' });
export const MappingPreview = z
  .object({
    hubObject: z.string(),
    as: z
      .object({
        kind: z.enum(['linked', 'known', 'new', 'ambiguous', 'excluded', 'untold']),
        recordId: z.string().nullable(),
        title: z.string(),
        reason: z.string().nullable(),
      })
      .openapi({ description: 'Who the record is in the hub, or, of one that the hub has not, who it would be found to be.' }),
    places: z
      .array(
        z.object({
          connection: z.string(),
          remoteId: z.string().nullable(),
          covered: z.object({ in: z.boolean(), out: z.boolean() }),
          unread: z.string().nullable(),
          lines: z
            .array(
              z.object({
                hub: z.string(),
                remote: z.string(),
                direction: Direction,
                here: FieldValue,
                there: FieldValue,
                seen: z.boolean(),
                comesIn: CameOut.nullable(),
                goesOut: CameOut.nullable(),
              }),
            )
            .readonly(),
        }),
      )
      .readonly(),
  })
  .openapi('MappingPreview');

export const MappingSearch = z.strictObject({ text: Text, search: RemoteId }).openapi('MappingSearch');
export const MappingRecordsThere = z
  .object({
    items: z
      .array(
        z.object({
          connectionId: z.string(),
          connection: z.string(),
          remoteId: z.string(),
          recordId: z.string().nullable(),
          title: z.string(),
        }),
      )
      .readonly(),
  })
  .openapi('MappingRecordsThere');

export const MappingText = z.strictObject({ text: Text }).openapi('MappingText');
export const MappingSuggestions = z
  .object({
    hubObject: z.string(),
    connection: z.string().nullable(),
    unread: z.string().nullable(),
    lines: z
      .array(
        z.object({
          hub: z.string(),
          remote: z.string(),
          direction: z.enum(['both', 'in']),
          confidence: z.enum(['high', 'medium', 'low']),
          agreeing: Count,
          compared: Count,
          samples: z.array(z.object({ here: FieldValue, there: FieldValue, agree: z.boolean() })).readonly(),
        }),
      )
      .readonly(),
  })
  .openapi('MappingSuggestions');

export const MappingPlanWish = z
  .strictObject({ names: z.array(ByName.shape.name).min(1).max(100), reason: Reason })
  .openapi('MappingPlanWish');

export const MappingDifference = z
  .object({
    version: MappingVersion,
    text: z.string().nullable(),
    document: Json.openapi({ description: 'The version, read; null where it was removed, or cannot be read.' }),
    before: Json.openapi({ description: 'What it is compared with, read.' }),
    lines: z.array(z.object({ kind: z.enum(['same', 'added', 'removed', 'skipped']), text: z.string(), line: Count })).readonly(),
  })
  .openapi('MappingDifference');
