import { Tooltip } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { Problem } from './mapping-queries.ts';
import { saidOf } from './problems.tsx';

type Props = {
  readonly count: number;
  readonly problems: readonly Problem[];
  /** How far the text beside them is scrolled, in pixels. */
  readonly scrolled: number;
  goTo(line: number): void;
};

/** The numbers of the lines of a text; one with a mistake says which, and leads to its place in the text. */
export function YamlLines({ count, problems, scrolled, goTo }: Props) {
  const { t } = useTranslation('mappings');
  const byLine = Map.groupBy(problems, ({ line }) => Math.min(line, count));
  return (
    <div className="yaml-lines">
      <div style={{ transform: `translateY(${-scrolled}px)` }}>
        {Array.from({ length: count }, (_, index) => index + 1).map((line) => {
          const said = saidOf(byLine.get(line) ?? []);
          if (said === null)
            return (
              <div key={line} aria-hidden="true">
                {line}
              </div>
            );
          return (
            <Tooltip key={line} label={said} multiline maw={420} position="right">
              <button type="button" className="bare yaml-mark" aria-label={t('atLine', { line, said })} onClick={() => goTo(line)}>
                {line}
              </button>
            </Tooltip>
          );
        })}
      </div>
    </div>
  );
}
