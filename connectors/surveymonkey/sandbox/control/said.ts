import type { Given } from '../hands.ts';
import { MODES, STATUSES } from '../responses/responses.ts';
import type { Said } from '../responses/said.ts';
import { badBody } from '../wire/refusal.ts';
import { list, onlyKnown, optionalText, optionalTexts, type Shape, text, texts, word } from '../wire/shapes.ts';

const SAID = ['nps', 'csat', 'ces', 'comment', 'topic', 'liked', 'aspects', 'contact', 'email'] as const;
const GIVEN = ['surveyId', 'collectorId', 'recipientId', 'mode', 'status', 'customValue', 'customVariables', 'at'] as const;

function number(value: unknown, what: string): number {
  if (typeof value !== 'number') throw badBody(`${what} is a number.`);
  return value;
}

/** What somebody says, as a control call brings it. */
export function readSaid(body: Shape): Said {
  onlyKnown(body, [...SAID, ...GIVEN]);
  const [comment, topic, email] = [
    optionalText(body.comment, 'comment'),
    optionalText(body.topic, 'topic'),
    optionalText(body.email, 'email'),
  ];
  const contact = optionalTexts(body.contact, 'contact');
  return {
    ...(body.nps === undefined ? {} : { nps: number(body.nps, 'nps') }),
    ...(body.csat === undefined ? {} : { csat: body.csat === 'n/a' ? body.csat : number(body.csat, 'csat') }),
    ...(body.ces === undefined ? {} : { ces: number(body.ces, 'ces') }),
    ...(comment === undefined ? {} : { comment }),
    ...(topic === undefined ? {} : { topic }),
    ...(body.liked === undefined ? {} : { liked: texts(body.liked, 'liked') }),
    ...(body.aspects === undefined ? {} : { aspects: list(body.aspects, 'aspects').map((one) => number(one, 'aspects[]')) }),
    ...(contact === undefined ? {} : { contact }),
    ...(email === undefined ? {} : { email }),
  };
}

/** A whole response, as a control call brings it. */
export function readGiven(body: Shape): Given {
  const [collectorId, recipientId] = [optionalText(body.collectorId, 'collectorId'), optionalText(body.recipientId, 'recipientId')];
  const [customValue, at] = [optionalText(body.customValue, 'customValue'), optionalText(body.at, 'at')];
  const customVariables = optionalTexts(body.customVariables, 'customVariables');
  return {
    ...readSaid(body),
    surveyId: text(body.surveyId, 'surveyId'),
    ...(collectorId === undefined ? {} : { collectorId }),
    ...(recipientId === undefined ? {} : { recipientId }),
    ...(customValue === undefined ? {} : { customValue }),
    ...(customVariables === undefined ? {} : { customVariables }),
    ...(body.mode === undefined ? {} : { mode: word(body.mode, MODES, 'mode') }),
    ...(body.status === undefined ? {} : { status: word(body.status, STATUSES, 'status') }),
    ...(at === undefined ? {} : { at: new Date(at) }),
  };
}
