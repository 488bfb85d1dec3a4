import { Anchor, Button, Group, Stack, Text } from '@mantine/core';
import type { TFunction } from 'i18next';
import { Trans, useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { api, type ConnectionOverview, type ConnectorCard, type OwnFields } from '../api.ts';
import { useNames } from '../names.ts';
import { Section } from '../parts/page.tsx';
import { State } from '../parts/small.tsx';
import { useAct, useMay } from '../session.tsx';
import type { Tone } from '../tones.ts';

type OwnObject = OwnFields['objects'][number];
type OwnField = OwnObject['fields'][number];
type OwnFieldsProps = { readonly connection: ConnectionOverview; readonly connector: ConnectorCard };

/** Syncline's own fields over there: how they stand, and the making of those that are missing. */
export function OwnFieldsSection({ connection, connector }: OwnFieldsProps) {
  const { t } = useTranslation('connections');
  const mayMake = useMay('admin');
  const isOffered = connection.streams.some(({ object }) => connector.objects[object]?.provision !== undefined);
  return mayMake && isOffered ? (
    <Section title={t('own.title')} about={t('own.about')}>
      <Shown connection={connection} connector={connector} />
    </Section>
  ) : null;
}

function Shown({ connection, connector }: OwnFieldsProps) {
  const { t } = useTranslation('connections');
  const ownFields = api.connections[':id']['own-fields'];
  const param = { id: connection.id };
  const look = useAct(async () => (await ownFields.$get({ param, query: {} })).json());
  const make = useAct(async () => (await ownFields.$post({ param, json: {} })).json());
  const shown = make.data ?? look.data;
  const lacks = ({ lacking }: OwnObject) => (lacking ?? []).length > 0;
  const wanted = shown?.objects.filter((object) => !lacks(object)).flatMap(({ fields }) => fields.filter(isToBeMade)) ?? [];
  const isLacking = shown?.objects.some(lacks) === true;
  const again = () => {
    make.reset();
    look.mutate(undefined);
  };
  return (
    <Stack className="card" p="md" gap="md">
      {shown?.objects.map((object) => (
        <ObjectFields key={object.object} object={object} />
      ))}
      {isLacking && connection.authKind === 'oauth2' && (
        <Text size="sm">
          <Trans
            t={t}
            i18nKey="own.signInAgain"
            components={{ a: <Anchor component={Link} to={`/connections/${connection.id}/reconnect?provision`} /> }}
          />
        </Text>
      )}
      <Group gap="xs">
        <Button size="xs" variant="default" loading={look.isPending} onClick={again}>
          {t(shown === undefined ? 'own.look' : 'own.lookAgain')}
        </Button>
        {wanted.length > 0 && (
          <Button size="xs" loading={make.isPending} onClick={() => make.mutate(undefined)}>
            {t('own.make', { count: wanted.length, system: connector.label })}
          </Button>
        )}
        {shown !== undefined && wanted.length === 0 && !isLacking && !look.isPending && (
          <Text size="sm" c="dimmed">
            {t('own.nothing')}
          </Text>
        )}
      </Group>
    </Stack>
  );
}

const isToBeMade = ({ state }: OwnField): boolean => state === 'missing' || state === 'incomplete';

function ObjectFields({ object: { object, fields, lacking, trouble } }: { readonly object: OwnObject }) {
  const { t } = useTranslation('connections');
  const names = useNames();
  return (
    <Stack gap={4} component="section" aria-label={t('own.of', { objects: names.objects(object) })}>
      <Text size="sm" fw={600}>
        {names.objects(object)}
      </Text>
      {trouble !== null && (
        <div className="note bad" role="alert">
          <Text size="sm">
            {sentence(trouble.message)} {trouble.advice}
          </Text>
        </div>
      )}
      {lacking !== null && lacking.length > 0 && (
        <div className="note warn">
          <Text size="sm">
            <Trans t={t} i18nKey="own.lacking" values={{ scopes: lacking.join(', ') }} components={{ code: <code /> }} />
          </Text>
        </div>
      )}
      {fields.map((field) => (
        <FieldLine key={field.name} field={field} />
      ))}
    </Stack>
  );
}

function FieldLine({ field }: { readonly field: OwnField }) {
  const { t } = useTranslation('connections');
  const { tone, words } = saidOf(field, t);
  return (
    <Group justify="space-between" gap="md" align="flex-start" wrap="wrap">
      <div style={{ flex: '1 1 16rem', minWidth: 0 }}>
        <Text size="sm">
          {field.label} <code>{field.name}</code>
        </Text>
        <Text size="xs" c="dimmed">
          {field.description}
        </Text>
        {field.reason !== null && (
          <Text size="xs" c="var(--mantine-color-error)">
            {sentence(field.reason)} {field.advice === null ? '' : sentence(field.advice)}
          </Text>
        )}
      </div>
      <Text size="sm" component="div">
        <State tone={tone} words={words} />
      </Text>
    </Group>
  );
}

const sentence = (text: string): string => `${text.charAt(0).toUpperCase()}${text.slice(1).replace(/\.$/, '')}.`;

type Said = { readonly tone: Tone; readonly words: string };

function saidOf({ state, lacks, outcome, type, unique }: OwnField, t: TFunction<'connections'>): Said {
  if (outcome === 'made') return { tone: 'good', words: t('own.made') };
  if (outcome === 'completed') return { tone: 'good', words: t('own.completed') };
  if (state === null) return { tone: 'off', words: t('own.notSeen') };
  if (outcome === 'failed' && state !== 'unfit') return { tone: 'bad', words: t('own.notMade') };
  if (state === 'missing')
    return { tone: 'wait', words: t(unique ? 'own.missingUnique' : 'own.missing', { type: type.replace('_', ' ') }) };
  if (state === 'incomplete') return { tone: 'wait', words: t('own.incomplete', { what: lacks.join(', ') }) };
  return state === 'fits' ? { tone: 'good', words: t('own.fits') } : { tone: 'bad', words: t('own.unfit') };
}
