import { Button, Group, Stack, Text } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import type { TFunction } from 'i18next';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api, type RecordRow, type ResponseDetail, type Suggestion } from '../api.ts';
import { Section } from '../parts/page.tsx';
import { SearchBox } from '../parts/search-box.tsx';
import { RecordLink } from '../parts/small.tsx';
import { useRecords } from '../queries.ts';
import { useAct, useMay } from '../session.tsx';
import { useSuggestions } from './response-queries.ts';
import { Suggested } from './suggested.tsx';

const attach = (id: string, recordId: string) => api.responses[':id'].attach.$post({ param: { id }, json: { recordId } });
const detach = (id: string) => api.responses[':id'].detach.$post({ param: { id } });

/** Whose response it is: shown, taken off, or found by search. Every step can be undone from its message. */
export function Attaching({ response }: { readonly response: ResponseDetail }) {
  const { t } = useTranslation('feedback');
  return (
    <Section title={t('attaching.contact')}>
      {response.recordId === null ? <Unmatched response={response} /> : <Attached response={response} recordId={response.recordId} />}
    </Section>
  );
}

function Attached({ response, recordId }: { readonly response: ResponseDetail; readonly recordId: string }) {
  const { t } = useTranslation('feedback');
  const tell = useTell();
  const mayChange = useMay('steward');
  const again = useAct(async () => attach(response.id, recordId));
  const off = useAct(async () => detach(response.id), {
    onDone: () => tell(t('attaching.detached'), () => again.mutate(undefined)),
  });
  const title = response.recordTitle ?? t('attaching.nameless');
  return (
    <Group className="card" p="md" justify="space-between">
      <div>
        <Text size="sm" component="div" fw={550}>
          <RecordLink record={{ id: recordId, object: 'contact', title }} />
        </Text>
        <Text size="xs" c="dimmed">
          {evidenceIn(response.evidence, t)}
        </Text>
      </div>
      {mayChange && (
        <Button size="xs" variant="default" loading={off.isPending} onClick={() => off.mutate(undefined)}>
          {t('attaching.detach')}
        </Button>
      )}
    </Group>
  );
}

function Unmatched({ response }: { readonly response: ResponseDetail }) {
  const { t } = useTranslation('feedback');
  const tell = useTell();
  const mayAttach = useMay('steward');
  const [text, setText] = useState('');
  const found = useRecords('contact', { search: text }, text !== '');
  const items = text === '' ? [] : (found.data?.pages[0]?.items ?? []);
  const off = useAct(async () => detach(response.id));
  const suggested = useSuggestions(response.id, mayAttach).data?.suggestions ?? [];
  const on = useAct(async (record: Pick<RecordRow, 'id' | 'title'>) => attach(response.id, record.id), {
    onDone: (record) => tell(t('attaching.attached', { title: record.title }), () => off.mutate(undefined)),
  });
  const sentence =
    response.attachment === 'detached'
      ? t('attaching.takenOff')
      : t(response.reason === null ? 'attaching.unmatched' : `attaching.reason.${response.reason}`);
  return (
    <Stack className="card" p="md" gap="sm">
      <Text size="sm">{mayAttach ? t('attaching.asking', { sentence }) : sentence}</Text>
      {suggested.map((one) => (
        <Suggested
          key={one.recordId}
          suggestion={one}
          isBusy={on.isPending && on.variables.id === one.recordId}
          onAttach={() => on.mutate({ id: one.recordId, title: one.title })}
        />
      ))}
      {mayAttach && <SearchBox label={t('attaching.search')} placeholder={t('attaching.placeholder')} value="" onSearch={setText} />}
      {text !== '' && items.length === 0 && !found.isPending && (
        <Text size="sm" c="dimmed" role="status">
          {t('attaching.nobody', { text })}
        </Text>
      )}
      {items.slice(0, 8).map((record) => (
        <Group key={record.id} justify="space-between" gap="xs">
          <div>
            <Text size="sm" fw={550} className="value">
              {record.title}
            </Text>
            <Text size="xs" c="dimmed" className="value">
              {[record.fields.email, record.fields.phone].filter((value) => typeof value === 'string').join(' · ')}
            </Text>
          </div>
          <Button
            size="xs"
            variant="default"
            loading={on.isPending && on.variables.id === record.id}
            onClick={() => on.mutate(record)}
            aria-label={t('attaching.attachTo', { title: record.title })}
          >
            {t('attaching.attach')}
          </Button>
        </Group>
      ))}
    </Stack>
  );
}

/** Says what was done, with the way back. */
function useTell(): (words: string, undo: () => void) => void {
  const { t } = useTranslation();
  return (words, undo) => {
    const id = notifications.show({
      message: (
        <Group justify="space-between" gap="xs">
          <span>{words}</span>
          <Button
            size="compact-xs"
            variant="default"
            onClick={() => {
              notifications.hide(id);
              undo();
            }}
          >
            {t('undo')}
          </Button>
        </Group>
      ),
    });
  };
}

const KNOWN = ['link', 'field', 'id', 'email', 'phone', 'hand'] as const;
const CONFIDENCES = ['certain', 'high', 'medium', 'low'] as const satisfies readonly Suggestion['confidence'][];

function evidenceIn(evidence: unknown, t: TFunction<'feedback'>): string {
  if (typeof evidence !== 'object' || evidence === null) return t('attaching.by.unknown');
  const by: unknown = Reflect.get(evidence, 'by');
  const from: unknown = Reflect.get(evidence, 'from');
  const known = KNOWN.find((one) => one === by);
  const words =
    known !== undefined
      ? t(`attaching.by.${known}`)
      : typeof by === 'string'
        ? t('attaching.by.other', { key: by })
        : t('attaching.by.unknown');
  const sourced = typeof from === 'string' && by !== 'hand' ? t('attaching.from', { words, from }) : words;
  const sure = CONFIDENCES.find((one) => one === Reflect.get(evidence, 'confidence'));
  return sure === undefined ? sourced : t('attaching.sure', { words: sourced, confidence: t(`attaching.confidence.${sure}`) });
}
