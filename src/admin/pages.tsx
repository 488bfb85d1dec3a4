import { type ComponentType, lazy, Suspense } from 'react';
import { Navigate, Route, Routes } from 'react-router';
import { ConnectionsPage } from './connections/connections.tsx';
import { fetchMoreWords } from './language/open-words.ts';
import { Loaded } from './parts/page.tsx';
import { useOverview } from './queries.ts';
import { Layout } from './shell/layout.tsx';
import { useStart } from './start/steps.ts';

/** A page that comes when it is opened, with the words that it says. */
function later<Given extends object>(load: () => Promise<ComponentType<Given>>, words: 'later' | 'settings' = 'later') {
  return lazy(async () => {
    const [page] = await Promise.all([load(), fetchMoreWords(words)]);
    return { default: page };
  });
}

const ConnectPage = later(async () => (await import('./connections/connect.tsx')).ConnectPage);
const ReconnectPage = later(async () => (await import('./connections/connect.tsx')).ReconnectPage);
const SignedInPage = later(async () => (await import('./connections/signed-in.tsx')).SignedInPage);
const ConnectionPage = later(async () => (await import('./connections/connection.tsx')).ConnectionPage);
const RecordsPage = later(async () => (await import('./records/records.tsx')).RecordsPage);
const RecordPage = later(async () => (await import('./records/record.tsx')).RecordPage);
const ResponsesPage = later(async () => (await import('./feedback/responses.tsx')).ResponsesPage);
const ResponsePage = later(async () => (await import('./feedback/response.tsx')).ResponsePage);
const HoldsPage = later(async () => (await import('./decisions/holds.tsx')).HoldsPage);
const FeedbackPage = later(async () => (await import('./feedback/feedback.tsx')).FeedbackPage);
const MetricPage = later(async () => (await import('./feedback/metric.tsx')).MetricPage);
const SurveysPage = later(async () => (await import('./feedback/surveys.tsx')).SurveysPage);
const SignInPage = later(async () => (await import('./entrance/sign-in.tsx')).SignInPage);
const SetUpPage = later(async () => (await import('./entrance/set-up.tsx')).SetUpPage);
const RunsPage = later(async () => (await import('./runs/runs.tsx')).RunsPage);
const RunPage = later(async () => (await import('./runs/run.tsx')).RunPage);
const PlanPage = later(async () => (await import('./runs/plan.tsx')).PlanPage);
const MappingsPage = later(async () => (await import('./mappings/mappings.tsx')).MappingsPage);
const MappingPage = later(async () => (await import('./mappings/mapping.tsx')).MappingPage);
const HealthPage = later(async () => (await import('./health/health.tsx')).HealthPage);
const LinksPage = later(async () => (await import('./health/links.tsx')).LinksPage);
const YouPage = later(async () => (await import('./settings/you.tsx')).YouPage, 'settings');
const SecurityPage = later(async () => (await import('./settings/security.tsx')).SecurityPage, 'settings');
const UsersPage = later(async () => (await import('./settings/users.tsx')).UsersPage, 'settings');
const KeysPage = later(async () => (await import('./settings/keys.tsx')).KeysPage, 'settings');
const RulesPage = later(async () => (await import('./settings/rules.tsx')).RulesPage, 'settings');
const RetentionPage = later(async () => (await import('./settings/retention.tsx')).RetentionPage, 'settings');
const HubPage = later(async () => (await import('./settings/hub.tsx')).HubPage, 'settings');
const AuditPage = later(async () => (await import('./settings/audit.tsx')).AuditPage, 'settings');
const StartPage = later(async () => (await import('./start/start.tsx')).StartPage);
const NotFoundPage = later(async () => (await import('./shell/not-found.tsx')).NotFoundPage);

/** Whoever has not come to the end of the start goes on there; then what is connected is looked after. */
function Home() {
  const overview = useOverview();
  const start = useStart();
  if (overview.data === undefined) return <Loaded query={overview}>{() => null}</Loaded>;
  if (start.isLoading) return <Loaded query={start}>{() => null}</Loaded>;
  if (start.data?.done === false) return <Navigate to="/start" replace />;
  return <Navigate to={overview.data.connections.length === 0 ? '/connections' : '/health'} replace />;
}

/** Every address of the settings page. */
export function Pages() {
  return (
    <Suspense>
      <Routes>
        <Route path="sign-in" element={<SignInPage />} />
        <Route path="setup" element={<SetUpPage />} />
        <Route element={<Layout />}>
          <Route index element={<Home />} />
          <Route path="connections" element={<ConnectionsPage />} />
          <Route path="connections/connect/:connector" element={<ConnectPage />} />
          <Route path="connections/sign-in" element={<SignedInPage />} />
          <Route path="connections/:id" element={<ConnectionPage />} />
          <Route path="connections/:id/reconnect" element={<ReconnectPage />} />
          <Route path="contacts" element={<RecordsPage object="contact" />} />
          <Route path="contacts/:id" element={<RecordPage />} />
          <Route path="companies" element={<RecordsPage object="company" />} />
          <Route path="companies/:id" element={<RecordPage />} />
          <Route path="responses" element={<ResponsesPage />} />
          <Route path="responses/:id" element={<ResponsePage />} />
          <Route path="deals" element={<RecordsPage object="deal" />} />
          <Route path="deals/:id" element={<RecordPage />} />
          <Route path="records/:object/:id" element={<RecordPage />} />
          <Route path="decisions" element={<HoldsPage />} />
          <Route path="feedback" element={<FeedbackPage />} />
          <Route path="feedback/metrics/:key" element={<MetricPage />} />
          <Route path="feedback/surveys" element={<SurveysPage />} />
          <Route path="health" element={<HealthPage />} />
          <Route path="health/records" element={<LinksPage />} />
          <Route path="mappings" element={<MappingsPage />} />
          <Route path="mappings/:name" element={<MappingPage />} />
          <Route path="runs" element={<RunsPage />} />
          <Route path="runs/:id" element={<RunPage />} />
          <Route path="plans/:id" element={<PlanPage />} />
          <Route path="settings" element={<YouPage />} />
          <Route path="settings/security" element={<SecurityPage />} />
          <Route path="settings/users" element={<UsersPage />} />
          <Route path="settings/keys" element={<KeysPage />} />
          <Route path="settings/rules" element={<RulesPage />} />
          <Route path="settings/audit" element={<AuditPage />} />
          <Route path="settings/retention" element={<RetentionPage />} />
          <Route path="settings/hub" element={<HubPage />} />
          <Route path="start/:step?" element={<StartPage />} />
          <Route path="*" element={<NotFoundPage />} />
        </Route>
      </Routes>
    </Suspense>
  );
}
