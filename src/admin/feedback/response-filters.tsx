import { usePut } from '../address.ts';
import { useFeedback } from './response-queries.ts';
import './feedback.css';
import { NativeSelect, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useSearchParams } from 'react-router';
import { useFormat } from '../format.ts';
import { useNames } from '../names.ts';
import { useMetrics } from './figures.ts';
import { useMetricWords } from './metric-words.ts';
import { useResponseAddress } from './response-address.ts';
import { bandsOf } from './score-bands.ts';
import { useSurveys } from './survey-names.ts';

/** What the stream can be narrowed by; what is chosen stands in the address. */
export function ResponseFilters() {
  const { t } = useTranslation('feedback');
  const words = useMetricWords();
  const { wish } = useResponseAddress();
  const put = usePut();
  const summary = useFeedback().data;
  const groups = useMetrics({ by: 'language,channel,touchpoint' }).data?.items ?? [];
  const valuesOf = (name: string) => [...new Set(groups.flatMap(({ group }) => group[name] ?? []))].sort();
  const keys = new Map((summary?.overall.metrics ?? []).map((metric) => [metric.key, words.name({ ...metric, nature: null })]));
  return (
    <div className="filters">
      <Surveys />
      <Choice label={t('filters.metric')} value={wish.key} onChoose={(value) => put({ key: value })}>
        {[...keys].map(([value, label]) => ({ value, label }))}
      </Choice>
      <Scores />
      {(['touchpoint', 'language', 'channel'] as const).map((name) => (
        <Choice key={name} label={t(`group.${name}`)} value={wish[name]} onChoose={(value) => put({ [name]: value })}>
          {valuesOf(name).map((value) => ({ value, label: value }))}
        </Choice>
      ))}
    </div>
  );
}

type Option = { readonly value: string; readonly label: string };
type ChoiceProps = {
  readonly label: string;
  readonly value: string | undefined;
  readonly onChoose: (value: string) => void;
  readonly children: readonly Option[];
};

/** One thing to narrow by. What is in the address is shown, also where nothing is known of it. */
function Choice({ label, value = '', onChoose, children }: ChoiceProps) {
  const { t } = useTranslation('feedback');
  const known = children.some((option) => option.value === value) || value === '' ? children : [...children, { value, label: value }];
  return (
    <NativeSelect
      size="xs"
      label={label}
      value={value}
      data={[{ value: '', label: t('filters.any') }, ...known]}
      onChange={(event) => onChoose(event.currentTarget.value)}
    />
  );
}

/** Which survey: one of the same name, or of the same id, may come by another connection. */
function Surveys() {
  const { t } = useTranslation('feedback');
  const { wish } = useResponseAddress();
  const put = usePut();
  const surveys = useSurveys().map((survey) => ({ ...survey, value: `${survey.connection.id} ${survey.surveyId}` }));
  const chosen = surveys.find(
    ({ surveyId, connection }) => surveyId === wish.surveyId && (wish.connectionId === undefined || connection.id === wish.connectionId),
  );
  const choose = (value: string) => {
    const survey = surveys.find((one) => one.value === value);
    put({ surveyId: survey?.surveyId ?? null, connectionId: survey?.connection.id ?? null });
  };
  return (
    <Choice label={t('group.survey')} value={chosen?.value ?? wish.surveyId} onChoose={choose}>
      {surveys.map(({ name, value }) => ({ value, label: name }))}
    </Choice>
  );
}

/** Scores by what they are called, once it is said of which metric; else from which to which. */
function Scores() {
  const { t } = useTranslation('feedback');
  const { wish } = useResponseAddress();
  const put = usePut();
  const figures = useFeedback().data?.overall.metrics.filter(({ key }) => key === wish.key) ?? [];
  const bands = figures[0] === undefined ? [] : bandsOf(figures[0]);
  const chosen = wish.scoreFrom === undefined && wish.scoreTo === undefined ? '' : `${wish.scoreFrom ?? ''}-${wish.scoreTo ?? ''}`;
  const choose = (value: string) => {
    const [scoreFrom = '', scoreTo = ''] = value.split('-');
    put({ scoreFrom, scoreTo });
  };
  return (
    <Choice label={t('filters.score')} value={chosen} onChoose={choose}>
      {bands.map(({ name, from, to }) => ({ value: `${from}-${to}`, label: t('filters.band', { name: t(`band.${name}`), from, to }) }))}
    </Choice>
  );
}

/** What the address narrows by beside the choices, in words, and the way back to everything. */
export function NarrowedTo() {
  const { t } = useTranslation(['feedback', 'shared']);
  const format = useFormat();
  const names = useNames();
  const [search, setSearch] = useSearchParams();
  const { wish, narrowed, shown } = useResponseAddress();
  if (narrowed.length === 0) return null;
  const [field = '', value = ''] = (wish.contact ?? '').split(/:(.*)/s);
  const said = [
    ...(wish.recordId === undefined ? [] : [t('responses.onlyContact')]),
    ...(wish.from === undefined && wish.to === undefined
      ? []
      : [
          t('filters.time', {
            from: wish.from === undefined ? '…' : format.day(wish.from),
            to: wish.to === undefined ? '…' : lastDay(format.day, wish.to),
          }),
        ]),
    ...(wish.nature === undefined || wish.nature === 'none' ? [] : [t(`filters.${wish.nature}`)]),
    ...(wish.question === undefined ? [] : [t('filters.question', { question: wish.question })]),
    ...(wish.contact === undefined ? [] : [t('filters.contact', { field: names.field(field), value })]),
    ...(search.get('counted') === 'true' ? [t('filters.counted')] : []),
  ];
  return (
    <Text size="sm" c="dimmed" className="value">
      {said.join(' ')}{' '}
      <button type="button" className="bare linkish" onClick={() => setSearch(shown === 'all' ? {} : { show: shown })}>
        {t('shared:showAll')}
      </button>
    </Text>
  );
}

/** The last day that is meant: the end of a time is no part of it. */
const lastDay = (day: (at: string) => string, to: string): string => day(new Date(Date.parse(to) - 1).toISOString());
