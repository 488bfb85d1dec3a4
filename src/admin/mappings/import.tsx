import { Button, FileButton } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import { api } from '../api.ts';
import { useAct } from '../session.tsx';

const NAME = /^([a-z][\w-]*\.[a-zA-Z]\w*(\.[a-z][\w-]*)?|hub|benchmarks)\.yaml$/;

/** Takes files, each as the draft of the document that it is called by. A draft that is there already is not touched. */
export function Import() {
  const { t } = useTranslation('mappings');
  const navigate = useNavigate();
  const take = useAct(
    async (files: readonly File[]) => {
      if (files.some(({ name }) => !NAME.test(name))) throw new Error(t('badName', { example: 'crm.contact.yaml' }));
      for (const file of files) {
        const json = { text: await file.text(), reason: '', imported: true, seen: null };
        await api.mappings[':name'].draft.$put({ param: { name: file.name }, json });
      }
      const [only, ...more] = files;
      if (only !== undefined && more.length === 0) await navigate(`/mappings/${only.name}`);
    },
    { done: ({ length: count }) => t('imported', { count }) },
  );
  return (
    <FileButton accept=".yaml,.yml" multiple onChange={(files) => files.length > 0 && take.mutate(files)}>
      {(props) => (
        <Button {...props} size="xs" variant="default" loading={take.isPending} title={t('importAbout')}>
          {t('import')}
        </Button>
      )}
    </FileButton>
  );
}
