import { Checkbox, List, Stack, Text, TextInput } from '@mantine/core';
import type { ConnectorCard } from '../api.ts';
import { pluralOf } from '../words.ts';

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
  const offered = objectsOf(way);
  const isAsked = (use: Use) => objects.includes(use.object) && (use.act !== 'provision' || provision);
  const asked = (way.scopes ?? []).filter(({ of }) => of === undefined || of.some(isAsked));
  const makesFields = way.scopes?.some(({ of }) => of?.some(({ act }) => act === 'provision')) === true;
  return (
    <Stack gap="sm">
      <TextInput
        label="Redirect address"
        description="Enter it in the app over there, exactly as it stands here."
        value={connector.redirectUri}
        readOnly
        onFocus={(event) => event.currentTarget.select()}
      />
      {offered.length > 0 && (
        <Checkbox.Group label="Objects to reach" value={[...objects]} onChange={onObjects}>
          <Stack gap={6} mt={4}>
            {offered.map((object) => (
              <Checkbox key={object} value={object} label={pluralOf(object)} />
            ))}
          </Stack>
        </Checkbox.Group>
      )}
      {makesFields && (
        <Checkbox
          label="Let Syncline make its own fields there"
          description="Once you ask for it on the connection's page. You can sign in again without it afterwards."
          checked={provision}
          onChange={(event) => onProvision(event.currentTarget.checked)}
        />
      )}
      <section aria-label="Scopes">
        <Text size="sm" fw={500}>
          Scopes that are asked for
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
