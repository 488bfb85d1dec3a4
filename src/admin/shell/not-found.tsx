import { Button } from '@mantine/core';
import { Link } from 'react-router';
import { Empty, Page } from '../parts/page.tsx';

export function NotFoundPage() {
  return (
    <Page title="Nothing here">
      <Empty
        title="There is no page under this address"
        action={
          <Button component={Link} to="/connections" variant="default">
            To the connections
          </Button>
        }
      >
        It may have been moved, or the address was cut off on its way.
      </Empty>
    </Page>
  );
}
