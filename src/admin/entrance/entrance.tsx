import { Box, Stack, Text, Title } from '@mantine/core';
import { type ReactNode, useEffect } from 'react';
import { speak } from '../language/open-words.ts';
import { Logo } from '../parts/icons.tsx';
import { LanguageChoice } from '../parts/language-choice.tsx';

/** The frame of the pages that come before signing in. */
export function Entrance({ title, about, children }: { readonly title: string; readonly about: string; readonly children: ReactNode }) {
  useEffect(() => {
    document.title = `${title} · Syncline`;
  }, [title]);
  return (
    <Box component="main" mih="100vh" px="md" py="12vh">
      <Stack maw={380} mx="auto" gap="lg">
        <Stack gap={6} align="flex-start">
          <Logo size={40} />
          <Title order={1} mt="sm">
            {title}
          </Title>
          <Text size="sm" c="dimmed">
            {about}
          </Text>
        </Stack>
        {children}
        <Box w="fit-content">
          <LanguageChoice hidesLabel onChoose={(language) => void speak(language)} />
        </Box>
      </Stack>
    </Box>
  );
}

/** Where to go after signing in: only ever a page of our own. */
export function ownPath(next: string | null): string {
  if (next === null || !next.startsWith('/') || /^[/\\]{2}/.test(next)) return '/';
  const { origin, pathname, search } = new URL(next, window.location.origin);
  return origin === window.location.origin ? pathname + search : '/';
}
