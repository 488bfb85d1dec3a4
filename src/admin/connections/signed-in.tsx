import { Button, Group, List, Stack, Text } from '@mantine/core';
import { Link, Navigate, useSearchParams } from 'react-router';
import type { SignIn } from '../api.ts';
import { Loaded, Page } from '../parts/page.tsx';
import { useCause, useSignIn } from '../queries.ts';
import { pluralOf } from '../words.ts';

const NARROW = 640;
const BACK = { to: '/connections', label: 'Connections' };

/** Where the way back from a vendor leads: to the connection, or to why there is none. */
export function SignedInPage() {
  const [search] = useSearchParams();
  const [id, cause] = [search.get('id'), search.get('cause')];
  return (
    <Page title="Sign-in" back={BACK} width={NARROW}>
      {id === null ? <Unknown cause={cause ?? 'sign_in_elsewhere'} /> : <Outcome id={id} />}
    </Page>
  );
}

function Outcome({ id }: { readonly id: string }) {
  const signIn = useSignIn(id);
  return <Loaded query={signIn}>{(told) => <Told signIn={told} />}</Loaded>;
}

const CANNOT = { read: 'be read', write: 'be written', provision: "get Syncline's fields" } as const;

function Told({ signIn }: { readonly signIn: SignIn }) {
  const { state, connectionId, account, lacking, name, message, cause } = signIn;
  if (state === 'waiting') return <div className="note">The sign-in is being looked at…</div>;
  if (state === 'failed' || connectionId === null)
    return <Bad lines={[cause?.text, message, cause?.advice]} again={`/connections/connect/${signIn.connector}`} />;
  if (lacking.length === 0) return <Navigate to={`/connections/${connectionId}`} replace />;
  return (
    <Stack>
      <div className="note warn">
        <Text size="sm" fw={600}>
          {name} is connected to {account?.name}, and not everything was given
        </Text>
        <List size="sm">
          {lacking.map(({ object, act, scopes }) => (
            <List.Item key={`${object} ${act}`}>
              {pluralOf(object)} cannot {CANNOT[act]}: <code>{scopes.join(', ')}</code>
            </List.Item>
          ))}
        </List>
        <Text size="sm">Give the app over there these scopes, and reconnect. Everything else works.</Text>
      </div>
      <Group>
        <Button component={Link} to={`/connections/${connectionId}`}>
          Go on to {name}
        </Button>
        <Button component={Link} variant="default" to={`/connections/${connectionId}/reconnect`}>
          Reconnect
        </Button>
      </Group>
    </Stack>
  );
}

function Unknown({ cause }: { readonly cause: string }) {
  const said = useCause(cause);
  return <Loaded query={said}>{({ text, advice }) => <Bad lines={[text, advice]} again="/connections" />}</Loaded>;
}

function Bad({ lines, again }: { readonly lines: readonly (string | null | undefined)[]; readonly again: string }) {
  const [first, ...more] = lines.filter((line) => typeof line === 'string' && line !== '');
  return (
    <div className="note bad" role="alert">
      <Text size="sm" fw={600} className="value">
        {first}
      </Text>
      {more.map((line) => (
        <Text key={line} size="sm" className="value">
          {line}
        </Text>
      ))}
      <Group mt="xs">
        <Button size="xs" component={Link} to={again}>
          Start again
        </Button>
      </Group>
    </div>
  );
}
