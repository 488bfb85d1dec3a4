import { Anchor, Button, Group, Skeleton, Stack, Text, Title } from '@mantine/core';
import { type ReactNode, useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { Refusal } from '../api.ts';
import { BackIcon } from './icons.tsx';

type PageProps = {
  readonly title: string;
  readonly about?: ReactNode;
  readonly mark?: ReactNode;
  readonly back?: { readonly to: string; readonly label: string };
  readonly actions?: ReactNode;
  readonly width?: number;
  readonly children: ReactNode;
};

/** One page: its heading, what can be done, and its content; the window is named for it. */
export function Page({ title, about, mark, back, actions, width = 1080, children }: PageProps) {
  useEffect(() => {
    document.title = `${title} · Syncline`;
  }, [title]);
  return (
    <Stack gap="lg" maw={width} mx="auto" w="100%">
      <Stack gap={6}>
        {back !== undefined && (
          <Anchor component={Link} to={back.to} size="sm" c="dimmed" w="fit-content">
            <Group gap={4} wrap="nowrap" component="span">
              <BackIcon size={14} /> {back.label}
            </Group>
          </Anchor>
        )}
        <Group justify="space-between" align="flex-start" gap="sm">
          <Group gap="sm" wrap="nowrap" align="center" miw={0} flex="1 1 16rem">
            {mark}
            <div className="breakable">
              <Title order={1} className="value">
                {title}
              </Title>
              {about !== undefined && (
                <Text component="div" size="sm" c="dimmed" mt={2}>
                  {about}
                </Text>
              )}
            </div>
          </Group>
          {actions !== undefined && <Group gap="xs">{actions}</Group>}
        </Group>
      </Stack>
      {children}
    </Stack>
  );
}

type SectionProps = { readonly title: string; readonly about?: ReactNode; readonly actions?: ReactNode; readonly children: ReactNode };

/** A part of a page with a heading of its own. */
export function Section({ title, about, actions, children }: SectionProps) {
  return (
    <Stack gap="xs" component="section" aria-label={title}>
      <Group justify="space-between" align="flex-end">
        <div>
          <Title order={2}>{title}</Title>
          {about !== undefined && (
            <Text size="sm" c="dimmed">
              {about}
            </Text>
          )}
        </div>
        {actions}
      </Group>
      {children}
    </Stack>
  );
}

type EmptyProps = { readonly title: string; readonly children: ReactNode; readonly action?: ReactNode };

/** What to show where there is nothing yet: what would be here, and how it gets here. */
export function Empty({ title, children, action }: EmptyProps) {
  return (
    <Stack className="card" p="xl" align="center" gap="xs" ta="center">
      <Text fw={600}>{title}</Text>
      <Text size="sm" c="dimmed" maw={460}>
        {children}
      </Text>
      {action}
    </Stack>
  );
}

/** Rows to come, in about the size that they will have. */
export function Waiting({ rows = 5, height = 56 }: { readonly rows?: number; readonly height?: number }) {
  const { t } = useTranslation();
  return (
    <Stack gap="xs" aria-busy="true" aria-label={t('loading')} role="status">
      {Array.from({ length: rows }, (_, row) => `row-${row}`).map((key) => (
        <Skeleton key={key} height={height} radius="md" />
      ))}
    </Stack>
  );
}

/** What could not be read, why, and how to try again. */
export function Failed({ error, again }: { readonly error: Error; readonly again: () => void }) {
  const { t } = useTranslation();
  const isMissing = error instanceof Refusal && error.status === 404;
  return (
    <div className="note bad" role="alert">
      <Text fw={600} size="sm">
        {t(isMissing ? 'missing' : 'unread')}
      </Text>
      <Text size="sm">{error.message}</Text>
      {!isMissing && (
        <Button mt="xs" size="xs" variant="default" onClick={again}>
          {t('again')}
        </Button>
      )}
    </div>
  );
}

type Loadable<Data> = { readonly data: Data | undefined; readonly error: Error | null; readonly refetch: () => unknown };

/** Shows what was read, else that it comes, else why it does not. Data that is there stays, also when reading it again failed. */
export function Loaded<Data>({
  query,
  waiting,
  children,
}: {
  readonly query: Loadable<Data>;
  readonly waiting?: ReactNode;
  readonly children: (data: Data) => ReactNode;
}) {
  if (query.data !== undefined) return children(query.data);
  if (query.error !== null) return <Failed error={query.error} again={() => void query.refetch()} />;
  return waiting ?? <Waiting />;
}

type Pages = { readonly hasNextPage: boolean; readonly isFetchingNextPage: boolean; readonly fetchNextPage: () => unknown };

/** The button below a list that has more. */
export function More({ query }: { readonly query: Pages }) {
  const { t } = useTranslation();
  if (!query.hasNextPage) return null;
  return (
    <Button variant="default" loading={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()} mx="auto">
      {t('more')}
    </Button>
  );
}
