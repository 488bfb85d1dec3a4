import { Button, Group, List, Stack, Text } from '@mantine/core';
import { Trans, useTranslation } from 'react-i18next';
import { Link, Navigate, useSearchParams } from 'react-router';
import type { SignIn } from '../api.ts';
import { useNames } from '../names.ts';
import { Loaded, Page } from '../parts/page.tsx';
import { useCause, useSignIn } from '../queries.ts';
import { keptWay } from './way-back.ts';

const NARROW = 640;

/** Where the way back from a vendor leads: to the connection, or to why there is none. */
export function SignedInPage() {
  const { t } = useTranslation('connections');
  const [search] = useSearchParams();
  const [id, cause] = [search.get('id'), search.get('cause')];
  return (
    <Page title={t('signedIn.title')} back={{ to: '/connections', label: t('title') }} width={NARROW}>
      {id === null ? <Unknown cause={cause ?? 'sign_in_elsewhere'} /> : <Outcome id={id} />}
    </Page>
  );
}

function Outcome({ id }: { readonly id: string }) {
  const signIn = useSignIn(id);
  return <Loaded query={signIn}>{(told) => <Told signIn={told} />}</Loaded>;
}

function Told({ signIn }: { readonly signIn: SignIn }) {
  const { t } = useTranslation('connections');
  const names = useNames();
  const { state, connectionId, account, lacking, name, message, cause } = signIn;
  const way = keptWay();
  if (state === 'waiting') return <div className="note">{t('signedIn.waiting')}</div>;
  if (state === 'failed' || connectionId === null)
    return (
      <Bad
        lines={[cause?.text, message, cause?.advice]}
        again={`/connections/connect/${signIn.connector}${way === null ? '' : '?then=start'}`}
      />
    );
  const next = way ?? `/connections/${connectionId}`;
  if (lacking.length === 0) return <Navigate to={next} replace />;
  return (
    <Stack>
      <div className="note warn">
        <Text size="sm" fw={600}>
          {t('signedIn.partly', { name, account: account?.name ?? '' })}
        </Text>
        <List size="sm">
          {lacking.map(({ object, act, scopes }) => (
            <List.Item key={`${object} ${act}`}>
              <Trans
                t={t}
                i18nKey={`signedIn.${act}`}
                values={{ objects: names.objects(object), scopes: scopes.join(', ') }}
                components={{ code: <code /> }}
              />
            </List.Item>
          ))}
        </List>
        <Text size="sm">{t('signedIn.giveScopes')}</Text>
      </div>
      <Group>
        <Button component={Link} to={next}>
          {t('signedIn.goOn', { name })}
        </Button>
        <Button component={Link} variant="default" to={`/connections/${connectionId}/reconnect`}>
          {t('reconnect')}
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
  const { t } = useTranslation('connections');
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
          {t('signedIn.startAgain')}
        </Button>
      </Group>
    </div>
  );
}
