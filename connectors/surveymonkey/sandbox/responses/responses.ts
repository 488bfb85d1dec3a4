import type { Collector, Collectors } from '../collectors/collectors.ts';
import type { EventType } from '../events.ts';
import type { Surveys } from '../surveys/surveys.ts';
import { notFound, Refusal } from '../wire/refusal.ts';
import type { World } from '../world.ts';

export const STATUSES = ['completed', 'partial', 'overquota', 'disqualified'] as const;
export const MODES = ['default', 'preview', 'data_entry', 'survey_preview', 'edit'] as const;
export type Status = (typeof STATUSES)[number];

/** Everything in it is an id, or what somebody typed. */
export type Answer = Readonly<
  Partial<Record<'choice_id' | 'row_id' | 'col_id' | 'other_id' | 'text' | 'download_url' | 'content_type', string>>
>;
/** By question. */
export type Answers = ReadonlyMap<string, readonly Answer[]>;
export type StoredResponse = {
  readonly id: string;
  readonly surveyId: string;
  readonly collectorId: string;
  /** Null when it answers no invitation. */
  readonly recipientId: string | null;
  readonly mode: (typeof MODES)[number];
  readonly status: Status;
  readonly customValue: string;
  readonly customVariables: Readonly<Record<string, string>>;
  readonly ip: string;
  readonly createdAt: number;
  readonly modifiedAt: number;
  readonly answers: Answers;
  /** The person behind it, whom the API never shows. */
  readonly who: string | null;
};
export type ResponseGiven = Pick<StoredResponse, 'answers' | 'status'> & Partial<Omit<StoredResponse, 'id' | 'surveyId' | 'collectorId'>>;

const ENDS: Readonly<Record<Status, EventType | null>> = {
  completed: 'response_completed',
  partial: null,
  overquota: 'response_overquota',
  disqualified: 'response_disqualified',
};
const USUAL_MS = 51_000;

/** The responses of the account: each change stamps them anew, and is told. */
export class Responses {
  readonly #world: World;
  readonly #surveys: Surveys;
  readonly #collectors: Collectors;
  readonly #all = new Map<string, StoredResponse>();

  constructor(world: World, rooms: { readonly surveys: Surveys; readonly collectors: Collectors }) {
    this.#world = world;
    this.#surveys = rooms.surveys;
    this.#collectors = rooms.collectors;
  }

  all(): readonly StoredResponse[] {
    return [...this.#all.values()];
  }

  /** Those of a survey that the plan shows, in the order in which they came. */
  of(surveyId: string): readonly StoredResponse[] {
    const { responsesShown } = this.#world.switches;
    const found = this.all().filter((response) => response.surveyId === surveyId);
    return responsesShown === 0 ? found : found.slice(0, responsesShown);
  }

  get(surveyId: string, id: string): StoredResponse {
    const response = this.#all.get(id);
    if (response === undefined || response.surveyId !== surveyId) throw notFound();
    if (this.#world.switches.responsesShown > 0 && !this.of(surveyId).includes(response))
      throw new Refusal(1015, 'The response is over the limit of the plan.');
    return response;
  }

  add(collector: Collector, given: ResponseGiven): StoredResponse {
    const modifiedAt = given.modifiedAt ?? given.createdAt ?? this.#world.stamp();
    const id = this.#world.ids.next('response');
    const initial = { recipientId: null, mode: 'default', customValue: '', who: null } as const;
    const response: StoredResponse = {
      ...initial,
      ip: `203.0.113.${Number(id.slice(-4)) % 250}`,
      createdAt: modifiedAt - USUAL_MS,
      ...given,
      modifiedAt,
      customVariables: this.#declared(collector.surveyId, given.customVariables ?? {}),
      id,
      surveyId: collector.surveyId,
      collectorId: collector.id,
    };
    this.#all.set(id, response);
    this.#tell('response_created', response);
    this.#tellPages(response, new Map());
    return response;
  }

  /** Goes on with it, edits it, or finishes it. */
  change(surveyId: string, id: string, changes: Partial<Omit<ResponseGiven, 'who'>>): StoredResponse {
    const before = this.get(surveyId, id);
    const customVariables = this.#declared(surveyId, changes.customVariables ?? before.customVariables);
    const after = { ...before, ...changes, customVariables, modifiedAt: changes.modifiedAt ?? this.#world.stamp() };
    this.#all.set(id, after);
    this.#tellPages(after, before.answers, before.status);
    return after;
  }

  /** Erases it. */
  remove(surveyId: string, id: string): void {
    const response = this.get(surveyId, id);
    this.#all.delete(id);
    this.#tell('response_deleted', response);
  }

  removeAllOf(collectorId: string): void {
    const { surveyId } = this.#collectors.get(collectorId);
    for (const { id } of this.of(surveyId).filter((response) => response.collectorId === collectorId)) this.remove(surveyId, id);
  }

  // What a link carries is kept only where the survey has a name for it.
  #declared(surveyId: string, given: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
    const { customVariables } = this.#surveys.get(surveyId);
    return Object.fromEntries(Object.entries(given).filter(([name]) => Object.hasOwn(customVariables, name)));
  }

  // One update for each page that was saved, then the end, if it is one.
  #tellPages(response: StoredResponse, before: Answers, status?: Status): void {
    for (const { questions } of this.#surveys.get(response.surveyId).pages) {
      if (questions.some(({ id }) => !sameAnswers(before.get(id), response.answers.get(id)))) this.#tell('response_updated', response);
    }
    const end = ENDS[response.status];
    if (end !== null && status !== response.status) this.#tell(end, response);
  }

  #tell(event: EventType, { id, surveyId, collectorId, recipientId }: StoredResponse): void {
    this.#world.tell({ event, surveyId, collectorId, responseId: id, ...(recipientId === null ? {} : { recipientId }) });
  }
}

function sameAnswers(a: readonly Answer[] | undefined, b: readonly Answer[] | undefined): boolean {
  return JSON.stringify(a ?? []) === JSON.stringify(b ?? []);
}
