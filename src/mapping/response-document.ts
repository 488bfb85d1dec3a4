import { z } from 'zod';
import { answersSection, deliverySection, tableSection } from './arriving/document.ts';
import { closed } from './closed.ts';
import { anyFields, arrives, connection, connector, exampleId, hubName, metricKey, nature, remoteName } from './document.ts';
import { EVIDENCE_KINDS, METRICS, RESPONSE_STATES } from './mapping.ts';

const touchpoint = z.string().min(1).max(100).describe('Where the customer was asked, such as delivery.');
const surveyId = z.string().min(1).max(200);
const keys = z.union([remoteName, z.array(remoteName).min(1, 'Name a key')]);

export const responseDocument = closed({
  connector,
  object: z.literal('response'),
  connection,
  hub: hubName,
  attach: z
    .array(
      closed({
        by: z
          .enum(EVIDENCE_KINDS)
          .describe('link: an id that the hub has signed; id: the id in a system; field: a unique field of the hub; email; phone.'),
        from: remoteName,
        field: hubName.optional().describe('For field: which one of the hub.'),
      }),
    )
    .min(1, 'Name a key'),
  metrics: z
    .array(
      closed({
        survey: surveyId.optional().describe('Only in this survey; else in all.'),
        question: z.string().min(1).describe("The question's ref, code, or id."),
        metric: z.enum(METRICS),
        key: metricKey
          .optional()
          .describe(
            'What the metric is called over all surveys and tools: questions of one key are counted together. Left out: nps, csat, or ces.',
          ),
        nature: nature.optional(),
        touchpoint: touchpoint.optional(),
        askedOf: z
          .enum(['customers', 'employees'])
          .optional()
          .describe(
            'employees: figures of fewer than 5 answers are withheld, so that nobody can be told by them. It needs a key of its own.',
          ),
        higherIsBetter: z.boolean().optional().describe('Has to be said for ces: false for CES 1.0, where little effort is good.'),
        topBox: z.int().min(1).max(10).optional(),
        scale: closed({ min: z.int(), max: z.int() }).optional().describe('Where the tool does not tell the ends of the scale.'),
      }),
    )
    .optional(),
  comments: z.array(z.string().min(1)).optional(),
  surveys: z
    .array(
      closed({
        survey: surveyId,
        nature: nature.optional(),
        touchpoint: touchpoint.optional(),
        creates: z.boolean().optional().describe('Whether an answer of somebody unknown makes a contact.'),
      }),
    )
    .optional()
    .describe('What is said of single surveys.'),
  touchpoint: remoteName
    .optional()
    .describe('The key of a response that says where the customer was asked; it outranks what is said of its survey.'),
  creates: closed({
    byDefault: z.boolean().optional().describe('true: in every survey that does not say otherwise.'),
    fields: z.record(hubName, keys).describe('Each field of the hub, from the first of these keys that is filled in.'),
  })
    .optional()
    .describe('How an answer of somebody unknown makes a contact.'),
  timeline: z
    .union([
      z.literal('off'),
      closed({
        since: z
          .union([z.enum(['always', 'enabled']), z.string().regex(/^[1-9][0-9]{0,4} days$/, 'Write always, enabled, or days: 90 days')])
          .optional()
          .describe('How old a response may be that was given before the first one was filed: of any age, none, or so many days.'),
        states: z.array(z.enum(RESPONSE_STATES)).min(1, 'Name a state').optional(),
        surveys: z
          .union([closed({ only: z.array(z.string().min(1)) }), closed({ except: z.array(z.string().min(1)) })])
          .optional()
          .describe('Ids of surveys: only these, or all but these.'),
      }),
    ])
    .optional()
    .describe('Which responses become an entry in the timeline of their contact, in each CRM where that is mapped; off: none.'),
  delivery: deliverySection.optional(),
  table: tableSection.optional(),
  response: answersSection.optional(),
  examples: z
    .array(
      closed({
        remote: anyFields.optional(),
        arrives,
        id: exampleId,
        answers: anyFields.optional().describe('What was answered, by question.'),
        attach: closed({ by: z.enum(EVIDENCE_KINDS), value: z.string().min(1) }),
      }),
    )
    .optional()
    .describe('Which key decides, and what it is; checked whenever the file is read.'),
});

export type ResponseDocument = z.infer<typeof responseDocument>;
