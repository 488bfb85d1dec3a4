import './records.css';
import { Button } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { Link, useSearchParams } from 'react-router';
import type { RecordRow } from '../api.ts';
import { useNames } from '../names.ts';
import { LongList } from '../parts/long-list.tsx';
import { ShowAll } from '../parts/next-step.tsx';
import { Empty, Loaded, Page, Waiting } from '../parts/page.tsx';
import { SearchBox } from '../parts/search-box.tsx';
import { Ago, pathOf, SystemChip } from '../parts/small.tsx';
import { useRecords } from '../queries.ts';

const ROW_HEIGHT = 61;

/** The people or companies that the hub knows, with a search that stays in the address. */
export function RecordsPage({ object }: { readonly object: 'contact' | 'company' | 'deal' }) {
  const { t } = useTranslation('records');
  const names = useNames();
  const [search, setSearch] = useSearchParams();
  const text = search.get('q') ?? '';
  const records = useRecords(object, { search: text, pointsAt: search.get('of') });
  const title = names.objects(object);
  return (
    <Page title={title} about={t(`about.${object}`)}>
      <SearchBox
        key={object}
        label={t('search', { objects: names.objectsIn(object) })}
        placeholder={t('placeholder')}
        value={text}
        onSearch={(q) => setSearch(q === '' ? {} : { q }, { replace: true })}
      />
      <Loaded query={records} waiting={<Waiting rows={8} height={48} />}>
        {({ pages }) => {
          const items = pages.flatMap((page) => page.items);
          if (items.length === 0) return <None object={object} text={text} />;
          return (
            <LongList label={title} query={records} items={items} rowHeight={ROW_HEIGHT}>
              {(record) => <Row record={record} />}
            </LongList>
          );
        }}
      </Loaded>
    </Page>
  );
}

function Row({ record }: { readonly record: RecordRow }) {
  const { t } = useTranslation('records');
  const { fields } = record;
  const about = [fields.email ?? fields.domain, fields.job_title ?? fields.industry, fields.phone, fields.city].filter(
    (value) => typeof value === 'string' && value !== '',
  );
  return (
    <Link to={pathOf(record.object, record.id)} className="row-link">
      <div className="apart">
        <div className="whom">
          <div className="said strong value">{record.title}</div>
          <div className="dim cut">{about.slice(0, 3).join(' · ') || t('noContact')}</div>
        </div>
        <div className="chips">
          {record.openHolds > 0 && (
            <span className="chip">
              <span className="dot" data-tone="wait" aria-hidden="true" />
              <span>{t('holds', { count: record.openHolds })}</span>
            </span>
          )}
          {record.links.map((link) => (
            <SystemChip key={link.id} link={link} />
          ))}
        </div>
        <div className="dim when">
          <Ago at={record.updatedAt} />
        </div>
      </div>
    </Link>
  );
}

function None({ object, text }: { readonly object: string; readonly text: string }) {
  const { t } = useTranslation(['records', 'shared']);
  const objects = useNames().objectsIn(object);
  if (text !== '')
    return (
      <Empty title={t('noneFor', { objects, text })} action={<ShowAll />}>
        {t('noneForAbout')}
      </Empty>
    );
  return (
    <Empty
      title={t('none', { objects })}
      action={
        <Button component={Link} to="/connections" variant="default">
          {t('shared:toConnections')}
        </Button>
      }
    >
      {t('noneAbout')}
    </Empty>
  );
}
