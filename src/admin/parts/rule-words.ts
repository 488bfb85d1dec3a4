import { useTranslation } from 'react-i18next';
import { useFormat } from '../format.ts';

type Rule =
  | { readonly kind: 'newest' | 'hub' | 'hold' | 'yield' }
  | { readonly kind: 'order'; readonly systems: readonly string[] }
  | { readonly kind: 'prefer'; readonly system: string };

/** Who wins, in the reader's words. */
export function useRuleWords(): (rule: Rule) => string {
  const { t } = useTranslation('start');
  const format = useFormat();
  return (rule) => {
    const systems = rule.kind === 'order' ? rule.systems : rule.kind === 'prefer' ? [rule.system] : [];
    return t(`fields.rule.${rule.kind}`, { systems: format.list(systems) });
  };
}
