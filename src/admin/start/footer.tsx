import './start.css';
import { Button, Group, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { pathTo, type Step } from './steps.ts';

type FooterProps = {
  readonly back?: Step;
  /** Why one cannot go on yet; it stands beside the button. */
  readonly hindrance?: string | null;
  readonly next?: { readonly label?: string; readonly busy: boolean; readonly go: () => void };
  readonly children?: ReactNode;
};

/** Back and on, at the end of each step. */
export function Footer({ back, hindrance = null, next, children }: FooterProps) {
  const { t } = useTranslation('start');
  return (
    <Group justify="space-between" gap="sm" className="start-footer">
      {back === undefined ? (
        <span />
      ) : (
        <Button component={Link} to={pathTo(back)} variant="default">
          {t('back')}
        </Button>
      )}
      <Group gap="sm" style={{ flex: '1 1 12rem' }} justify="flex-end">
        {hindrance !== null && (
          <Text size="sm" c="dimmed" role="status">
            {hindrance}
          </Text>
        )}
        {children}
        {next !== undefined && (
          <Button onClick={next.go} loading={next.busy} disabled={hindrance !== null}>
            {next.label ?? t('next')}
          </Button>
        )}
      </Group>
    </Group>
  );
}
