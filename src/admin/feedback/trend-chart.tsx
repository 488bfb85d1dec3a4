import {
  Area,
  CartesianGrid,
  ComposedChart,
  Line,
  ReferenceArea,
  ReferenceLine,
  ResponsiveContainer,
  Tooltip,
  XAxis,
  YAxis,
} from 'recharts';
import type { Benchmark, MetricLine } from '../api.ts';
import { usePeriodName } from './trend.tsx';
import { TrendTip } from './trend-tip.tsx';

type ChartProps = { readonly lines: readonly MetricLine[]; readonly benchmark: Benchmark | null; readonly height: number };
type Dot = { readonly cx?: number; readonly cy?: number; readonly payload?: { readonly line: MetricLine } };

const LIMITS = { nps: [-100, 100], csat: [0, 100], ces: [0, 100] } as const;
const STEP = 10;
const COLOUR = 'var(--mantine-primary-color-filled)';
const MUTED = 'var(--mantine-color-dimmed)';

/** The line of a metric with its interval. A hollow point has a low base; what others reach is a band behind it. */
export function TrendChart({ lines, benchmark, height }: ChartProps) {
  const nameOf = usePeriodName();
  const points = lines.map((line) => ({
    name: nameOf(line.period),
    score: line.score,
    interval: [line.interval.low, line.interval.high],
    line,
  }));
  const band = bandOf(benchmark);
  const ticks = ticksOf(domainOf(lines, band));
  return (
    <ResponsiveContainer width="100%" height={height}>
      <ComposedChart data={points} margin={{ top: 12, right: 16, bottom: 0, left: 0 }} accessibilityLayer>
        <CartesianGrid stroke="var(--sl-line)" vertical={false} />
        <XAxis dataKey="name" tick={{ fontSize: 12, fill: MUTED }} stroke="var(--sl-line)" tickLine={false} minTickGap={24} />
        <YAxis
          domain={[ticks[0] ?? 0, ticks.at(-1) ?? 0]}
          ticks={[...ticks]}
          width={40}
          tick={{ fontSize: 12, fill: MUTED }}
          stroke="var(--sl-line)"
          tickLine={false}
          allowDataOverflow
        />
        {band !== null && band.low < band.high && (
          <ReferenceArea
            y1={band.low}
            y2={band.high}
            fill={MUTED}
            fillOpacity={0.14}
            stroke={MUTED}
            strokeDasharray="2 4"
            strokeOpacity={0.6}
          />
        )}
        {band !== null && (
          <ReferenceLine
            y={band.mid}
            stroke={MUTED}
            strokeDasharray="6 4"
            label={{ value: benchmark?.industry ?? '', position: 'insideBottomRight', fontSize: 12, fill: MUTED }}
          />
        )}
        <Tooltip isAnimationActive={false} content={<TrendTip />} />
        <Area dataKey="interval" stroke="none" fill={COLOUR} fillOpacity={0.15} isAnimationActive={false} activeDot={false} type="linear" />
        <Line dataKey="score" stroke={COLOUR} strokeWidth={2} dot={Point} activeDot={{ r: 5 }} isAnimationActive={false} type="linear" />
      </ComposedChart>
    </ResponsiveContainer>
  );
}

function Point({ cx, cy, payload }: Dot) {
  if (cx === undefined || cy === undefined || payload === undefined) return <g />;
  const isLow = payload.line.lowBase;
  return <circle cx={cx} cy={cy} r={4.5} stroke={COLOUR} strokeWidth={2} fill={isLow ? 'var(--sl-card)' : COLOUR} />;
}

type Band = { readonly low: number; readonly mid: number; readonly high: number };

function bandOf(benchmark: Benchmark | null): Band | null {
  const given = [benchmark?.low, benchmark?.mid, benchmark?.high].filter((value) => typeof value === 'number');
  if (given.length === 0) return null;
  const [low, high] = [Math.min(...given), Math.max(...given)];
  return { low, high, mid: benchmark?.mid ?? (low + high) / 2 };
}

/** So much of the scale as there is something on, in whole tens. */
function domainOf(lines: readonly MetricLine[], band: Band | null): [number, number] {
  const [least, most] = LIMITS[lines[0]?.metric ?? 'nps'];
  const all = [
    ...lines.flatMap(({ interval, score }) => [interval.low, interval.high, score]),
    ...(band === null ? [] : [band.low, band.high]),
  ];
  return [Math.max(least, Math.floor(Math.min(...all) / STEP) * STEP), Math.min(most, Math.ceil(Math.max(...all) / STEP) * STEP)];
}

/** Round numbers over the whole of it, some five of them. */
function ticksOf([least, most]: readonly [number, number]): readonly number[] {
  const step = [10, 20, 25, 50].find((one) => (most - least) / one <= 6) ?? 50;
  const from = Math.floor(least / step) * step;
  return Array.from({ length: Math.ceil((most - from) / step) + 1 }, (_, i) => from + i * step);
}
