import './settings.css';
import { Button, Group, List, Modal, PasswordInput, Stack, Text, TextInput } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { authenticate, beginSecondFactor, type Factor } from '../api.ts';
import { Section } from '../parts/page.tsx';
import { State } from '../parts/small.tsx';
import { useAct, useOperator } from '../session.tsx';
import { QrCode } from './qr-code.tsx';

/** A second factor: set up with an app, or turned off. */
export function SecondFactor() {
  const { t } = useTranslation('settings');
  const me = useOperator();
  const [isOpen, { open, close }] = useDisclosure();
  if (!me.hasPassword) return null;
  return (
    <Section title={t('security.factor')} about={t('security.factorAbout')}>
      <Group className="card" p="md" justify="space-between">
        <State tone={me.hasTwoFactor ? 'good' : 'off'} words={t(me.hasTwoFactor ? 'security.factorOn' : 'security.factorOff')} />
        <Button variant="default" onClick={open}>
          {t(me.hasTwoFactor ? 'security.turnOff' : 'security.setUp')}
        </Button>
      </Group>
      {isOpen && (me.hasTwoFactor ? <TurnOff onClose={close} /> : <SetUp onClose={close} />)}
    </Section>
  );
}

type Closing = { readonly onClose: () => void };

function SetUp({ onClose }: Closing) {
  const { t } = useTranslation(['settings', 'shared']);
  const [factor, setFactor] = useState<Factor | null>(null);
  return (
    <Modal opened onClose={onClose} title={t('security.factor')} closeButtonProps={{ 'aria-label': t('shared:close') }}>
      {factor === null ? <Begin onBegun={setFactor} /> : <Finish factor={factor} onClose={onClose} />}
    </Modal>
  );
}

function Begin({ onBegun }: { readonly onBegun: (factor: Factor) => void }) {
  const { t } = useTranslation('settings');
  const [password, setPassword] = useState('');
  const beginning = useAct(async () => onBegun(await beginSecondFactor(password)));
  return (
    <Asking onSubmit={() => beginning.mutate(undefined)}>
      <PasswordInput
        label={t('security.confirmPassword')}
        autoComplete="current-password"
        data-autofocus
        value={password}
        onChange={(event) => setPassword(event.currentTarget.value)}
      />
      <Button type="submit" ml="auto" loading={beginning.isPending} disabled={password === ''}>
        {t('security.next')}
      </Button>
    </Asking>
  );
}

function Finish({ factor, onClose }: Closing & { readonly factor: Factor }) {
  const { t } = useTranslation('settings');
  const [code, setCode] = useState('');
  const finishing = useAct(async () => authenticate('two-factor/verify-totp', { code }), { done: () => t('kept'), onDone: onClose });
  return (
    <Asking onSubmit={() => finishing.mutate(undefined)}>
      <Text size="sm">{t('security.scan')}</Text>
      <QrCode text={factor.uri} label={t('security.qr')} />
      <div>
        <Text size="sm" fw={500}>
          {t('security.key')}
        </Text>
        <Text size="sm" ff="monospace" className="value">
          {factor.key}
        </Text>
      </div>
      <div>
        <Text size="sm" fw={500}>
          {t('security.recovery')}
        </Text>
        <Text size="xs" c="dimmed" mb={4}>
          {t('security.recoveryAbout')}
        </Text>
        <List size="sm" ff="monospace" listStyleType="none" className="note recovery">
          {factor.recoveryCodes.map((one) => (
            <List.Item key={one}>{one}</List.Item>
          ))}
        </List>
      </div>
      <TextInput
        label={t('security.code')}
        autoComplete="one-time-code"
        inputMode="numeric"
        maxLength={6}
        value={code}
        onChange={(event) => setCode(event.currentTarget.value.replaceAll(/\D/g, ''))}
      />
      <Button type="submit" ml="auto" loading={finishing.isPending} disabled={code.length !== 6}>
        {t('security.finish')}
      </Button>
    </Asking>
  );
}

function TurnOff({ onClose }: Closing) {
  const { t } = useTranslation(['settings', 'shared']);
  const [password, setPassword] = useState('');
  const ending = useAct(async () => authenticate('two-factor/disable', { password }), {
    done: () => t('security.turnedOff'),
    onDone: onClose,
  });
  return (
    <Modal opened onClose={onClose} title={t('security.turnOff')} closeButtonProps={{ 'aria-label': t('shared:close') }}>
      <Asking onSubmit={() => ending.mutate(undefined)}>
        <PasswordInput
          label={t('security.confirmPassword')}
          autoComplete="current-password"
          data-autofocus
          value={password}
          onChange={(event) => setPassword(event.currentTarget.value)}
        />
        <Button type="submit" color="red.8" ml="auto" loading={ending.isPending} disabled={password === ''}>
          {t('security.turnOff')}
        </Button>
      </Asking>
    </Modal>
  );
}

function Asking({ onSubmit, children }: { readonly onSubmit: () => void; readonly children: React.ReactNode }) {
  const submit = (event: FormEvent) => {
    event.preventDefault();
    onSubmit();
  };
  return (
    <form onSubmit={submit}>
      <Stack>{children}</Stack>
    </form>
  );
}
