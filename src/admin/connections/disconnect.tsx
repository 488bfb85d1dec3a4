import { Button, Group, List, Modal, Stack, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { notifications } from '@mantine/notifications';
import { useNavigate } from 'react-router';
import { api, type ConnectionOverview } from '../api.ts';
import { Section } from '../parts/page.tsx';
import { useAct, useMay } from '../session.tsx';

// It stays until somebody has read it: the rest has to be done by hand.
function tellLeft(name: string, reason: string | null): void {
  const message = `Remove the app in the settings of the system itself. It was not possible from here: ${reason ?? 'no reason was given'}`;
  notifications.show({ title: `The access that ${name} had is still allowed`, message, color: 'yellow', autoClose: false });
}

/** Ends a connection, after saying what that means. */
export function Disconnect({ connection }: { readonly connection: ConnectionOverview }) {
  const [isOpen, { open, close }] = useDisclosure();
  const navigate = useNavigate();
  const forget = useAct(
    async () => {
      const { access, reason } = await (await api.connections[':id'].$delete({ param: { id: connection.id } })).json();
      if (access === 'left') tellLeft(connection.name, reason);
      await navigate('/connections');
    },
    { done: () => `${connection.name} is disconnected` },
  );
  if (!useMay('admin')) return null;
  return (
    <Section title="Disconnect" about="To pause, switch the connection off instead: then everything stays as it is.">
      <div>
        <Button variant="default" c="var(--mantine-color-error)" onClick={open}>
          Disconnect {connection.name}…
        </Button>
      </div>
      <Modal opened={isOpen} onClose={close} title={`Disconnect ${connection.name}?`} closeButtonProps={{ 'aria-label': 'Close' }}>
        <Stack>
          <List size="sm" spacing={6}>
            <List.Item>Its credentials, and what Syncline saw of its records, are forgotten here.</List.Item>
            <List.Item>Nothing is changed or deleted in the system itself.</List.Item>
            {connection.authKind === 'oauth2' && <List.Item>The access that was allowed there is given back.</List.Item>}
            <List.Item>People and companies stay in Syncline, and in step with your other systems.</List.Item>
            <List.Item>Survey responses that came from it are removed here.</List.Item>
            <List.Item>Connecting again later finds the same people again by the match keys.</List.Item>
          </List>
          <Group justify="flex-end">
            <Button variant="default" onClick={close} data-autofocus>
              Keep it
            </Button>
            <Button color="red.8" loading={forget.isPending} onClick={() => forget.mutate(undefined)}>
              Disconnect
            </Button>
          </Group>
          <Text size="xs" c="dimmed">
            This cannot be undone.
          </Text>
        </Stack>
      </Modal>
    </Section>
  );
}
