import './mappings.css';
import { ActionIcon, Button, NativeSelect, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useNames } from '../names.ts';
import { DownIcon } from '../parts/icons.tsx';
import { ARROWS, type LineOf, liveField, setting } from './document.ts';
import { LineSettings, SETTINGS } from './line-settings.tsx';
import type { Fields, Problem } from './mapping-queries.ts';
import { ProblemsHere, problemsAt } from './problems.tsx';
import type { DraftActs } from './use-draft.ts';

type Props = {
  readonly line: LineOf;
  readonly lines: readonly LineOf[];
  readonly fields: Fields;
  readonly problems: readonly Problem[];
  readonly acts: DraftActs;
  readonly mayChange: boolean;
  /** What the record that the draft is tried on cannot be told by this line. */
  readonly tried: readonly string[];
  readonly isOpen: boolean;
  setOpen(isOpen: boolean): void;
  remove(): void;
};
const DIRECTIONS = ['both', 'in', 'out', 'off'] as const;

/** One line: the field over there, the way, the field of the hub, and what else goes into that. */
export function LineRow({ line, lines, fields, problems, acts, mayChange, tried, isOpen, setOpen, remove }: Props) {
  const { t } = useTranslation('mappings');
  const names = useNames();
  const [here, there] = [fields.hub.find(({ name }) => name === line.hub), liveField(fields, line.remote)];
  const title = names.field(line.hub, here?.label);
  const place = `fields[${line.at}]`;
  const all = problemsAt(problems, place);
  // What is open tells its own.
  const told = isOpen ? SETTINGS.flatMap((name) => problemsAt(all, `${place}.${name}`)) : [];
  const wrong = all.filter((one) => !told.includes(one));
  const others = fields.others.flatMap((other) => other.lines.filter(({ hub }) => hub === line.hub).map((one) => ({ ...one, ...other })));
  return (
    <div>
      <div className="map-line">
        <div style={{ minWidth: 0 }}>
          <Text size="sm" fw={550} className="value">
            {there?.label ?? line.remote}
          </Text>
          <Text size="xs" c="dimmed" className="value">
            {line.remote} · {there?.type ?? t('unseen')}
          </Text>
          <Marks marks={[there?.required === true && t('required'), there?.writable === false && t('readOnly')]} />
        </div>
        <NativeSelect
          size="xs"
          aria-label={`${t('direction.name')}: ${title}`}
          value={line.direction}
          disabled={!mayChange}
          data={[
            { value: '', label: `${ARROWS['']} ${t('direction.usual')}` },
            ...DIRECTIONS.map((value) => ({ value, label: `${ARROWS[value]} ${t(`direction.${value}`)}` })),
          ]}
          onChange={(event) => acts.change.mutate({ edits: [setting(line.at, 'direction', event.currentTarget.value)] })}
        />
        <div style={{ minWidth: 0 }}>
          <Text size="sm" fw={550} className="value">
            {title}
          </Text>
          <Text size="xs" c="dimmed" className="value">
            {line.hub}
            {here !== undefined && ` · ${here.type}`}
          </Text>
          <Marks marks={[here?.computed === true && t('computed')]} />
        </div>
        <Text size="xs" c="dimmed" className="value" component="div">
          {others.map((other) => (
            <div key={other.name}>
              {ARROWS[other.direction]} {other.name.replace(/\.yaml$/, '')}: {other.remote}
            </div>
          ))}
        </Text>
        <ActionIcon
          variant="subtle"
          color="gray"
          aria-label={t('details', { field: title })}
          aria-expanded={isOpen}
          onClick={() => setOpen(!isOpen)}
        >
          <span style={{ display: 'inline-flex', transform: isOpen ? 'rotate(180deg)' : undefined }}>
            <DownIcon size={16} />
          </span>
        </ActionIcon>
      </div>
      {(wrong.length > 0 || tried.length > 0) && (
        <div className="map-wrong">
          <ProblemsHere problems={wrong} />
          {tried.map((reason) => (
            <Text key={reason} size="xs" c="var(--mantine-color-error)" className="value">
              {reason}
            </Text>
          ))}
        </div>
      )}
      {isOpen && (
        <div className="map-open">
          <LineSettings line={line} lines={lines} fields={fields} problems={all} acts={acts} mayChange={mayChange} title={title} />
          {mayChange && (
            <Button size="xs" variant="subtle" color="red" onClick={remove}>
              {t('remove', { field: title })}
            </Button>
          )}
        </div>
      )}
    </div>
  );
}

function Marks({ marks }: { readonly marks: readonly (string | false)[] }) {
  return marks.map((mark) =>
    mark === false ? null : (
      <span key={mark} className="chip">
        <span>{mark}</span>
      </span>
    ),
  );
}
