import type { Session } from '../../src/contract/connector.ts';
import { ask } from './client.ts';
import { type Form, type Item, parseForm, parseForms } from './wire.ts';

const PAGE_SIZE = 200;

export function formPath(formId: string): string {
  return `/forms/${encodeURIComponent(formId)}`;
}

/** Every form that the token can see. */
export async function* listForms(session: Session): AsyncGenerator<{ readonly id: string; readonly title: string }> {
  for (let page = 1; ; page += 1) {
    const { items, pageCount } = parseForms((await ask(session, '/forms', { page, page_size: PAGE_SIZE })).body);
    yield* items;
    if (items.length === 0 || page >= pageCount) return;
  }
}

/** The definition of a form, as it is now. */
export async function readForm(session: Session, formId: string): Promise<Form> {
  const form = parseForm((await ask(session, formPath(formId))).body);
  return { ...form, id: formId, title: form.title || `Form ${formId}` };
}

export type Forms = {
  /** What these responses answer, read when it is first needed and again when a question is answered that was not there. */
  of(formId: string, items: readonly Item[]): Promise<Form>;
};

export function openForms(session: Session): Forms {
  const read = new Map<string, { readonly form: Form; readonly absent: ReadonlySet<string> }>();
  return {
    async of(formId, items) {
      const answered = new Set(items.flatMap(({ answers }) => answers).map(({ field }) => field.id));
      const absentFrom = ({ fields }: Form) => {
        const there = new Set(fields.map(({ id }) => id));
        return [...answered].filter((id) => !there.has(id));
      };
      const had = read.get(formId);
      if (had !== undefined && absentFrom(had.form).every((id) => had.absent.has(id))) return had.form;
      const form = await readForm(session, formId);
      read.set(formId, { form, absent: new Set([...(had?.absent ?? []), ...absentFrom(form)]) });
      return form;
    },
  };
}
