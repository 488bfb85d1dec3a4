import { lazy, Suspense, useState } from 'react';
import type { Me } from '../api.ts';
import { AccountButton } from './account-button.tsx';

const AccountMenu = lazy(async () => ({ default: (await import('./account-menu.tsx')).AccountMenu }));

/** Who is signed in; the menu is fetched when somebody opens it. */
export function Account({ me }: { readonly me: Me }) {
  const [isWanted, want] = useState(false);
  const button = <AccountButton me={me} aria-haspopup="menu" aria-expanded={isWanted} onClick={() => want(true)} />;
  return isWanted ? (
    <Suspense fallback={button}>
      <AccountMenu me={me} />
    </Suspense>
  ) : (
    button
  );
}
