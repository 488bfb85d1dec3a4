import { Box, Text, VisuallyHidden } from '@mantine/core';
import type { ReactNode } from 'react';
import { NavLink } from 'react-router';
import { CompanyIcon, ConnectionsIcon, FeedbackIcon, HoldIcon, PeopleIcon, ResponseIcon } from '../parts/icons.tsx';
import { useOverview } from '../queries.ts';

type ItemProps = {
  readonly to: string;
  readonly icon: ReactNode;
  readonly count?: number | undefined;
  readonly what?: string;
  readonly children: string;
};

function Item({ to, icon, count = 0, what, children }: ItemProps) {
  return (
    <li>
      <NavLink to={to} className="nav-link">
        {icon}
        {children}
        {count > 0 && (
          <span className="nav-count tabular">
            {count.toLocaleString()}
            {what !== undefined && <VisuallyHidden component="span"> {what}</VisuallyHidden>}
          </span>
        )}
      </NavLink>
    </li>
  );
}

function Items({ label, children }: { readonly label: string; readonly children: ReactNode }) {
  return (
    <Box mb="md">
      <Text size="xs" c="dimmed" px={10} pb={4} fw={550} id={`nav-${label}`}>
        {label}
      </Text>
      <Box component="ul" m={0} p={0} style={{ listStyle: 'none' }} aria-labelledby={`nav-${label}`}>
        {children}
      </Box>
    </Box>
  );
}

/** Where one can go, with what waits there. */
export function Navigation() {
  const { data } = useOverview();
  const known = (object: string) => data?.records.find((each) => each.object === object)?.count;
  return (
    <Box component="nav" aria-label="Main" flex={1} style={{ overflowY: 'auto' }}>
      <Items label="Systems">
        <Item to="/connections" icon={<ConnectionsIcon />}>
          Connections
        </Item>
        <Item to="/holds" icon={<HoldIcon />} count={data?.openHolds} what="open">
          Holds
        </Item>
      </Items>
      <Items label="Records">
        <Item to="/contacts" icon={<PeopleIcon />} count={known('contact')}>
          Contacts
        </Item>
        <Item to="/companies" icon={<CompanyIcon />} count={known('company')}>
          Companies
        </Item>
      </Items>
      <Items label="Feedback">
        <Item to="/responses" icon={<ResponseIcon />} count={data?.responses.unmatched} what="unmatched">
          Responses
        </Item>
        <Item to="/feedback" icon={<FeedbackIcon />}>
          Scores
        </Item>
      </Items>
    </Box>
  );
}
