import type { Generated } from 'kysely';
import type { Fields } from '../../contract/records.ts';
import type { Answer } from '../../contract/survey.ts';
import type { Rejected, Scored } from '../../feedback/classify.ts';
import type { UnmatchedReason } from '../../feedback/whose.ts';
import type { Scale } from '../../mapping/response-mapping.ts';
import type { DefaultTime, Jsonb, Time } from '../tables.ts';

/** Survey responses, whose they are, and what vendors were asked to tell of them. */
export type ResponseTables = {
  response: {
    id: string;
    connection_id: string;
    remote_id: string;
    survey_id: string;
    survey_name: string;
    submitted_at: Time | null;
    state: 'complete' | 'partial' | 'terminated';
    language: string | null;
    channel: string | null;
    answers: Jsonb<readonly Answer[]>;
    keys: Jsonb<Fields>;
    scores: Jsonb<readonly Scored[]>;
    comment: string | null;
    rejected: Jsonb<readonly Rejected[]>;
    attachment: 'attached' | 'unmatched' | 'detached';
    record_id: string | null;
    evidence: Jsonb<unknown> | null;
    seen_at: DefaultTime;
    touchpoint: string | null;
    reason: UnmatchedReason | null;
    classified: string | null;
    makes: Generated<boolean>;
  };
  response_key: { digest: string; response_id: string };
  response_decision: {
    id: string;
    connection_id: string;
    remote_id: string;
    record_id: string | null;
    was_record_id: string | null;
    actor: string;
    at: DefaultTime;
    undone_at: Time | null;
    undone_by: string | null;
  };
  survey_question: {
    connection_id: string;
    survey_id: string;
    question_id: string;
    ref: string | null;
    wording: string;
    kind: string;
    scale: Jsonb<Scale | null> | null;
    digest: string;
    first_seen_at: DefaultTime;
    last_seen_at: DefaultTime;
  };
  subscription: {
    connection_id: string;
    address: string;
    wanted: Generated<boolean>;
    kept: Generated<number>;
    mended: Generated<number>;
    checked_at: Time | null;
    next_at: DefaultTime;
    reason: string | null;
  };
  /** `digest`: by which the response is told when it comes again. */
  erasure: { id: string; digest: string; actor: string; at: DefaultTime };
  /** `whole`: the record stands for nothing but the response. `since`: what it was counted in before has nothing of it. */
  erasure_trace: { erasure_id: string; record_id: string; whole: boolean; since: Time };
};
