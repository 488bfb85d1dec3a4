import './feedback.css';
import { Anchor, Table } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import type { MetricLine } from '../api.ts';
import { useFormat } from '../format.ts';
import { Listed } from '../parts/listed.tsx';
import { Section } from '../parts/page.tsx';
import { responsesPath } from './figures.ts';
import { useMetricAddress } from './metric-address.ts';

/** How often each score was given, every one of the scale; each leads to the answers. */
export function DistributionTable({ about }: { readonly about: MetricLine }) {
  const { t } = useTranslation('feedback');
  const format = useFormat();
  const { answers } = useMetricAddress();
  const { distribution, scale, n } = about;
  if (distribution === null || scale === null)
    return (
      <Section title={t('distribution.title')}>
        <div className="note">{t('distribution.mixed')}</div>
      </Section>
    );
  const counts = new Map(distribution.map(({ score, count }) => [score, count]));
  const most = Math.max(1, ...counts.values());
  const scores = Array.from({ length: scale.max - scale.min + 1 }, (_, i) => scale.max - i);
  return (
    <Section title={t('distribution.title')} about={t('distribution.about')}>
      <Listed figures={2} label={t('distribution.title')} heads={[t('distribution.score'), t('distribution.share'), t('trend.answers')]}>
        {scores.map((score) => {
          const count = counts.get(score) ?? 0;
          const only = { scoreFrom: String(score), scoreTo: String(score) };
          return (
            <Table.Tr key={score}>
              <Table.Th scope="row" fw={500}>
                {format.number(score)}
              </Table.Th>
              <Table.Td ta="right" w="60%">
                <div className="spread">
                  <span className="spread-bar" aria-hidden="true">
                    <span style={{ width: `${(100 * count) / most}%` }} />
                  </span>
                  <span>{t('percent', { score: format.fixed((100 * count) / Math.max(1, n), 0) })}</span>
                </div>
              </Table.Td>
              <Table.Td ta="right">
                {count === 0 ? (
                  format.count(0)
                ) : (
                  <Anchor
                    component={Link}
                    size="sm"
                    to={responsesPath({ ...answers, ...only, nature: about.nature ?? 'none', counted: 'true' })}
                  >
                    {t('trend.n', { count })}
                  </Anchor>
                )}
              </Table.Td>
            </Table.Tr>
          );
        })}
      </Listed>
    </Section>
  );
}
