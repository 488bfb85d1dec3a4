import './shell.css';
import { Kbd } from '@mantine/core';
import { useHotkeys } from '@mantine/hooks';
import { lazy, Suspense, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { SearchIcon } from '../parts/icons.tsx';

const loadPalette = () => import('./palette.tsx');
const Palette = lazy(async () => ({ default: (await loadPalette()).Palette }));
const openPalette = async () => (await import('./palette-store.ts')).palette.open();

/** Opens the palette, as Ctrl-K (or Command-K) does everywhere; it is fetched when somebody first asks for it. */
export function PaletteButton() {
  const { t } = useTranslation('shell');
  const [isWanted, setWanted] = useState(false);
  const open = () => {
    setWanted(true);
    void loadPalette().then(openPalette);
  };
  useHotkeys([['mod+K', open]], []);
  return (
    <>
      <button type="button" className="bare nav-link search-button" aria-keyshortcuts="Control+K Meta+K" onClick={open}>
        <SearchIcon size={16} />
        <span className="one-line">{t('search')}</span>
        <Kbd size="xs" visibleFrom="sm" aria-hidden="true">
          {KEYS}
        </Kbd>
      </button>
      {isWanted && (
        <Suspense>
          <Palette />
        </Suspense>
      )}
    </>
  );
}

const KEYS = /mac/i.test(navigator.userAgent) ? '⌘K' : 'Ctrl K';
