import { Group, NativeSelect, Text, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

const UNIT_MS = { seconds: 1000, minutes: 60_000, hours: 3_600_000 } as const;
type Unit = keyof typeof UNIT_MS;
const UNITS: readonly Unit[] = ['hours', 'minutes', 'seconds'];
const LONGEST_MS = 86_400_000;

const unitOf = (ms: number): Unit => UNITS.find((unit) => ms % UNIT_MS[unit] === 0) ?? 'seconds';
const unitIn = (value: string): Unit => UNITS.find((unit) => unit === value) ?? 'seconds';

type RhythmProps = { readonly label: string; readonly everyMs: number; readonly onChange: (everyMs: number) => void };

/** How often: a number and its unit, kept when the input is left or Enter is pressed. What the hub would refuse is not sent. */
export function RhythmInput({ label, everyMs, onChange }: RhythmProps) {
  const { t } = useTranslation('connections');
  const [unit, setUnit] = useState(unitOf(everyMs));
  const [typed, setTyped] = useState(String(everyMs / UNIT_MS[unitOf(everyMs)]));
  const isGood = (ms: number) => Number.isInteger(ms) && ms >= UNIT_MS.seconds && ms <= LONGEST_MS;
  const wanted = Number(typed) * UNIT_MS[unit];
  const keep = (ms: number) => {
    if (isGood(ms) && ms !== everyMs) onChange(ms);
  };
  return (
    <Group gap={6} wrap="nowrap">
      <Text size="xs" c="dimmed">
        {t('stream.every')}
      </Text>
      <TextInput
        size="xs"
        w={58}
        inputMode="numeric"
        aria-label={t('stream.howOften', { name: label })}
        value={typed}
        error={!isGood(wanted)}
        onChange={(event) => setTyped(event.currentTarget.value)}
        onBlur={() => keep(wanted)}
        onKeyDown={(event) => event.key === 'Enter' && keep(wanted)}
      />
      <NativeSelect
        size="xs"
        w={96}
        aria-label={t('stream.unitOf', { name: label })}
        value={unit}
        data={UNITS.toReversed().map((value) => ({ value, label: t(`stream.unit.${value}`) }))}
        onChange={(event) => {
          const next = unitIn(event.currentTarget.value);
          setUnit(next);
          keep(Number(typed) * UNIT_MS[next]);
        }}
      />
    </Group>
  );
}
