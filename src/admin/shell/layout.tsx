import './shell.css';
import { AppShell, Burger, Group, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useQueryClient } from '@tanstack/react-query';
import { lazy, Suspense, useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, Navigate, Outlet, useLocation } from 'react-router';
import { type Me, Refusal } from '../api.ts';
import { useIsAsked } from '../confirming.ts';
import { speak } from '../language/open-words.ts';
import { useLive } from '../live.ts';
import { Logo } from '../parts/icons.tsx';
import { Failed, Waiting } from '../parts/page.tsx';
import { useMe } from '../queries.ts';
import { SessionProvider } from '../session.tsx';
import { Account } from './account.tsx';
import { Navigation } from './navigation.tsx';
import { PaletteButton } from './palette-button.tsx';

const Confirm = lazy(async () => ({ default: (await import('./confirm.tsx')).Confirm }));
const FACTOR_PATH = '/settings/security';

/** The frame of every page, for operators; everybody else is asked to sign in and comes back to where they were. */
export function Layout() {
  const me = useMe();
  const { pathname, search } = useLocation();
  if (me.error instanceof Refusal && me.error.status === 401) {
    return <Navigate to={`/sign-in?next=${encodeURIComponent(pathname + search)}`} replace />;
  }
  if (me.data !== undefined) return <Frame me={me.data} />;
  return <main className="to-come">{me.error === null ? <Waiting /> : <Failed error={me.error} again={() => void me.refetch()} />}</main>;
}

function Frame({ me }: { readonly me: Me }) {
  const { t } = useTranslation('shell');
  const [isOpen, { toggle, close }] = useDisclosure();
  const { pathname } = useLocation();
  const main = useFreshPage(pathname, close);
  useLive();
  useOwnLanguage(me);
  const isAsked = useIsAsked();
  const lacksFactor = me.needsTwoFactor && !me.hasTwoFactor && me.hasPassword;
  return (
    <SessionProvider value={me}>
      <a className="skip" href="#content">
        {t('skip')}
      </a>
      <AppShell
        layout="alt"
        header={{ height: { base: 52, sm: 0 } }}
        navbar={{ width: 232, breakpoint: 'sm', collapsed: { mobile: !isOpen } }}
        padding={{ base: 'md', sm: 'xl' }}
      >
        <AppShell.Header hiddenFrom="sm" px="md">
          <Group h="100%" justify="space-between">
            <Brand />
            <Burger opened={isOpen} onClick={toggle} size="sm" aria-label={t(isOpen ? 'closeMenu' : 'openMenu')} aria-expanded={isOpen} />
          </Group>
        </AppShell.Header>
        <AppShell.Navbar p="sm" bg="var(--sl-card)" withBorder>
          <Group justify="space-between" px={6} pt={4} pb="md">
            <Brand />
            <Burger hiddenFrom="sm" opened onClick={close} size="sm" aria-label={t('closeMenu')} />
          </Group>
          <PaletteButton />
          <Navigation />
          <Account me={me} />
        </AppShell.Navbar>
        <AppShell.Main id="content" tabIndex={-1} ref={main}>
          <Suspense fallback={<Waiting />}>
            {lacksFactor && pathname !== FACTOR_PATH ? <Navigate to={FACTOR_PATH} replace /> : <Outlet />}
          </Suspense>
        </AppShell.Main>
      </AppShell>
      <Suspense>{isAsked && <Confirm />}</Suspense>
    </SessionProvider>
  );
}

// What an operator has chosen holds wherever they sign in; until then, the browser's language does.
function useOwnLanguage({ language }: Me): void {
  const { i18n } = useTranslation();
  const client = useQueryClient();
  useEffect(() => {
    if (language === null || language === i18n.language) return;
    // What the hub words itself was asked for in the other language.
    void speak(language).then(() => client.invalidateQueries());
  }, [language, i18n, client]);
}

// A new page starts at its top with the focus on its content, as a load of a whole page would.
function useFreshPage(pathname: string, close: () => void) {
  const main = useRef<HTMLElement>(null);
  const shown = useRef(pathname);
  useEffect(() => {
    close();
    if (shown.current === pathname) return;
    shown.current = pathname;
    window.scrollTo(0, 0);
    main.current?.focus({ preventScroll: true });
  }, [pathname, close]);
  return main;
}

function Brand() {
  const { t } = useTranslation();
  return (
    <Link to="/" style={{ color: 'inherit', textDecoration: 'none' }}>
      <Group gap={9} wrap="nowrap">
        <Logo />
        <Text fw={650} component="span" style={{ letterSpacing: '-0.01em' }}>
          {t('product')}
        </Text>
      </Group>
    </Link>
  );
}
