import { Group, Menu, SegmentedControl, Text, useMantineColorScheme, VisuallyHidden } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import { authenticate, type Me } from '../api.ts';
import { DocsIcon, DownIcon, MoonIcon, OutIcon, ScreenIcon, SunIcon } from '../parts/icons.tsx';
import { Mark } from '../parts/small.tsx';
import { useAct } from '../session.tsx';

/** Who is signed in, the theme, and the way out. */
export function AccountMenu({ me }: { readonly me: Me }) {
  const { t } = useTranslation(['shell', 'shared']);
  const client = useQueryClient();
  const navigate = useNavigate();
  const signOut = useAct(async () => authenticate('sign-out', {}), {
    onDone: () => {
      client.clear();
      void navigate('/sign-in', { replace: true });
    },
  });
  return (
    <Menu position="top-start" width={216} shadow="md">
      <Menu.Target>
        <button type="button" className="bare nav-link">
          <Mark name={me.name} />
          <span style={{ minWidth: 0, flex: 1 }}>
            <Text size="sm" truncate component="span" display="block">
              <VisuallyHidden>{t('accountOf')} </VisuallyHidden>
              {me.name}
            </Text>
            <Text size="xs" c="dimmed" component="span" display="block">
              {t(`shared:role.${me.role}`)}
            </Text>
          </span>
          <DownIcon size={14} />
        </button>
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
  const { t } = useTranslation(['shell', 'shared']);
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
