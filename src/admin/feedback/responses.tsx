import { SegmentedControl, Stack, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useSearchParams } from 'react-router';
import { Empty, Loaded, More, Page, Waiting } from '../parts/page.tsx';
import { type Attachment, type ResponseFilter, useOverview, useResponses } from '../queries.ts';
import { ResponseItem } from './response-item.tsx';

const SHOWN = ['all', 'unmatched', 'attached', 'detached'] as const;
type Shown = (typeof SHOWN)[number];
const EMPTY = { all: 'All', unmatched: 'Unmatched', attached: 'Attached', detached: 'Detached' } as const;

/** Survey responses as a stream: all, those without a contact, and those with one. */
export function ResponsesPage() {
  const { t } = useTranslation(['feedback', 'shared']);
  const [search, setSearch] = useSearchParams();
  const shown = SHOWN.find((each) => each === search.get('show')) ?? 'all';
  const survey = search.get('survey');
  const record = search.get('record');
  const filter: ResponseFilter = {
    ...(shown === 'all' ? {} : { attachment: shown satisfies Attachment }),
    ...(survey === null ? {} : { surveyId: survey }),
    ...(record === null ? {} : { recordId: record }),
  };
  const responses = useResponses(filter);
  const counts = useOverview().data?.responses;
  const labelOf = (each: Shown) =>
    each === 'all' || counts === undefined
      ? t(`responses.${each}`)
      : t('responses.counted', { what: t(`responses.${each}`), count: counts[each] });
  return (
    <Page title={t('responses.title')} about={t('responses.about')} width={860}>
      <SegmentedControl
        aria-label={t('responses.which')}
        value={shown}
        onChange={(show) => setSearch((old) => ({ ...Object.fromEntries(old), show }), { replace: true })}
        data={SHOWN.map((value) => ({ value, label: labelOf(value) }))}
        style={{ alignSelf: 'flex-start', flexWrap: 'wrap', maxWidth: '100%' }}
      />
      {(survey !== null || record !== null) && (
        <Text size="sm" c="dimmed">
          {t(survey === null ? 'responses.onlyContact' : 'responses.onlySurvey')}{' '}
          <button
            type="button"
            className="bare"
            style={{ color: 'var(--mantine-color-anchor)', textDecoration: 'underline' }}
            onClick={() => setSearch({ show: shown })}
          >
            {t('shared:showAll')}
          </button>
        </Text>
      )}
      <Loaded query={responses} waiting={<Waiting rows={6} height={72} />}>
        {({ pages }) => {
          const items = pages.flatMap((page) => page.items);
          if (items.length === 0)
            return <Empty title={t(`responses.none${EMPTY[shown]}`)}>{t(`responses.none${EMPTY[shown]}About`)}</Empty>;
          return (
            <Stack gap="sm">
              <div className="card rows">
                {items.map((response) => (
                  <ResponseItem key={response.id} response={response} whose />
                ))}
              </div>
              <More query={responses} />
            </Stack>
          );
        }}
      </Loaded>
    </Page>
  );
}
