import { Anchor, NativeSelect, Table } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { usePut } from '../address.ts';
import type { MetricLine, ResponsesWish } from '../api.ts';
import { useNames } from '../names.ts';
import { Listed } from '../parts/listed.tsx';
import { Loaded, Section, Waiting } from '../parts/page.tsx';
import { useOverview } from '../queries.ts';
import { FigureCells } from './figure-cells.tsx';
import { GROUPS, responsesPath, useMetrics, useQuestions } from './figures.ts';
import { useMetricAddress } from './metric-address.ts';
import { useSurveys } from './survey-names.ts';

/** Fields of the contact that people are most often told apart by. */
const CONTACT_FIELDS = ['lifecycle', 'country'] as const;

/** A metric for each survey, question, touchpoint, language, channel, owner, or value of a contact's field; each leads to the answers. */
export function Breakdown({ about }: { readonly about: MetricLine }) {
  const { t } = useTranslation('feedback');
  const names = useNames();
  const { answers, by } = useMetricAddress();
  const put = usePut();
  // Two connections may have surveys of one name, or the same survey.
  const groups = useMetrics({ ...answers, nature: about.nature ?? 'none', by: by === 'survey' ? 'connection,survey' : by });
  const choices = [
    ...GROUPS.map((value) => ({ value, label: t(`group.${value}`) })),
    ...CONTACT_FIELDS.map((field) => ({ value: `segment:${field}`, label: t('group.contact', { field: names.field(field) }) })),
  ];
  return (
    <Section
      title={t('breakdown.title')}
      about={t('breakdown.about')}
      actions={
        <NativeSelect
          size="xs"
          aria-label={t('breakdown.by')}
          value={by}
          data={choices}
          onChange={(event) => put({ by: event.currentTarget.value === 'survey' ? null : event.currentTarget.value })}
        />
      }
    >
      <Loaded query={groups} waiting={<Waiting rows={3} height={44} />}>
        {({ items, withheld }) => (
          <>
            <Groups lines={items} by={by} />
            {withheld.length > 0 && <div className="note">{t('withheld')}</div>}
          </>
        )}
      </Loaded>
    </Section>
  );
}

function Groups({ lines, by }: { readonly lines: readonly MetricLine[]; readonly by: string }) {
  const { t } = useTranslation('feedback');
  const nameOf = useGroupName(by);
  const { answers } = useMetricAddress();
  return (
    <Listed
      figures={3}
      label={t('breakdown.title')}
      heads={[t('breakdown.group'), t('trend.score'), t('trend.interval'), t('trend.answers')]}
    >
      {lines
        .toSorted((a, b) => b.n - a.n)
        .map((line) => {
          const narrowed = narrowing(by, line.group);
          return (
            <Table.Tr key={Object.values(line.group).join(' ')}>
              <Table.Th scope="row" fw={500} className="value">
                {nameOf(line.group)}
              </Table.Th>
              <FigureCells line={line} />
              <Table.Td ta="right">
                {narrowed === null ? (
                  t('trend.n', { count: line.n })
                ) : (
                  <Anchor
                    component={Link}
                    size="sm"
                    to={responsesPath({ ...answers, ...narrowed, nature: line.nature ?? 'none', counted: 'true' })}
                  >
                    {t('trend.n', { count: line.n })}
                  </Anchor>
                )}
              </Table.Td>
            </Table.Tr>
          );
        })}
    </Listed>
  );
}

/** What responses have to be asked by to be those of a group; null where nothing is known that they could be asked by. */
function narrowing(by: string, group: MetricLine['group']): Partial<ResponsesWish> | null {
  const value = group[by] ?? null;
  if (value === null) return null;
  switch (by) {
    case 'survey':
      return { surveyId: value, ...(group.connection == null ? {} : { connectionId: group.connection }) };
    case 'connection':
      return { connectionId: value };
    case 'owner':
      return { contact: `owner_email:${value}` };
    case 'question':
    case 'touchpoint':
    case 'language':
    case 'channel':
      return { [by]: value };
    default:
      return by.startsWith('segment:') ? { contact: `${by.slice('segment:'.length)}:${value}` } : null;
  }
}

/** A group as people know it: surveys, questions, and connections by their names. */
function useGroupName(by: string): (group: MetricLine['group']) => string {
  const { t } = useTranslation('feedback');
  const surveys = useSurveys();
  const questions = useQuestions().data ?? [];
  const connections = useOverview().data?.connections ?? [];
  return (group) => {
    const value = group[by] ?? null;
    if (value === null) return t('breakdown.unsaid');
    switch (by) {
      case 'survey':
        return surveys.find(({ surveyId, connection }) => surveyId === value && connection.id === group.connection)?.name ?? value;
      case 'question':
        return questions.find(({ questionId, ref }) => questionId === value || ref === value)?.wordings[0]?.text ?? value;
      case 'connection':
        return connections.find(({ id }) => id === value)?.name ?? value;
      default:
        return value;
    }
  };
}
