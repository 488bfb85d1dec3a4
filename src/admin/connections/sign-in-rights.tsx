import { Checkbox, List, Stack, Text, TextInput } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { ConnectorCard } from '../api.ts';
import { useNames } from '../names.ts';

type Way = ConnectorCard['auth'][number];
type Use = NonNullable<NonNullable<Way['scopes']>[number]['of']>[number];
type RightsProps = {
  readonly connector: ConnectorCard;
  readonly way: Way;
  readonly objects: readonly string[];
  readonly onObjects: (objects: string[]) => void;
  /** Whether Syncline's own fields are to be made there. */
  readonly provision: boolean;
  readonly onProvision: (provision: boolean) => void;
};

/** What the app over there has to know, and what the sign-in asks for: each right with what it is for. */
export function SignInRights({ connector, way, objects, onObjects, provision, onProvision }: RightsProps) {
  const { t } = useTranslation('connections');
  const names = useNames();
  const offered = objectsOf(way);
  const isAsked = (use: Use) => objects.includes(use.object) && (use.act !== 'provision' || provision);
  const asked = (way.scopes ?? []).filter(({ of }) => of === undefined || of.some(isAsked));
  const makesFields = way.scopes?.some(({ of }) => of?.some(({ act }) => act === 'provision')) === true;
  return (
    <Stack gap="sm">
      <TextInput
        label={t('rights.redirect')}
        description={t('rights.redirectHelp')}
        value={connector.redirectUri}
        readOnly
        onFocus={(event) => event.currentTarget.select()}
      />
      {offered.length > 0 && (
        <Checkbox.Group label={t('rights.objects')} value={[...objects]} onChange={onObjects}>
          <Stack gap={6} mt={4}>
            {offered.map((object) => (
              <Checkbox key={object} value={object} label={names.objects(object)} />
            ))}
          </Stack>
        </Checkbox.Group>
      )}
      {makesFields && (
        <Checkbox
          label={t('rights.provision')}
          description={t('rights.provisionHelp')}
          checked={provision}
          onChange={(event) => onProvision(event.currentTarget.checked)}
        />
      )}
      <section aria-label={t('rights.scopes')}>
        <Text size="sm" fw={500}>
          {t('rights.asked')}
        </Text>
        <List size="sm" spacing={2}>
          {asked.map(({ name, about }) => (
            <List.Item key={name}>
              <code>{name}</code>: {about}
            </List.Item>
          ))}
        </List>
      </section>
    </Stack>
  );
}

/** The objects that a way to sign in tells apart. */
export function objectsOf(way: Way | undefined): readonly string[] {
  return [...new Set((way?.scopes ?? []).flatMap(({ of = [] }) => of.map(({ object }) => object)))];
}
