import './mappings.css';
import { Autocomplete, Button, CloseButton, Group, Stack, Text, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { LineOf } from './document.ts';
import type { LiveField, Problem } from './mapping-queries.ts';
import { ProblemsHere, problemsAt } from './problems.tsx';
import type { DraftActs } from './use-draft.ts';

type Props = {
  readonly line: LineOf;
  readonly choices: LiveField['choices'];
  readonly problems: readonly Problem[];
  readonly acts: DraftActs;
  readonly mayChange: boolean;
  readonly title: string;
};

/** What each value is called on the other side, with the options that there are there. */
export function ValueMap({ line, choices, problems, acts, mayChange, title }: Props) {
  const { t } = useTranslation('mappings');
  const place = `fields[${line.at}].values`;
  const labelOf = (value: string) => choices?.find((one) => one.value === value)?.label;
  return (
    <Stack gap={6} component="fieldset" className="value-map" aria-label={`${t('values.name')}: ${title}`}>
      <Text size="xs" c="dimmed">
        {t('values.about')}
      </Text>
      {line.values.map(([here, there]) => (
        <div key={here}>
          <Group gap="xs" wrap="nowrap">
            <Text size="sm" className="value" flex="1 1 8rem">
              {here}
            </Text>
            <span aria-hidden="true">⇄</span>
            <Text size="sm" className="value" flex="1 1 8rem">
              {there}
              {labelOf(there) !== undefined && labelOf(there) !== there && (
                <Text span size="xs" c="dimmed">
                  {' '}
                  {labelOf(there)}
                </Text>
              )}
            </Text>
            {mayChange && (
              <CloseButton
                size="sm"
                aria-label={t('values.remove', { value: here })}
                onClick={() =>
                  acts.change.mutate({
                    edits: [{ remove: line.values.length === 1 ? ['fields', line.at, 'values'] : ['fields', line.at, 'values', here] }],
                  })
                }
              />
            )}
          </Group>
          <ProblemsHere problems={problemsAt(problems, `${place}.${here}`)} />
        </div>
      ))}
      <ProblemsHere problems={problems.filter(({ field }) => field === place)} />
      {mayChange && <AddValue line={line} choices={choices} acts={acts} />}
    </Stack>
  );
}

function AddValue({ line, choices, acts }: Pick<Props, 'line' | 'choices' | 'acts'>) {
  const { t } = useTranslation('mappings');
  const [[here, there], setTyped] = useState(['', '']);
  const taken = new Set(line.values.map(([, value]) => value));
  return (
    <Group
      gap="xs"
      align="flex-end"
      component="form"
      onSubmit={(event) => {
        event.preventDefault();
        if (here.trim() === '' || there === '') return;
        acts.change.mutate({ edits: [{ set: ['fields', line.at, 'values', here.trim()], to: there }] });
        setTyped(['', '']);
      }}
    >
      <TextInput size="xs" label={t('values.here')} value={here} onChange={(event) => setTyped([event.currentTarget.value, there])} />
      <Autocomplete
        size="xs"
        label={t('values.there')}
        value={there}
        data={[...new Set((choices ?? []).map(({ value }) => value))].filter((value) => !taken.has(value))}
        onChange={(value) => setTyped([here, value])}
      />
      <Button size="xs" variant="default" type="submit">
        {t('values.add')}
      </Button>
    </Group>
  );
}
