import './styles.ts';
import { MantineProvider } from '@mantine/core';
import { Notifications } from '@mantine/notifications';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { createRoot } from 'react-dom/client';
import { BrowserRouter } from 'react-router';
import { Refusal } from './api.ts';
import { askAhead } from './ask-ahead.ts';
import { openWords } from './language/open-words.ts';
import { Pages } from './pages.tsx';
import { theme, variables } from './theme.ts';

const ENTRANCES: ReadonlySet<string> = new Set(['/sign-in', '/setup']);
const TRIES = 3;
// What the hub refused it refuses again; only what was not reached is worth another try.
const worthAgain = (failures: number, error: Error): boolean =>
  failures < TRIES && (!(error instanceof Refusal) || error.status === 0 || error.status >= 500);
const client = new QueryClient({ defaultOptions: { queries: { retry: worthAgain, staleTime: 2000 } } });

const opened = openWords();
// Nobody is signed in yet where one signs in.
if (!ENTRANCES.has(window.location.pathname)) askAhead(client);
await opened;
const root = document.getElementById('root');
if (root === null) throw new Error('the page has no root');
createRoot(root).render(
  <MantineProvider theme={theme} cssVariablesResolver={variables} defaultColorScheme="auto">
    <Notifications position="bottom-right" autoClose={7000} />
    <QueryClientProvider client={client}>
      <BrowserRouter>
        <Pages />
      </BrowserRouter>
    </QueryClientProvider>
  </MantineProvider>,
);
