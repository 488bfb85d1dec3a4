import { SegmentedControl, Stack, Text } from '@mantine/core';
import { useSearchParams } from 'react-router';
import { Empty, Loaded, More, Page, Waiting } from '../parts/page.tsx';
import { type Attachment, type ResponseFilter, useOverview, useResponses } from '../queries.ts';
import { ResponseItem } from './response-item.tsx';

const SHOWN = ['all', 'unmatched', 'attached', 'detached'] as const;
type Shown = (typeof SHOWN)[number];
const EMPTY: Readonly<Record<Shown, readonly [string, string]>> = {
  all: ['No responses yet', 'Connect a survey tool: its answers are read, scored, and put on the contact who gave them.'],
  unmatched: [
    'Every response has its contact',
    'A response that cannot be matched by id, e-mail, or phone waits here. It is attached by itself when the contact appears, or by hand.',
  ],
  attached: ['No response is attached yet', 'Responses are attached by an id in the survey link, else by e-mail, else by phone.'],
  detached: ['None was taken off', 'Responses that somebody took off a contact stay here, and are not attached again by themselves.'],
};

/** Survey responses as a stream: all, those without a contact, and those with one. */
export function ResponsesPage() {
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
  const [title, about] = EMPTY[shown];
  const labelOf = (each: Shown) => (each === 'all' || counts === undefined ? each : `${each} (${counts[each].toLocaleString()})`);
  return (
    <Page title="Responses" about="What people answered, the newest first." width={860}>
      <SegmentedControl
        aria-label="Which responses"
        value={shown}
        onChange={(show) => setSearch((old) => ({ ...Object.fromEntries(old), show }), { replace: true })}
        data={SHOWN.map((value) => ({ value, label: <span style={{ textTransform: 'capitalize' }}>{labelOf(value)}</span> }))}
        style={{ alignSelf: 'flex-start', flexWrap: 'wrap', maxWidth: '100%' }}
      />
      {(survey !== null || record !== null) && (
        <Text size="sm" c="dimmed">
          Only of one {survey === null ? 'contact' : 'survey'}.{' '}
          <button
            type="button"
            className="bare"
            style={{ color: 'var(--mantine-color-anchor)', textDecoration: 'underline' }}
            onClick={() => setSearch({ show: shown })}
          >
            Show all
          </button>
        </Text>
      )}
      <Loaded query={responses} waiting={<Waiting rows={6} height={72} />}>
        {({ pages }) => {
          const items = pages.flatMap((page) => page.items);
          if (items.length === 0) return <Empty title={title}>{about}</Empty>;
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
