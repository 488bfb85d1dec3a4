import { Button, Group, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { api, type ListedLink } from '../api.ts';
import { useFormat } from '../format.ts';
import { useNames } from '../names.ts';
import { RecordLink } from '../parts/small.tsx';
import { useAct, useMay } from '../session.tsx';

type Action = 'retry' | 'skip' | 'exclude' | 'include';
const REPAIRS: readonly Action[] = ['retry', 'skip', 'exclude'];

/** What can be made of one link by hand, the likeliest first. */
function actionsOn({ state, cause }: ListedLink): readonly Action[] {
  if (state === 'failing' || state === 'held') return REPAIRS;
  return cause?.id === 'left_out_by_hand' ? ['include'] : [];
}

type LineProps = { readonly link: ListedLink; readonly saysCause?: boolean };

/** One record as it stands in one system, with the reason, and what can be done. `saysCause`: where nothing around it says the cause. */
export function LinkLine({ link, saysCause = false }: LineProps) {
  const { t } = useTranslation(['health', 'records']);
  const format = useFormat();
  const names = useNames();
  const mayAct = useMay('steward');
  const act = useAct(async (action: Action) => api.links[':id'][':action'].$post({ param: { id: link.id, action } }), {
    done: (action) => t(`records:acted.${action}`),
  });
  const actions = actionsOn(link);
  const why = [saysCause ? link.cause?.text : null, link.reason].filter((part) => typeof part === 'string').join(' ');
  const where = `${link.connection.name}, ${names.thing(link.object)}`;
  const said = [
    why === '' ? where : `${where}: ${why}`,
    ...(link.nextTryAt === null ? [] : [t('nextTry', { at: format.moment(link.nextTryAt) })]),
  ];
  return (
    <Group justify="space-between" gap="xs" py={6}>
      <div style={{ flex: '1 1 14rem', minWidth: 0 }}>
        <Text size="sm" component="div">
          <RecordLink record={{ id: link.recordId, object: link.object, title: link.recordTitle }} />
        </Text>
        <Text size="xs" c="dimmed" className="value">
          {said.join(' · ')}
        </Text>
      </div>
      {mayAct && actions.length > 0 && (
        <Group gap={4}>
          {actions.map((action) => (
            <Button
              key={action}
              size="compact-xs"
              variant={action === actions[0] ? 'default' : 'subtle'}
              loading={act.isPending && act.variables === action}
              onClick={() => act.mutate(action)}
              aria-label={t('actOn', { act: t(`records:act.${action}`), title: link.recordTitle })}
            >
              {t(`records:act.${action}`)}
            </Button>
          ))}
        </Group>
      )}
    </Group>
  );
}
