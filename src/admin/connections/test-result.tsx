import { Group, Text } from '@mantine/core';
import { Trans, useTranslation } from 'react-i18next';
import { Refusal, type Tried } from '../api.ts';
import { AlertIcon, CheckIcon } from '../parts/icons.tsx';
import { useErrorTitle } from './error-title.ts';

/** What a test of credentials found: whose they are, or what is wrong and what to do about it. */
export function TestResult({ tried, refused }: { readonly tried: Tried | undefined; readonly refused: Error | null }) {
  const { t } = useTranslation('connections');
  const titleOf = useErrorTitle();
  return (
    <div role="status" aria-live="polite">
      {refused !== null && <Bad title={titleOf(refused instanceof Refusal ? refused.kind : undefined)} lines={[refused.message]} />}
      {refused === null && tried?.ok === true && (
        <div className="note">
          <Group gap={6} wrap="nowrap">
            <CheckIcon size={16} />
            <Text size="sm" fw={600}>
              {t('form.works')}
            </Text>
          </Group>
          <Text size="sm">
            <Trans t={t} i18nKey="form.belong" values={{ account: tried.account.name }} components={{ b: <b /> }} />
          </Text>
        </div>
      )}
      {refused === null && tried?.ok === false && <Bad title={titleOf(tried.kind)} lines={[tried.message, tried.advice]} />}
    </div>
  );
}

function Bad({ title, lines }: { readonly title: string; readonly lines: readonly string[] }) {
  return (
    <div className="note bad">
      <Group gap={6} wrap="nowrap">
        <AlertIcon size={16} />
        <Text size="sm" fw={600}>
          {title}
        </Text>
      </Group>
      {lines
        .filter((line) => line !== '')
        .map((line) => (
          <Text key={line} size="sm" className="value">
            {line}
          </Text>
        ))}
    </div>
  );
}
