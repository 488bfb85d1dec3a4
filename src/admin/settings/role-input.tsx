import { NativeSelect } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { Me } from '../api.ts';

type Role = Me['role'];
const ROLES = ['viewer', 'analyst', 'steward', 'admin'] as const satisfies readonly Role[];

const isRole = (text: string): text is Role => ROLES.some((role) => role === text);

type Props = { readonly value: Role; readonly onChoose: (role: Role) => void; readonly label?: string };

/** A role, with what it may do. Without a label it is named `label` for those who do not see it. */
export function RoleInput({ value, onChoose }: Props) {
  const { t } = useTranslation(['settings', 'shared']);
  return (
    <NativeSelect
      label={t('role')}
      description={t(`roleHelp.${value}`)}
      inputWrapperOrder={['label', 'input', 'description', 'error']}
      value={value}
      data={ROLES.map((role) => ({ value: role, label: t(`shared:role.${role}`) }))}
      onChange={({ currentTarget }) => isRole(currentTarget.value) && onChoose(currentTarget.value)}
    />
  );
}

/** The same in a row of a list. */
export function RoleOfRow({ value, onChoose, label = '' }: Props) {
  const { t } = useTranslation('shared');
  return (
    <NativeSelect
      size="xs"
      w={130}
      aria-label={label}
      value={value}
      data={ROLES.map((role) => ({ value: role, label: t(`role.${role}`) }))}
      onChange={({ currentTarget }) => isRole(currentTarget.value) && onChoose(currentTarget.value)}
    />
  );
}
