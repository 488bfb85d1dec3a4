import { must } from '../../../src/kernel/must.ts';
import type { SandboxApp } from '../../../src/sandbox/sandbox.ts';
import type { Account } from './account.ts';
import type { Collector } from './collectors/collectors.ts';
import { filledIn } from './responses/filled.ts';
import type { ResponseGiven, StoredResponse } from './responses/responses.ts';
import { answersOf, type Said } from './responses/said.ts';
import { toSecond } from './wire/times.ts';

/** What one respondent gives, and how. Without a collector it comes by the survey's web link. */
export type Given = Said &
  Partial<Pick<StoredResponse, 'collectorId' | 'recipientId' | 'mode' | 'status' | 'customValue' | 'customVariables' | 'ip' | 'who'>> & {
    readonly surveyId: string;
    readonly startedAt?: Date;
    readonly at?: Date;
  };

/** The hands that answer surveys, as people do. */
export type Hands = {
  answer(given: Given): string;
  /** Answers every question of a survey, whatever it asks, without a name. */
  fillIn(surveyId: string, at?: Date): string;
  /** Saves more of what is under way, now, under the same id. */
  goOn(id: string, said: Said): void;
  /** Finishes what is under way. */
  complete(id: string, said?: Said): void;
  /** Changes what was answered before. */
  edit(id: string, said: Said): void;
  /** Erases it without a trace. */
  erase(id: string): void;
  all(): readonly StoredResponse[];
};

/** The sandbox with its rooms, and the hands of its people. */
export type SurveymonkeySandbox = SandboxApp &
  Hands &
  Pick<
    Account,
    'surveys' | 'collectors' | 'contacts' | 'lists' | 'invitations' | 'webhooks' | 'sender' | 'grants' | 'limits' | 'troubles'
  > & {
    /** Lets time pass at once. */
    wind(ms: number): void;
  };

/** The door of a survey that everybody can come in by. */
function webLinkOf({ collectors }: Pick<Account, 'collectors'>, surveyId: string): Collector {
  return must(
    collectors.of(surveyId).find(({ type }) => type === 'weblink'),
    `a web link of survey ${surveyId}`,
  );
}

function whoOf({ who, customVariables = {}, contact = {}, email }: Given): string | null {
  const said = [customVariables.crm_id, customVariables.email, contact.email, email, contact.phone].find(
    (one) => one !== undefined && one !== '',
  );
  return who ?? said?.trim().toLowerCase() ?? null;
}

/** What is stored of what somebody gives. */
function responseOf({ surveys }: Pick<Account, 'surveys'>, given: Given): ResponseGiven {
  const { surveyId, startedAt, at, mode, status = 'completed', customValue, customVariables, recipientId, ip } = given;
  return {
    answers: answersOf(surveys.get(surveyId), given),
    status,
    who: whoOf(given),
    ...(mode === undefined ? {} : { mode }),
    ...(customValue === undefined ? {} : { customValue }),
    ...(customVariables === undefined ? {} : { customVariables }),
    ...(recipientId === undefined ? {} : { recipientId }),
    ...(ip === undefined ? {} : { ip }),
    ...(startedAt === undefined ? {} : { createdAt: toSecond(startedAt) }),
    ...(at === undefined ? {} : { modifiedAt: toSecond(at) }),
  };
}

export function handsOn(account: Omit<Account, 'arrive'>): Hands {
  const { surveys, collectors, responses } = account;
  const find = (id: string): StoredResponse =>
    must(
      responses.all().find((response) => response.id === id),
      `response ${id}`,
    );
  const change = (id: string, said: Said, more: Partial<ResponseGiven> = {}): void => {
    const { surveyId, answers } = find(id);
    responses.change(surveyId, id, { answers: new Map([...answers, ...answersOf(surveys.get(surveyId), said)]), ...more });
  };
  const demandOpen = (id: string): void => {
    if (find(id).status !== 'partial') throw new Error(`response ${id} is not under way`);
  };
  return {
    answer(given) {
      const collector = given.collectorId === undefined ? webLinkOf(account, given.surveyId) : collectors.get(given.collectorId);
      return responses.add(collector, responseOf(account, given)).id;
    },
    fillIn(surveyId, at) {
      const modified = at === undefined ? {} : { modifiedAt: toSecond(at) };
      const answers = filledIn(surveys.get(surveyId));
      return responses.add(webLinkOf(account, surveyId), { answers, status: 'completed', ...modified }).id;
    },
    goOn(id, said) {
      demandOpen(id);
      change(id, said);
    },
    complete(id, said = {}) {
      demandOpen(id);
      change(id, said, { status: 'completed' });
    },
    edit: (id, said) => change(id, said),
    erase: (id) => responses.remove(find(id).surveyId, id),
    all: () => responses.all(),
  };
}
