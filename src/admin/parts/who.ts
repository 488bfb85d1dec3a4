import { useTranslation } from 'react-i18next';

const WORDED = { '': 'removed', 'command line': 'commandLine', syncline: 'syncline', hub: 'syncline', nobody: 'nobody' } as const;
const isWorded = (name: string): name is keyof typeof WORDED => Object.hasOwn(WORDED, name);

/** Who did something: by name, and in words where that is no person or key, or one of whom no name is left. */
export function useWho(): (name: string) => string {
  const { t } = useTranslation();
  return (name) => (isWorded(name) ? t(`who.${WORDED[name]}`) : name);
}
