import { Button } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { Empty, Page } from '../parts/page.tsx';

export function NotFoundPage() {
  const { t } = useTranslation(['shell', 'shared']);
  return (
    <Page title={t('lost.title')}>
      <Empty
        title={t('lost.none')}
        action={
          <Button component={Link} to="/connections" variant="default">
            {t('shared:toConnections')}
          </Button>
        }
      >
        {t('lost.why')}
      </Empty>
    </Page>
  );
}
