import './start.css';
import { Checkbox, Stack, Text } from '@mantine/core';
import { type ReactNode, useId } from 'react';

type ChoiceProps = { readonly value: string; readonly label: string; readonly about: string; readonly mark?: ReactNode };

/** One of several things that can be chosen: all of its card can be pressed. */
export function Choice({ value, label, about, mark }: ChoiceProps) {
  const id = useId();
  return (
    <label htmlFor={id} className="card pressable choice">
      <Checkbox id={id} value={value} aria-label={label} mt={2} />
      {mark}
      <Stack gap={0} miw={0}>
        <Text size="sm" fw={600}>
          {label}
        </Text>
        <Text size="xs" c="dimmed" className="value">
          {about}
        </Text>
      </Stack>
    </label>
  );
}
