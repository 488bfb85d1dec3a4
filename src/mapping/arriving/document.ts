import { z } from 'zod';
import { ENCODINGS } from '../../contract/files.ts';
import { QUESTION_KINDS } from '../../contract/survey.ts';
import { closed } from '../closed.ts';
import { DATE_ORDERS } from './reading.ts';

// What a mapping says of records that arrive by themselves: in the deliveries of a webhook, or as the rows of a table.

const name = z
  .string()
  .min(1, 'Name it')
  .max(500, 'Write at most 500 characters')
  .describe('A way into the delivery, such as customer.emails[0].address, or the name of a column.');
const constant = closed({ is: z.string().min(1) }).describe('Always the same.');
const part = z.union([name, constant]);
const scalar = z.union([z.string(), z.number(), z.boolean()]);
const test = closed({ at: name, is: z.union([scalar, z.array(scalar).min(1, 'Name a value')]) });

const manner = {
  when: z
    .union([test, z.array(test).min(1, 'Name a test')])
    .optional()
    .describe('Only what passes all of these is read by this file.'),
  id: z
    .union([part, z.array(part).min(1, 'Name a part')])
    .optional()
    .describe(
      'What tells one record from another; several parts are joined by colons. Missing: the content itself, so that an edit makes another one.',
    ),
  changed: name.optional().describe('When the record was changed. Missing: when it arrived.'),
  removed: test.optional().describe('What says that the record was removed over there.'),
  dates: z.enum(DATE_ORDERS).optional().describe('How 3/4/2026 is meant: dmy, mdy; ymd, the default, takes no such date.'),
  zone: z.string().min(1).optional().describe('The time zone of times that name none, such as Asia/Tokyo. Missing: these are refused.'),
  decimal: z.enum(['.', ',']).optional().describe('The sign before the fraction of a number; a dot is the default.'),
};

export const deliverySection = closed({
  items: name.optional().describe('Where the records stand, such as orders[]. Missing: the whole delivery is one, or a list of them.'),
  ...manner,
}).describe('How records are found in deliveries.');

export const tableSection = closed({
  ...manner,
  encoding: z.enum(ENCODINGS).optional().describe('Missing: it is found out.'),
  delimiter: z.string().length(1, 'Write one character').optional().describe('Missing: it is found out.'),
  header: z
    .int()
    .min(0)
    .max(3)
    .optional()
    .describe('How many rows name the columns. Missing: it is found out. 0: they are called column 1, column 2, and so on.'),
  quote: z.string().length(1, 'Write one character').optional().describe('A double quote is the default.'),
}).describe('How records are found in the rows of a table, such as a CSV file, whose first row names the columns.');

const kind = z.enum(QUESTION_KINDS);
const scale = closed({ min: z.number(), max: z.number() });

const question = closed({
  at: name.optional().describe('Where its answer stands.'),
  id: z.string().min(1).optional().describe('What the question is known by; missing: its place.'),
  text: z.string().min(1).optional().describe('How it was asked; missing: its id.'),
  kind: kind.optional(),
  scale: scale.optional().describe('The numbers at both ends.'),
  separator: z.string().min(1).optional().describe('What stands between the choices of one answer.'),
});

export const answersSection = closed({
  belongs_to: z
    .string()
    .min(1)
    .optional()
    .describe('The connection whose responses these are: with the ids that it has, a response is one, whichever way it comes.'),
  survey: closed({ id: part, name: part.optional() }),
  submitted: name.optional().describe('When it was handed in. Missing: when it was changed, or arrived.'),
  complete: test.optional().describe('What says that it is complete. Missing: all are.'),
  terminated: test.optional(),
  language: part.optional(),
  channel: part.optional(),
  keys: z
    .record(z.string().min(1), name)
    .optional()
    .describe('Further values that are kept with the response, by the names that attach has for them.'),
  questions: z.array(question).optional(),
  every: closed({
    in: name.describe('A list of answers, such as form_response.answers[].'),
    id: name,
    ref: name.optional(),
    text: name.optional(),
    value: z.union([name, z.array(name).min(1, 'Name a place')]).describe('Where the value stands; of several, the first that is there.'),
  }).optional(),
  others: z
    .union([z.literal(true), name])
    .optional()
    .describe('Each other column, or each entry under a name, is the answer to a question of that name.'),
}).describe('What in a record is what of a survey response.');
