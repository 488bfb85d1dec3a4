import { Stack, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import type { FeedbackSummary } from '../api.ts';

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
  return (
    <Stack className="card" p="md" gap={6} component="section" aria-label={title}>
      <Text size="sm" c="dimmed" fw={550}>
        {title}
      </Text>
      {figure === null ? (
        <Text size="sm" c="dimmed">
          Nobody was asked.
        </Text>
      ) : (
        <>
          <Text fz={30} fw={650} lh={1.1} className="tabular">
            {figure}
          </Text>
          <Text size="xs" c="dimmed" className="tabular">
            ± {margin.toFixed(1)} at 95 %, n = {n.toLocaleString()}
          </Text>
          {lowBase && (
            <Text size="xs" className="note warn" py={2}>
              Low base: too few answers to conclude much.
            </Text>
          )}
          <div className="bar" aria-hidden="true">
            {parts.map((part) => part.count > 0 && <span key={part.label} style={{ flex: part.count, background: part.colour }} />)}
          </div>
          <Text size="xs" c="dimmed" className="tabular">
            {parts.map((part) => `${part.count.toLocaleString()} ${part.label}`).join(' · ')}
          </Text>
          {more}
        </>
      )}
    </Stack>
  );
}

const NOTHING = { figure: null, n: 0, margin: 0, lowBase: false, parts: [] } as const;

export function NpsFigure({ nps }: { readonly nps: Overall['nps'] }) {
  if (nps === null) return <ScoreCard title="NPS" {...NOTHING} />;
  const parts = [
    { label: 'promoters', count: nps.promoters, colour: GOOD },
    { label: 'passives', count: nps.passives, colour: MIDDLE },
    { label: 'detractors', count: nps.detractors, colour: BAD },
  ];
  return (
    <ScoreCard
      title="NPS"
      figure={nps.shown > 0 ? `+${nps.shown}` : String(nps.shown)}
      n={nps.n}
      margin={nps.marginOfError}
      lowBase={nps.lowBase}
      parts={parts}
    />
  );
}

export function CsatFigure({ csat }: { readonly csat: Overall['csat'] }) {
  if (csat === null) return <ScoreCard title="CSAT" {...NOTHING} />;
  const parts = [
    { label: 'satisfied', count: csat.satisfied, colour: GOOD },
    { label: 'others', count: csat.n - csat.satisfied, colour: BAD },
  ];
  return (
    <ScoreCard
      title="CSAT"
      figure={`${csat.shown} %`}
      n={csat.n}
      margin={csat.marginOfError}
      lowBase={csat.lowBase}
      parts={parts}
      more={
        csat.mean !== null && (
          <Text size="xs" c="dimmed">
            mean {csat.mean.toFixed(2)}
          </Text>
        )
      }
    />
  );
}

export function CesFigure({ ces }: { readonly ces: Overall['ces'] }) {
  if (ces === null) return <ScoreCard title="CES" {...NOTHING} />;
  const easy = Math.round((ces.easy.score * ces.n) / 100);
  const hard = Math.round((ces.hard.score * ces.n) / 100);
  const parts = [
    { label: 'easy', count: easy, colour: GOOD },
    { label: 'neither', count: ces.n - easy - hard, colour: MIDDLE },
    { label: 'hard', count: hard, colour: BAD },
  ];
  return (
    <ScoreCard
      title="CES"
      figure={`${ces.easy.shown} % easy`}
      n={ces.n}
      margin={ces.easy.marginOfError}
      lowBase={ces.easy.lowBase}
      parts={parts}
      more={
        ces.mean !== null && (
          <Text size="xs" c="dimmed">
            mean {ces.mean.toFixed(2)}
          </Text>
        )
      }
    />
  );
}
