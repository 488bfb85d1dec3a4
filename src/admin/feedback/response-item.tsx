import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import type { ResponseRow } from '../api.ts';
import { useFormat } from '../format.ts';
import { Ago } from '../parts/small.tsx';

type Score = ResponseRow['scores'][number];

/** What a score means at a glance; only NPS has classes that everybody agrees on. */
function toneOf({ metric, score }: Score): 'good' | 'wait' | 'bad' | 'off' {
  if (metric !== 'nps') return 'off';
  return score >= 9 ? 'good' : score >= 7 ? 'wait' : 'bad';
}

export function ScoreChip({ score }: { readonly score: Score }) {
  const { t } = useTranslation('feedback');
  const format = useFormat();
  return (
    <span className="chip tabular">
      {score.metric === 'nps' && <span className="dot" data-tone={toneOf(score)} aria-hidden="true" />}
      <span>
        {t(score.metric)} {format.number(score.score)}
      </span>
    </span>
  );
}

/** One response in a list: its scores, comment, survey, and whose it is. */
export function ResponseItem({ response, whose = false }: { readonly response: ResponseRow; readonly whose?: boolean }) {
  const { t } = useTranslation('feedback');
  const at = response.submittedAt ?? response.seenAt;
  return (
    <Link to={`/responses/${response.id}`} className="row-link">
      <div className="apart unwrapped">
        <div className="chips">
          {response.scores.map((score) => (
            <ScoreChip key={`${score.metric} ${score.question}`} score={score} />
          ))}
          {whose && <span className="said strong value">{response.recordTitle ?? t('responses.nobody')}</span>}
          {response.state !== 'complete' && (
            <span className="chip">
              <span>{t(`responses.${response.state}`)}</span>
            </span>
          )}
        </div>
        <span className="dim">
          <Ago at={at} />
        </span>
      </div>
      {response.comment !== null && <div className="said value three-lines">{response.comment}</div>}
      <div className="dim value">
        {response.surveyName} · {response.connection.name}
        {response.language !== null && ` · ${response.language}`}
      </div>
    </Link>
  );
}
