import { CX_SURVEYS, SEGMENTS, SURVEYS, type Survey } from './surveys.ts';

type Status = 'Completed' | 'Started' | 'Terminated';
type Contact = { readonly firstName: string; readonly lastName: string; readonly email: string; readonly phone: string };

/** What one respondent gave. What is left out was not given. */
export type Given = {
  readonly surveyId: number;
  /** On the survey's own scale: 0-10, 1-5, or 1-7. */
  readonly score?: number | null;
  readonly comment?: string | null;
  /** Row by row, for the survey with a matrix. */
  readonly matrix?: readonly number[];
  /** One of the offered topics, or any other word: that is written beside "Other". */
  readonly topic?: string | null;
  readonly contact?: Contact | null;
  readonly externalReference?: string;
  /** By slot, `custom1` to `custom255`, whatever the admin has called them. */
  readonly customs?: Readonly<Record<string, string>>;
  readonly status?: Status;
  readonly language?: string;
  readonly countryCode?: string;
  readonly startedAt?: Date;
  readonly at?: Date;
  /** When and in which business unit that happened which a CX survey asks about; then and in the first one unless said. */
  readonly happenedAt?: Date;
  readonly segmentCode?: string;
  /** The person behind it, whom the API never shows. */
  readonly who?: string;
};
export type StoredResponse = {
  readonly id: number;
  readonly survey: Survey;
  readonly startedAt: number;
  /** When it was completed, or last heard of while it is not. */
  readonly at: number;
  readonly score: number | null;
  readonly comment: string | null;
  readonly matrix: readonly number[];
  readonly topic: string | null;
  readonly contact: Contact | null;
  readonly externalReference: string;
  readonly customs: Readonly<Record<string, string>>;
  readonly status: Status;
  readonly language: string;
  readonly countryCode: string;
  readonly happenedAt: number;
  readonly segmentCode: string;
  readonly who: string | null;
};

/** The responses of the account, in the order in which they came. */
export type Store = {
  surveyOf(id: number): Survey | undefined;
  answer(given: Given): number;
  /** Turns a started response into a completed one, now, under the same id. */
  complete(id: number, rest: { readonly score: number; readonly comment?: string | null }): void;
  /** Deletes without a trace, as people can in the page of the vendor. */
  remove(id: number): void;
  /** Those of the user's surveys. */
  all(): readonly StoredResponse[];
  /** Those of the CX workspace. */
  cx(): readonly StoredResponse[];
  of(survey: Survey): readonly StoredResponse[];
};

const FIRST_ID = 912_000_000;
const FIRST_CX_ID = 31_000_000;
const SCALES = { nps: [0, 10], csat: [1, 5], ces: [1, 7] } as const;

/** Who it was, or null when the response does not say: everybody is one person, however the responses name them. */
export function respondentOf({ externalReference, customs, contact, survey, who }: StoredResponse): string | null {
  const phone = survey.labels.custom2 === 'Mobile' ? customs.custom2 : undefined;
  const said = [externalReference, customs.custom1, phone, contact?.email, contact?.phone].find(
    (value) => value !== undefined && value !== '',
  );
  return said === undefined ? null : (who ?? said.trim().toLowerCase());
}

/** An account without responses. */
export function openStore(now: () => Date, tell: (response: StoredResponse) => void = () => undefined): Store {
  const responses = new Map<number, StoredResponse>();
  const bySurvey = new Map<number, Map<number, StoredResponse>>([...SURVEYS, ...CX_SURVEYS].map(({ id }) => [id, new Map()]));
  let [filed, filedCx] = [0, 0];
  const put = (response: StoredResponse): void => {
    responses.set(response.id, response);
    bySurvey.get(response.survey.id)?.set(response.id, response);
    tell(response);
  };
  const surveyOf = (id: number): Survey | undefined => [...SURVEYS, ...CX_SURVEYS].find((survey) => survey.id === id);
  const among = (surveys: readonly Survey[]) => [...responses.values()].filter(({ survey }) => surveys.includes(survey));
  return {
    surveyOf,
    answer(given) {
      const survey = surveyOf(given.surveyId);
      if (survey === undefined) throw new Error(`there is no survey ${given.surveyId}`);
      checkScore(survey, given.score);
      // The steps between ids are uneven, as they are where many accounts share one counter.
      const isCx = CX_SURVEYS.includes(survey);
      const count = isCx ? filedCx++ : filed++;
      const id = (isCx ? FIRST_CX_ID : FIRST_ID) + count * 13 + (count % 7);
      put({ id, survey, ...filled(given, now()) });
      return id;
    },
    complete(id, rest) {
      const response = responses.get(id);
      if (response?.status !== 'Started') throw new Error(`response ${id} is not under way`);
      checkScore(response.survey, rest.score);
      put({ ...response, ...rest, comment: rest.comment ?? response.comment, status: 'Completed', at: toSecond(now()) });
    },
    remove(id) {
      const response = responses.get(id);
      if (response === undefined) throw new Error(`there is no response ${id}`);
      responses.delete(id);
      bySurvey.get(response.survey.id)?.delete(id);
    },
    all: () => among(SURVEYS),
    cx: () => among(CX_SURVEYS),
    of: (survey) => [...(bySurvey.get(survey.id)?.values() ?? [])],
  };
}

function checkScore({ name, metric }: Survey, score: number | null | undefined): void {
  const [min, max] = SCALES[metric];
  if (score === null || score === undefined || (Number.isInteger(score) && score >= min && score <= max)) return;
  throw new Error(`"${name}" asks for a number from ${min} to ${max}, not ${score}`);
}

function toSecond(at: Date): number {
  return Math.floor(at.getTime() / 1000) * 1000;
}

/** How long an answer takes when nobody says otherwise. */
const usualMs = 48_000;

function filled(given: Given, now: Date): Omit<StoredResponse, 'id' | 'survey'> {
  const at = toSecond(given.at ?? now);
  return {
    startedAt: given.startedAt === undefined ? at - usualMs : toSecond(given.startedAt),
    at,
    score: given.score ?? null,
    comment: given.comment ?? null,
    matrix: given.matrix ?? [],
    topic: given.topic ?? null,
    contact: given.contact ?? null,
    externalReference: given.externalReference ?? '',
    customs: given.customs ?? {},
    status: given.status ?? 'Completed',
    language: given.language ?? 'English',
    countryCode: given.countryCode ?? 'US',
    happenedAt: given.happenedAt?.getTime() ?? at,
    segmentCode: given.segmentCode ?? SEGMENTS[0],
    who: given.who ?? null,
  };
}
