import { Button, Stack } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Loaded, More, Waiting } from '../parts/page.tsx';
import { SettingsFrame } from './frame.tsx';
import { Invite } from './invite.tsx';
import { useOperators } from './settings-queries.ts';
import { ShownOnce } from './shown-once.tsx';
import { UserRow } from './user-row.tsx';

export type MadeLink = { readonly name: string; readonly link: string };

/** Who may work with this hub: invited, given roles, switched off. */
export function UsersPage() {
  const { t } = useTranslation('settings');
  const operators = useOperators();
  const [isInviting, { open, close }] = useDisclosure();
  const [made, setMade] = useState<MadeLink | null>(null);
  return (
    <SettingsFrame place="users" about={t('users.about')} actions={<Button onClick={open}>{t('users.invite')}</Button>}>
      <Loaded query={operators} waiting={<Waiting rows={3} height={64} />}>
        {({ pages }) => (
          <Stack gap="sm">
            <ul className="card rows plain">
              {pages
                .flatMap((page) => page.items)
                .map((operator) => (
                  <li key={operator.id}>
                    <UserRow operator={operator} onLink={setMade} />
                  </li>
                ))}
            </ul>
            <More query={operators} />
          </Stack>
        )}
      </Loaded>
      <Invite isOpen={isInviting} onClose={close} onLink={setMade} />
      <ShownOnce
        title={t('users.linkFor', { name: made?.name ?? '' })}
        about={t('users.linkAbout')}
        value={made?.link ?? null}
        onClose={() => setMade(null)}
      />
    </SettingsFrame>
  );
}
