import { ActionIcon, Group, Menu, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { api } from '../api.ts';
import { MoreIcon } from '../parts/icons.tsx';
import { Ago } from '../parts/small.tsx';
import { useAct, useOperator } from '../session.tsx';
import { RoleOfRow } from './role-input.tsx';
import type { OperatorRow } from './settings-queries.ts';
import type { MadeLink } from './users.tsx';
import { Worded } from './worded.tsx';

type Props = { readonly operator: OperatorRow; readonly onLink: (made: MadeLink) => void };

/** One operator: role, standing, and what an admin can do about it. */
export function UserRow({ operator, onLink }: Props) {
  const { t } = useTranslation('settings');
  const { id, name, role } = operator;
  const change = useAct(async (json: { role: OperatorRow['role'] }) => api.operators[':id'].$patch({ param: { id }, json }), {
    done: () => t('users.roleChanged', { name }),
  });
  return (
    <Group px="md" py="sm" gap="sm" justify="space-between">
      <Who operator={operator} />
      <Group gap="xs" wrap="nowrap">
        <RoleOfRow value={role} label={t('users.roleOf', { name })} onChoose={(chosen) => change.mutate({ role: chosen })} />
        <Actions operator={operator} onLink={onLink} />
      </Group>
    </Group>
  );
}

function Who({ operator: { id, name, email, disabledAt, lastSignInAt, hasTwoFactor } }: Pick<Props, 'operator'>) {
  const { t } = useTranslation('settings');
  const me = useOperator();
  return (
    <div style={{ flex: '1 1 14rem', minWidth: 0, opacity: disabledAt === null ? 1 : 0.75 }}>
      <Group gap={6}>
        <Text size="sm" fw={550} className="value">
          {name}
        </Text>
        {id === me.id && <span className="chip">{t('users.isYou')}</span>}
        {disabledAt !== null && <span className="chip">{t('users.off')}</span>}
        {hasTwoFactor && <span className="chip">{t('users.twoFactor')}</span>}
      </Group>
      <Text size="xs" c="dimmed" className="value">
        {email}
      </Text>
      <Text size="xs" c="dimmed" component="div">
        {lastSignInAt === null ? t('users.never') : <Worded words="users.lastSignIn" what={<Ago at={lastSignInAt} />} />}
      </Text>
    </div>
  );
}

function Actions({ operator, onLink }: Props) {
  const { t } = useTranslation('settings');
  const { id, name, email, role, disabledAt, hasTwoFactor } = operator;
  const me = useOperator();
  const link = useAct(async () => {
    const made = await (await api.operators.$post({ json: { name, email, role } })).json();
    if (made.link !== null) onLink({ name, link: made.link });
  });
  const signOut = useAct(async () => api.operators[':id'].sessions.$delete({ param: { id } }), {
    done: () => t('users.signedOut', { name }),
  });
  const reset = useAct(async () => api.operators[':id']['two-factor'].$delete({ param: { id } }), {
    done: () => t('users.factorReset', { name }),
  });
  const turn = useAct(async (disabled: boolean) => api.operators[':id'].$patch({ param: { id }, json: { disabled } }), {
    done: (disabled) => t(disabled ? 'users.switchedOff' : 'users.switchedOn', { name }),
  });
  const remove = useAct(async () => api.operators[':id'].$delete({ param: { id } }), { done: () => t('users.removed', { name }) });
  return (
    <Menu position="bottom-end" width={230}>
      <Menu.Target>
        <ActionIcon variant="default" size={30} aria-label={t('users.actionsOf', { name })}>
          <MoreIcon size={16} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        {disabledAt === null && <Menu.Item onClick={() => link.mutate(undefined)}>{t('users.newLink')}</Menu.Item>}
        {id !== me.id && <Menu.Item onClick={() => signOut.mutate(undefined)}>{t('users.signOut')}</Menu.Item>}
        {hasTwoFactor && <Menu.Item onClick={() => reset.mutate(undefined)}>{t('users.resetFactor')}</Menu.Item>}
        <Menu.Item onClick={() => turn.mutate(disabledAt === null)}>
          {t(disabledAt === null ? 'users.switchOff' : 'users.switchOn')}
        </Menu.Item>
        {disabledAt !== null && (
          <Menu.Item c="var(--mantine-color-error)" onClick={() => remove.mutate(undefined)}>
            {t('users.remove')}
          </Menu.Item>
        )}
      </Menu.Dropdown>
    </Menu>
  );
}
