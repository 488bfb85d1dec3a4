import { usePut } from '../address.ts';
import './records.css';
import { SegmentedControl, Stack, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useSearchParams } from 'react-router';
import type { TimelineEntry } from '../api.ts';
import { ResponseItem } from '../feedback/response-item.tsx';
import { useNames } from '../names.ts';
import { LongList } from '../parts/long-list.tsx';
import { Loaded, Waiting } from '../parts/page.tsx';
import { Ago, RecordLink, Shown } from '../parts/small.tsx';
import { TIMELINE_KINDS, useTimeline } from '../queries.ts';
import { ChangeLine } from './change-line.tsx';

const ROW_HEIGHT = 64;

/** All that happened around a record, the newest first: its changes, survey responses, and what refers to it. */
export function Timeline({ recordId, until }: { readonly recordId: string; readonly until: string | null }) {
  const { t } = useTranslation('records');
  const [search] = useSearchParams();
  const kind = TIMELINE_KINDS.find((one) => one === search.get('show')) ?? null;
  const timeline = useTimeline(recordId, { kind, until });
  const put = usePut();
  return (
    <Stack gap="sm">
      <SegmentedControl
        aria-label={t('timeline.which')}
        value={kind ?? 'all'}
        onChange={(next) => put({ show: next === 'all' ? null : next })}
        data={['all' as const, ...TIMELINE_KINDS].map((value) => ({ value, label: t(`timeline.${value}`) }))}
        style={{ alignSelf: 'flex-start', flexWrap: 'wrap', maxWidth: '100%' }}
      />
      <Loaded query={timeline} waiting={<Waiting rows={4} height={64} />}>
        {({ pages }) => {
          const items = pages.flatMap((page) => page.items);
          if (items.length === 0)
            return (
              <div className="note">
                <Text size="sm">{t(kind === null ? 'timeline.none' : 'timeline.noneOf')}</Text>
              </div>
            );
          return (
            <LongList
              label={t('timeline.title')}
              items={items}
              query={timeline}
              rowHeight={ROW_HEIGHT}
              row={({ kind }) => ({ className: 'happening', 'data-kind': kind })}
            >
              {(entry) => <Entry entry={entry} />}
            </LongList>
          );
        }}
      </Loaded>
    </Stack>
  );
}

function Entry({ entry }: { readonly entry: TimelineEntry }) {
  switch (entry.kind) {
    case 'change':
      return <ChangeLine change={entry.change} />;
    case 'response':
      return <ResponseItem response={entry.response} />;
    case 'activity':
      return <ActivityLine at={entry.at} activity={entry.activity} />;
  }
}

type Activity = Extract<TimelineEntry, { kind: 'activity' }>['activity'];
const TOLD = ['body', 'outcome', 'status', 'stage', 'owner_email'] as const;

function ActivityLine({ at, activity }: { readonly at: string; readonly activity: Activity }) {
  const names = useNames();
  const title = activity.title ?? names.thing(activity.object);
  return (
    <div className="row">
      <div className="apart">
        <span className="said strong">
          {names.objects(activity.object)}: <RecordLink record={{ id: activity.id, object: activity.object, title }} />
        </span>
        <span className="dim">
          <Ago at={at} />
        </span>
      </div>
      {TOLD.filter((name) => (activity.fields[name] ?? '') !== '').map((name) => (
        <div key={name} className="said three-lines">
          <span className="dimmed">{names.field(name)}: </span>
          <Shown value={activity.fields[name]} />
        </div>
      ))}
    </div>
  );
}
