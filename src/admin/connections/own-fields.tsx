import { Anchor, Button, Group, Stack, Text } from '@mantine/core';
import { Link } from 'react-router';
import { api, type ConnectionOverview, type ConnectorCard, type OwnFields } from '../api.ts';
import { Section } from '../parts/page.tsx';
import { State } from '../parts/small.tsx';
import { useAct, useMay } from '../session.tsx';
import { many, pluralOf, type Tone } from '../words.ts';

type OwnObject = OwnFields['objects'][number];
type OwnField = OwnObject['fields'][number];
type OwnFieldsProps = { readonly connection: ConnectionOverview; readonly connector: ConnectorCard };

const ABOUT =
  "Where Syncline writes what customers said, and the unique ID by which it never creates a record twice. They are looked at and made only when you ask; nothing that is there is changed or removed, and no record's values are touched.";

/** Syncline's own fields over there: how they stand, and the making of those that are missing. */
export function OwnFieldsSection({ connection, connector }: OwnFieldsProps) {
  const mayMake = useMay('admin');
  const isOffered = connection.streams.some(({ object }) => connector.objects[object]?.provision !== undefined);
  return mayMake && isOffered ? (
    <Section title="Fields of Syncline" about={ABOUT}>
      <Shown connection={connection} connector={connector} />
    </Section>
  ) : null;
}

function Shown({ connection, connector }: OwnFieldsProps) {
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
          <Anchor component={Link} to={`/connections/${connection.id}/reconnect?provision`}>
            Sign in again with the rights to make fields
          </Anchor>
          . They are needed only for this; the next sign-in without them gives them back.
        </Text>
      )}
      <Group gap="xs">
        <Button size="xs" variant="default" loading={look.isPending} onClick={again}>
          {shown === undefined ? 'Look what is there' : 'Look again'}
        </Button>
        {wanted.length > 0 && (
          <Button size="xs" loading={make.isPending} onClick={() => make.mutate(undefined)}>
            Make {many(wanted.length, 'field')} in {connector.label}
          </Button>
        )}
        {shown !== undefined && wanted.length === 0 && !isLacking && !look.isPending && (
          <Text size="sm" c="dimmed">
            There is nothing to make.
          </Text>
        )}
      </Group>
    </Stack>
  );
}

const isToBeMade = ({ state }: OwnField): boolean => state === 'missing' || state === 'incomplete';

function ObjectFields({ object: { object, fields, lacking, trouble } }: { readonly object: OwnObject }) {
  return (
    <Stack gap={4} component="section" aria-label={`Syncline's fields of ${pluralOf(object)}`}>
      <Text size="sm" fw={600}>
        {pluralOf(object)}
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
            The credentials lack <code>{lacking.join(', ')}</code>. Grant it over there for as long as this takes.
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
  const { tone, words } = saidOf(field);
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

const STATES = {
  fits: { tone: 'good', words: 'There' },
  missing: { tone: 'wait', words: 'Missing' },
  incomplete: { tone: 'wait', words: 'Incomplete' },
  unfit: { tone: 'bad', words: 'In the way' },
} as const satisfies Readonly<Record<NonNullable<OwnField['state']>, { tone: Tone; words: string }>>;

function saidOf({ state, lacks, outcome, type, unique }: OwnField): { readonly tone: Tone; readonly words: string } {
  if (outcome === 'made') return { tone: 'good', words: 'Made' };
  if (outcome === 'completed') return { tone: 'good', words: 'Completed' };
  if (state === null) return { tone: 'off', words: 'Not seen' };
  if (outcome === 'failed' && state !== 'unfit') return { tone: 'bad', words: 'Not made' };
  const { tone, words } = STATES[state];
  const more =
    state === 'missing'
      ? ` (${type.replace('_', ' ')}${unique ? ', unique' : ''})`
      : state === 'incomplete'
        ? `: lacks ${lacks.join(', ')}`
        : '';
  return { tone, words: `${words}${more}` };
}
