import { useTranslation } from 'react-i18next';
import { useNames } from '../names.ts';
import { useConnectors } from '../queries.ts';
import type { MappingListed } from './mapping-queries.ts';

/** What a mapping is called for people: its system and object. */
export function useMappingTitle() {
  const { t } = useTranslation('mappings');
  const names = useNames();
  const { data: connectors = [] } = useConnectors();
  const system = (connector: string) => connectors.find(({ id }) => id === connector)?.label ?? connector;
  const title = ({ name, connector, object }: Pick<MappingListed, 'name' | 'connector' | 'object'>): string => {
    if (connector === null || object === null) return name === 'hub.yaml' ? t('hubDocument') : t('benchmarks');
    const only = name.split('.').length > 3 ? ` (${name.split('.')[2]})` : '';
    return `${system(connector)}: ${names.objects(object)}${only}`;
  };
  return { title, system };
}
