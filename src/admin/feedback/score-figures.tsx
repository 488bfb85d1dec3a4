import { Stack, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { FeedbackSummary } from '../api.ts';
import { useFormat } from '../format.ts';

type Overall = FeedbackSummary['overall'];
type Part = { readonly label: string; readonly count: number; readonly colour: string };
type CardProps = {
  readonly title: string;
  readonly figure: string | null;
  readonly n: number;
  readonly margin: number;
  readonly lowBase: boolean;
  readonly parts: readonly Part[];
  readonly more?: ReactNode;
};

const GOOD = 'var(--sl-good)';
const MIDDLE = 'var(--sl-wait)';
const BAD = 'var(--sl-bad)';

function ScoreCard({ title, figure, n, margin, lowBase, parts, more }: CardProps) {
  const { t } = useTranslation('feedback');
  const format = useFormat();
  return (
    <Stack className="card" p="md" gap={6} component="section" aria-label={title}>
      <Text size="sm" c="dimmed" fw={550}>
        {title}
      </Text>
      {figure === null ? (
        <Text size="sm" c="dimmed">
          {t('nobodyAsked')}
        </Text>
      ) : (
        <>
          <Text fz={30} fw={650} lh={1.1} className="tabular">
            {figure}
          </Text>
          <Text size="xs" c="dimmed" className="tabular">
            {t('margin95', { margin: format.fixed(margin, 1), n: format.count(n) })}
          </Text>
          {lowBase && (
            <Text size="xs" className="note warn" py={2}>
              {t('lowBase')}
            </Text>
          )}
          <div className="bar" aria-hidden="true">
            {parts.map((part) => part.count > 0 && <span key={part.label} style={{ flex: part.count, background: part.colour }} />)}
          </div>
          <Text size="xs" c="dimmed" className="tabular">
            {parts.map((part) => part.label).join(' · ')}
          </Text>
          {more}
        </>
      )}
    </Stack>
  );
}

const NOTHING = { figure: null, n: 0, margin: 0, lowBase: false, parts: [] } as const;

export function NpsFigure({ nps }: { readonly nps: Overall['nps'] }) {
  const { t } = useTranslation('feedback');
  const format = useFormat();
  if (nps === null) return <ScoreCard title={t('nps')} {...NOTHING} />;
  const parts = [
    { label: t('promoters', { count: nps.promoters }), count: nps.promoters, colour: GOOD },
    { label: t('passives', { count: nps.passives }), count: nps.passives, colour: MIDDLE },
    { label: t('detractors', { count: nps.detractors }), count: nps.detractors, colour: BAD },
  ];
  return (
    <ScoreCard
      title={t('nps')}
      figure={nps.shown > 0 ? `+${format.number(nps.shown)}` : format.number(nps.shown)}
      n={nps.n}
      margin={nps.marginOfError}
      lowBase={nps.lowBase}
      parts={parts}
    />
  );
}

export function CsatFigure({ csat }: { readonly csat: Overall['csat'] }) {
  const { t } = useTranslation('feedback');
  const format = useFormat();
  if (csat === null) return <ScoreCard title={t('csat')} {...NOTHING} />;
  const parts = [
    { label: t('satisfied', { count: csat.satisfied }), count: csat.satisfied, colour: GOOD },
    { label: t('others', { count: csat.n - csat.satisfied }), count: csat.n - csat.satisfied, colour: BAD },
  ];
  return (
    <ScoreCard
      title={t('csat')}
      figure={t('percent', { score: format.number(csat.shown) })}
      n={csat.n}
      margin={csat.marginOfError}
      lowBase={csat.lowBase}
      parts={parts}
      more={
        csat.mean !== null && (
          <Text size="xs" c="dimmed">
            {t('mean', { mean: format.fixed(csat.mean, 2) })}
          </Text>
        )
      }
    />
  );
}

export function CesFigure({ ces }: { readonly ces: Overall['ces'] }) {
  const { t } = useTranslation('feedback');
  const format = useFormat();
  if (ces === null) return <ScoreCard title={t('ces')} {...NOTHING} />;
  const easy = Math.round((ces.easy.score * ces.n) / 100);
  const hard = Math.round((ces.hard.score * ces.n) / 100);
  const parts = [
    { label: t('easy', { count: easy }), count: easy, colour: GOOD },
    { label: t('neither', { count: ces.n - easy - hard }), count: ces.n - easy - hard, colour: MIDDLE },
    { label: t('hard', { count: hard }), count: hard, colour: BAD },
  ];
  return (
    <ScoreCard
      title={t('ces')}
      figure={t('percentEasy', { score: format.number(ces.easy.shown) })}
      n={ces.n}
      margin={ces.easy.marginOfError}
      lowBase={ces.easy.lowBase}
      parts={parts}
      more={
        ces.mean !== null && (
          <Text size="xs" c="dimmed">
            {t('mean', { mean: format.fixed(ces.mean, 2) })}
          </Text>
        )
      }
    />
  );
}
