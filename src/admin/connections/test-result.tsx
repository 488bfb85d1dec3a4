import { Group, Text } from '@mantine/core';
import { Refusal, type Tried } from '../api.ts';
import { AlertIcon, CheckIcon } from '../parts/icons.tsx';
import { errorTitle } from '../words.ts';

/** What a test of credentials found: whose they are, or what is wrong and what to do about it. */
export function TestResult({ tried, refused }: { readonly tried: Tried | undefined; readonly refused: Error | null }) {
  return (
    <div role="status" aria-live="polite">
      {refused !== null && (
        <Bad title={refused instanceof Refusal ? errorTitle(refused.kind ?? '') : 'That did not work'} lines={[refused.message]} />
      )}
      {refused === null && tried?.ok === true && (
        <div className="note">
          <Group gap={6} wrap="nowrap">
            <CheckIcon size={16} />
            <Text size="sm" fw={600}>
              It works
            </Text>
          </Group>
          <Text size="sm">
            These credentials belong to <b>{tried.account.name}</b>.
          </Text>
        </div>
      )}
      {refused === null && tried?.ok === false && <Bad title={errorTitle(tried.kind)} lines={[tried.message, tried.advice]} />}
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
