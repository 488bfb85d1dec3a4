import { Anchor, Button, Popover, Slider, Stack, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useState } from 'react';
import { Trans, useTranslation } from 'react-i18next';
import { usePut } from '../address.ts';
import type { RecordDetail } from '../api.ts';
import { useFormat } from '../format.ts';

/** A slider over the life of a record, with a mark for each change: the page shows what the record was then. */
export function AsOf({ record, at }: { readonly record: RecordDetail; readonly at: string | null }) {
  const { t } = useTranslation('records');
  const format = useFormat();
  const put = usePut({ asSteps: true });
  const [isOpen, { toggle, close }] = useDisclosure(false);
  const [nowMs] = useState(Date.now);
  const [firstMs, shownMs] = [Date.parse(record.createdAt), at === null ? nowMs : Date.parse(at)];
  const [chosenMs, choose] = useState(shownMs);
  const said = (ms: number) => (ms >= nowMs ? t('asOf.now') : format.moment(new Date(ms).toISOString()));
  const marks = record.journal.items.map((line) => ({ value: Date.parse(line.at) })).filter(({ value }) => value > firstMs);
  return (
    <Popover opened={isOpen} onClose={close} width={340} position="bottom-end" shadow="md" trapFocus>
      <Popover.Target>
        <Button size="xs" variant="default" onClick={toggle} aria-expanded={isOpen}>
          {t('asOf.open')}
        </Button>
      </Popover.Target>
      <Popover.Dropdown>
        <Stack gap="sm">
          <Text size="sm" fw={550}>
            {t('asOf.label')}: <span className="tabular">{said(chosenMs)}</span>
          </Text>
          <Slider
            mt="lg"
            thumbLabel={t('asOf.label')}
            thumbProps={{ 'aria-valuetext': said(chosenMs) }}
            min={firstMs}
            max={nowMs}
            step={Math.max(1, Math.floor((nowMs - firstMs) / STEPS))}
            marks={marks}
            value={chosenMs}
            label={said}
            onChange={choose}
            onChangeEnd={(ms) => put({ at: ms >= nowMs ? null : new Date(ms).toISOString() })}
          />
        </Stack>
      </Popover.Dropdown>
    </Popover>
  );
}

const STEPS = 500;

/** Says that what is shown is past, and leads back. */
export function AsOfNote({ at }: { readonly at: string }) {
  const { t } = useTranslation('records');
  const format = useFormat();
  const put = usePut({ asSteps: true });
  return (
    <div className="note warn" role="status">
      <Text size="sm">
        <Trans
          t={t}
          i18nKey="asOf.shown"
          values={{ at: format.moment(at) }}
          components={{ a: <Anchor component="button" type="button" size="sm" underline="always" onClick={() => put({ at: null })} /> }}
        />
      </Text>
    </div>
  );
}

export function BackToNow() {
  const { t } = useTranslation('records');
  const put = usePut({ asSteps: true });
  return (
    <Button variant="default" onClick={() => put({ at: null })}>
      {t('asOf.back')}
    </Button>
  );
}
