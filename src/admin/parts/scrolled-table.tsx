import { Table } from '@mantine/core';
import type { ReactNode } from 'react';

type TableProps = { readonly label: string; readonly heads: readonly string[]; readonly children: ReactNode };

/** A table whose first column says what the others count; where it is too wide, it is scrolled, by keyboard as well. */
export function ScrolledTable({ label, heads, children }: TableProps) {
  return (
    <Table.ScrollContainer
      minWidth={120 * heads.length}
      className="card"
      scrollAreaProps={{ viewportProps: { tabIndex: 0, 'aria-label': label, role: 'group' } }}
    >
      <Table>
        <Table.Thead>
          <Table.Tr>
            {heads.map((head, place) => (
              <Table.Th key={head} scope="col" ta={place === 0 ? 'left' : 'right'}>
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
