import './listed.css';
import { Table } from '@mantine/core';
import type { ReactNode } from 'react';

/** How wide a column has to be to be read, in pixels: four of them fit a phone. */
const NARROWEST = 78;

type ListedProps = {
  readonly label: string;
  readonly heads: readonly string[];
  /** How many of the last columns are figures. */
  readonly figures: number;
  readonly children: ReactNode;
};

/** A table of figures that scrolls by itself where it is too wide, by keyboard as well. */
export function Listed({ label, heads, figures, children }: ListedProps) {
  return (
    <Table.ScrollContainer
      minWidth={NARROWEST * heads.length}
      className="card listed"
      scrollAreaProps={{ viewportProps: { tabIndex: 0, 'aria-label': label, role: 'group' } }}
    >
      <Table>
        <Table.Thead>
          <Table.Tr>
            {heads.map((head, place) => (
              <Table.Th key={head} scope="col" ta={place >= heads.length - figures ? 'right' : 'left'}>
                {head}
              </Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>{children}</Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}
