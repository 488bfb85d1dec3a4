import { Group, Menu, SegmentedControl, useMantineColorScheme, VisuallyHidden } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import { authenticate, type Me } from '../api.ts';
import { DocsIcon, MoonIcon, OutIcon, ScreenIcon, SunIcon } from '../parts/icons.tsx';
import { useAct } from '../session.tsx';
import { AccountButton } from './account-button.tsx';

/** The theme, the API's reference, and the way out, for who is signed in: opened as it comes. */
export function AccountMenu({ me }: { readonly me: Me }) {
  const { t } = useTranslation('shell');
  const client = useQueryClient();
  const navigate = useNavigate();
  const signOut = useAct(async () => authenticate('sign-out', {}), {
    onDone: () => {
      client.clear();
      void navigate('/sign-in', { replace: true });
    },
  });
  return (
    <Menu position="top-start" width={216} shadow="md" defaultOpened>
      <Menu.Target>
        <AccountButton me={me} />
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>{me.email ?? me.name}</Menu.Label>
        <Menu.Item component="a" href="/api/docs" leftSection={<DocsIcon size={16} />}>
          {t('apiReference')}
        </Menu.Item>
        <Menu.Item leftSection={<OutIcon size={16} />} onClick={() => signOut.mutate(undefined)}>
          {t('signOut')}
        </Menu.Item>
        <Menu.Divider />
        <ThemeChoice />
      </Menu.Dropdown>
    </Menu>
  );
}

const THEMES = [
  { value: 'auto', icon: <ScreenIcon size={16} /> },
  { value: 'light', icon: <SunIcon size={16} /> },
  { value: 'dark', icon: <MoonIcon size={16} /> },
] as const;

function ThemeChoice() {
  const { t } = useTranslation('shell');
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const choices = THEMES.map(({ value, icon }) => ({
    value,
    label: (
      <Group justify="center" h={20}>
        {icon}
        <VisuallyHidden>{t(`themes.${value}`)}</VisuallyHidden>
      </Group>
    ),
  }));
  return <SegmentedControl fullWidth size="xs" value={colorScheme} onChange={setColorScheme} data={choices} aria-label={t('theme')} />;
}
