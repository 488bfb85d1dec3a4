import './shell.css';
import { Box, Text, VisuallyHidden } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { NavLink } from 'react-router';
import { useFormat } from '../format.ts';
import { useOverview } from '../queries.ts';
import { useStart } from '../start/steps.ts';
import { type Group, type Place, START, usePlaces } from './places.tsx';

const GROUPS: readonly Group[] = ['overview', 'systems', 'records', 'feedback'];

type Waiting = { readonly count: number; readonly what?: string };

function Item({ place, waiting }: { readonly place: Place; readonly waiting: Waiting | undefined }) {
  const format = useFormat();
  return (
    <li>
      <NavLink to={place.to} className="nav-link">
        {place.icon}
        {place.label}
        {waiting !== undefined && waiting.count > 0 && (
          <span className="nav-count tabular">
            {format.count(waiting.count)}
            {waiting.what !== undefined && <VisuallyHidden component="span"> {waiting.what}</VisuallyHidden>}
          </span>
        )}
      </NavLink>
    </li>
  );
}

/** Where one can go, with what waits there. */
export function Navigation() {
  const { t } = useTranslation('shell');
  const start = useStart();
  const all = usePlaces();
  const places = all.filter(({ to }) => to !== START);
  // Who has come to its end finds the start by the search. It stands last, since it is known later than the others, and would move them.
  const guide = start.data?.done === false ? all.find(({ to }) => to === START) : undefined;
  const waiting = useWaiting();
  return (
    <Box component="nav" aria-label={t('main')} flex={1} style={{ overflowY: 'auto' }}>
      {GROUPS.map((group) => (
        <Box key={group} mb="md">
          <Text size="xs" c="dimmed" px={10} pb={4} fw={550} id={`nav-${group}`}>
            {t(`group.${group}`)}
          </Text>
          <Box component="ul" m={0} p={0} style={{ listStyle: 'none' }} aria-labelledby={`nav-${group}`}>
            {places
              .filter((place) => place.group === group)
              .map((place) => (
                <Item key={place.to} place={place} waiting={waiting[place.to]} />
              ))}
          </Box>
        </Box>
      ))}
      {guide !== undefined && (
        <ul className="plain">
          <Item place={guide} waiting={undefined} />
        </ul>
      )}
    </Box>
  );
}

function useWaiting(): Readonly<Record<string, Waiting>> {
  const { t } = useTranslation('shell');
  const { data } = useOverview();
  const known = (object: string) => ({ count: data?.records.find((each) => each.object === object)?.count ?? 0 });
  return {
    '/decisions': { count: data?.openHolds ?? 0, what: t('open') },
    '/contacts': known('contact'),
    '/companies': known('company'),
    '/deals': known('deal'),
    '/responses': { count: data?.responses.unmatched ?? 0, what: t('unmatched') },
  };
}
