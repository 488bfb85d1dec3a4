import './shell.css';
import { Text, VisuallyHidden } from '@mantine/core';
import type { ComponentPropsWithRef } from 'react';
import { useTranslation } from 'react-i18next';
import type { Me } from '../api.ts';
import { DownIcon } from '../parts/icons.tsx';
import { Mark } from '../parts/small.tsx';

type ButtonProps = ComponentPropsWithRef<'button'> & { readonly me: Me };

/** Who is signed in. */
export function AccountButton({ me, ...rest }: ButtonProps) {
  const { t } = useTranslation(['shell', 'shared']);
  return (
    <button type="button" {...rest} className="bare nav-link">
      <Mark name={me.name} />
      <span style={{ minWidth: 0, flex: 1 }}>
        <Text size="sm" truncate component="span" display="block">
          <VisuallyHidden>{t('accountOf')} </VisuallyHidden>
          {me.name}
        </Text>
        <Text size="xs" c="dimmed" component="span" display="block">
          {t(`shared:role.${me.role}`)}
        </Text>
      </span>
      <DownIcon size={14} />
    </button>
  );
}
