import type { Account } from '../account.ts';
import type { Collector } from '../collectors/collectors.ts';
import type { Contact } from '../contacts/contacts.ts';
import { type Question, questionsOf, type Survey } from '../surveys/model.ts';
import type { Answer, Answers, StoredResponse } from './responses.ts';

type Json = Readonly<Record<string, unknown>>;

/** A response with what else the account knows of it: whoever was invited, unless the collector hides them. */
export type About = { readonly response: StoredResponse; readonly collector: Collector | null; readonly contact: Contact | null };
/** Which parts of the answers are asked for, and whether in words too. */
export type Shown = { readonly pages: readonly string[] | null; readonly questions: readonly string[] | null; readonly simple: boolean };

export function aboutOf({ collectors, invitations }: Account, response: StoredResponse): About {
  const collector = collectors.of(response.surveyId).find(({ id }) => id === response.collectorId) ?? null;
  const isNamed = collector?.anonymousType === 'not_anonymous' && response.recipientId !== null;
  return { response, collector, contact: isNamed ? (invitations.contactOf(response.recipientId ?? '') ?? null) : null };
}

const typed = (value: string): Json => ({ type: 'string', value });

function contactPart({ email, firstName, lastName, customFields }: Contact): Json {
  const custom = customFields['1'] ?? '';
  return {
    contact: {
      first_name: typed(firstName),
      last_name: typed(lastName),
      ...(email === '' ? {} : { email: typed(email) }),
      ...(custom === '' ? {} : { custom_value: typed(custom) }),
    },
  };
}

// Those without an invitation have no recipient, which is written in two ways.
function recipientShown({ response, collector }: About): string {
  const isNamed = collector?.anonymousType === 'not_anonymous';
  if (response.recipientId !== null && isNamed) return response.recipientId;
  return Number(response.id.slice(-1)) % 2 === 0 ? '' : '0';
}

function wordsOf(question: Question | undefined, answer: Answer): string {
  const parts =
    question === undefined ? [] : [...question.choices, ...question.rows, ...question.cols.flatMap((col) => [col, ...(col.choices ?? [])])];
  const named = [answer.row_id, answer.col_id, answer.choice_id].flatMap((id) => parts.find((part) => part.id === id)?.text ?? []);
  return [...named, answer.text ?? ''].filter((text) => text !== '').join(' - ');
}

function pagesOf(survey: Survey, answers: Answers, shown: Shown): readonly Json[] {
  const isAsked = (ids: readonly string[] | null, id: string): boolean => ids?.includes(id) ?? true;
  return survey.pages
    .filter(({ id }) => isAsked(shown.pages, id))
    .map(({ id, questions }) => ({
      id,
      questions: questions.flatMap((question): Json[] => {
        const given = answers.get(question.id) ?? [];
        if (given.length === 0 || !isAsked(shown.questions, question.id)) return [];
        if (!shown.simple) return [{ id: question.id, variable_id: question.variableId, answers: given }];
        const { family, subtype, heading } = question;
        const inWords = given.map((answer) => ({ ...answer, tag_data: [], simple_text: wordsOf(question, answer) }));
        return [{ id: question.id, variable_id: question.variableId, family, subtype, heading, answers: inWords }];
      }),
    }));
}

/** A response without its answers, as a list of ids has it. */
export function renderRow({ world }: Account, { response: { id, surveyId } }: About): Json {
  return { id, href: world.href(`/surveys/${surveyId}/responses/${id}`) };
}

/** A response as it is shown alone, without what was answered. */
export function renderHead(account: Account, about: About): Json {
  const { response, collector, contact } = about;
  const { world } = account;
  const seen = world.switches.contactShown ? contact : null;
  return {
    ...renderRow(account, about),
    survey_id: response.surveyId,
    collector_id: response.collectorId,
    recipient_id: recipientShown(about),
    collection_mode: response.mode,
    response_status: response.status,
    custom_value: response.customValue,
    custom_variables: response.customVariables,
    metadata: seen === null ? {} : contactPart(seen),
    ...(seen === null ? {} : { first_name: seen.firstName, last_name: seen.lastName, email_address: seen.email }),
    logic_path: {},
    ip_address: collector?.anonymousType === 'fully_anonymous' ? '' : response.ip,
    total_time: (response.modifiedAt - response.createdAt) / 1000,
    date_created: world.shown(response.createdAt),
    date_modified: world.shown(response.modifiedAt),
    edit_url: `https://www.surveymonkey.com/r/?sm=x${response.id}`,
    analyze_url: `https://www.surveymonkey.com/analyze/browse/x?respondent_id=${response.id}`,
  };
}

/** A response with everything that was answered, in ids. */
export function renderResponse(account: Account, about: About, shown: Shown): Json {
  const survey = account.surveys.get(about.response.surveyId);
  const answered = questionsOf(survey).filter(({ id }) => about.response.answers.has(id));
  const path = survey.pages.filter(({ questions }) => questions.some((question) => answered.includes(question))).map(({ id }) => id);
  return { ...renderHead(account, about), page_path: path, pages: pagesOf(survey, about.response.answers, shown) };
}
