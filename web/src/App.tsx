import { lazy, Suspense, useEffect, type ReactNode } from 'react';
import { ButtonLink } from './components/Button/Button';
import { ErrorBoundary } from './components/ErrorBoundary/ErrorBoundary';
import { Page } from './components/Shell/Page';
import { Shell } from './components/Shell/Shell';
import { Spinner } from './components/Spinner/Spinner';
import { ChatListProvider } from './features/chat/chatList';
import { ConversationPage, NewChatPage } from './features/chat/ChatPages';
import { WordsProvider } from './features/organisation/words';
import { AccountPage } from './features/session/AccountPage';
import { SessionGate, useSession } from './features/session/session';
import { navigate, useLocation } from './lib/router';
import { ja } from './messages/ja';

// Pages that many people never open are fetched when they are.
const CollectionsPage = lazy(() => import('./features/collections/CollectionsPage'));
const CollectionPage = lazy(() => import('./features/collections/CollectionPage'));
const DocumentPage = lazy(() => import('./features/documents/DocumentPage'));
const UnruledPage = lazy(() => import('./features/classes/UnruledPage'));
const ApprovalsPage = lazy(() => import('./features/approvals/ApprovalsPage'));
const NewApprovalPage = lazy(() => import('./features/approvals/NewApprovalPage'));
const ApprovalPage = lazy(() => import('./features/approvals/ApprovalPage'));
const DecisionsPage = lazy(() => import('./features/decisions/DecisionsPage'));
const SearchPage = lazy(() => import('./features/search/SearchPage'));
const EndpointsPage = lazy(() => import('./features/endpoints/EndpointsPage'));
const GuardsPage = lazy(() => import('./features/guards/GuardsPage'));
const UsersPage = lazy(() => import('./features/users/UsersPage'));
const OrganisationPage = lazy(() => import('./features/organisation/OrganisationPage'));
const StaffImportPage = lazy(() => import('./features/organisation/StaffImportPage'));
const GuidelinePage = lazy(() => import('./features/policies/GuidelinePage'));
const MeaningsPage = lazy(() => import('./features/policies/MeaningsPage'));
const PoliciesPage = lazy(() => import('./features/policies/PoliciesPage'));
const CoveragePage = lazy(() => import('./features/coverage/CoveragePage'));
const DutiesPage = lazy(() => import('./features/coverage/DutiesPage'));
const PolicyPage = lazy(() => import('./features/policies/PolicyPage'));
const PolicyDocumentPage = lazy(() => import('./features/policies/PolicyDocumentPage'));
const ReadingsPage = lazy(() => import('./features/reading/ReadingsPage'));
const ReadingPage = lazy(() => import('./features/reading/ReadingPage'));
const ReadersPage = lazy(() => import('./features/reading/ReadersPage'));
const PublicPoliciesPage = lazy(() => import('./features/policies/PublicPoliciesPage'));
const PublicPolicyPage = lazy(() => import('./features/policies/PublicPoliciesPage').then((page) => ({ default: page.PublicPolicyPage })));
const ServicesPage = lazy(() => import('./features/services/ServicesPage'));
const SwitchesPage = lazy(() => import('./features/switches/SwitchesPage'));
const FlowsPage = lazy(() => import('./features/flows/FlowsPage'));
const PrivilegesPage = lazy(() => import('./features/privileges/PrivilegesPage'));
const StopsPage = lazy(() => import('./features/stops/StopsPage'));
const UsagePage = lazy(() => import('./features/usage/UsagePage'));
const LogPage = lazy(() => import('./features/logs/LogPage'));
const BackupPage = lazy(() => import('./features/backup/BackupPage'));
const DisposalPage = lazy(() => import('./features/disposal/DisposalPage'));
const AlarmsPage = lazy(() => import('./features/alarms/AlarmsPage'));
const ReviewsPage = lazy(() => import('./features/reviews/ReviewsPage'));
const ReviewPage = lazy(() => import('./features/reviews/ReviewPage'));
const RetentionPage = lazy(() => import('./features/retention/RetentionPage'));
const KeysPage = lazy(() => import('./features/keys/KeysPage'));
const MailPage = lazy(() => import('./features/mail/MailPage'));
const OfficePage = lazy(() => import('./features/office/OfficePage'));
const OfficeTasksPage = lazy(() => import('./features/office/TasksPage'));
const OfficeNoticesPage = lazy(() => import('./features/office/NoticesPage'));
const OfficeDutiesPage = lazy(() => import('./features/office/DutiesPage'));
const OfficeDepartmentPage = lazy(() => import('./features/office/DepartmentPage'));
const OfficeCalendarPage = lazy(() => import('./features/office/CalendarPage'));
const OfficeFiguresPage = lazy(() => import('./features/office/FiguresPage'));
const OfficeRegisterPage = lazy(() => import('./features/office/RegisterPage'));
const OfficeImportPage = lazy(() => import('./features/office/ImportPage'));
const OfficeSheetPage = lazy(() => import('./features/office/SheetPage'));
const OfficeNewCasePage = lazy(() => import('./features/office/NewCasePage'));
const OfficeCasePage = lazy(() => import('./features/office/CasePage'));
const OfficePrintPage = lazy(() => import('./features/office/PrintPage'));
const OfficeDefinitionsPage = lazy(() => import('./features/office/DefinitionsPage'));
const OfficeDefinitionPage = lazy(() => import('./features/office/DefinitionPage'));
const OfficeDefinePage = lazy(() => import('./features/office/DefinePage'));

const routes: [pattern: RegExp, page: (id: string) => ReactNode][] = [
  [/^\/chat$/, () => <NewChatPage />],
  [/^\/chat\/([^/]+)$/, (id) => <ConversationPage key={id} id={id} />],
  [/^\/collections$/, () => <CollectionsPage />],
  [/^\/collections\/([^/]+)$/, (id) => <CollectionPage key={id} id={id} />],
  [/^\/documents\/([^/]+)$/, (id) => <DocumentPage key={id} id={id} />],
  [/^\/approvals$/, () => <ApprovalsPage />],
  [/^\/approvals\/new$/, () => <NewApprovalPage />],
  [/^\/approvals\/([^/]+)$/, (id) => <ApprovalPage key={id} id={id} />],
  [/^\/decisions$/, () => <DecisionsPage />],
  [/^\/office$/, () => <OfficePage />],
  [/^\/office\/tasks$/, () => <OfficeTasksPage />],
  [/^\/office\/notices$/, () => <OfficeNoticesPage />],
  [/^\/office\/duties$/, () => <OfficeDutiesPage />],
  [/^\/office\/department$/, () => <OfficeDepartmentPage />],
  [/^\/office\/calendar$/, () => <OfficeCalendarPage />],
  [/^\/office\/figures$/, () => <OfficeFiguresPage />],
  [/^\/office\/registers\/([^/]+)$/, (name) => <OfficeRegisterPage key={name} name={name} />],
  [/^\/office\/registers\/([^/]+)\/import$/, (name) => <OfficeImportPage key={name} name={name} />],
  [/^\/office\/registers\/([^/]+)\/sheet$/, (name) => <OfficeSheetPage key={name} name={name} />],
  [/^\/office\/registers\/([^/]+)\/new$/, (name) => <OfficeNewCasePage key={name} name={name} />],
  [/^\/office\/cases\/([^/]+)$/, (id) => <OfficeCasePage key={id} id={id} />],
  [/^\/office\/cases\/([^/]+)\/print$/, (id) => <OfficePrintPage key={id} id={id} />],
  [/^\/office\/definitions$/, () => <OfficeDefinitionsPage />],
  [/^\/office\/definitions\/([^/]+)$/, (name) => <OfficeDefinitionPage key={name} name={name} />],
  [/^\/office\/define$/, () => <OfficeDefinePage />],
  [/^\/search$/, () => <SearchPage />],
  [/^\/unruled$/, () => <UnruledPage />],
  [/^\/admin\/endpoints$/, () => <EndpointsPage />],
  [/^\/admin\/guards$/, () => <GuardsPage />],
  [/^\/admin\/users$/, () => <UsersPage />],
  [/^\/admin\/organisation$/, () => <OrganisationPage />],
  [/^\/admin\/staff-import$/, () => <StaffImportPage />],
  [/^\/admin\/keys$/, () => <KeysPage />],
  [/^\/policies$/, () => <PublicPoliciesPage />],
  [/^\/policies\/([^/]+)$/, (id) => <PublicPolicyPage key={id} id={id} />],
  [/^\/readings$/, () => <ReadingsPage />],
  [/^\/readings\/people$/, () => <ReadersPage />],
  [/^\/readings\/([^/]+)$/, (id) => <ReadingPage key={id} id={id} />],
  [/^\/admin\/coverage$/, () => <CoveragePage />],
  [/^\/duties$/, () => <DutiesPage />],
  [/^\/admin\/policies$/, () => <PoliciesPage />],
  [/^\/admin\/policies\/guideline$/, () => <GuidelinePage />],
  [/^\/admin\/policies\/documents\/([^/]+)$/, (id) => <PolicyDocumentPage key={id} id={id} />],
  [/^\/admin\/policies\/([^/]+)\/meanings$/, (id) => <MeaningsPage key={id} id={id} />],
  [/^\/admin\/policies\/([^/]+)$/, (id) => <PolicyPage key={id} id={id} />],
  [/^\/admin\/services$/, () => <ServicesPage />],
  [/^\/admin\/switches$/, () => <SwitchesPage />],
  [/^\/admin\/mail$/, () => <MailPage />],
  [/^\/admin\/flows$/, () => <FlowsPage />],
  [/^\/admin\/stops$/, () => <StopsPage />],
  [/^\/admin\/usage$/, () => <UsagePage />],
  [/^\/admin\/log$/, () => <LogPage />],
  [/^\/disposals$/, () => <DisposalPage />],
  [/^\/admin\/alarms$/, () => <AlarmsPage />],
  [/^\/admin\/reviews$/, () => <ReviewsPage />],
  [/^\/admin\/reviews\/([^/]+)$/, (id) => <ReviewPage key={id} period={id} />],
  [/^\/admin\/backups$/, () => <BackupPage />],
  [/^\/admin\/retention$/, () => <RetentionPage />],
  [/^\/admin\/privileges$/, () => <PrivilegesPage />],
  [/^\/account$/, () => <AccountPage />],
];

export function App() {
  return (
    <ErrorBoundary>
      <SessionGate>
        <WordsProvider>
          <ChatListProvider>
            <Shell>
              <ErrorBoundary>
                <Routed />
              </ErrorBoundary>
            </Shell>
          </ChatListProvider>
        </WordsProvider>
      </SessionGate>
    </ErrorBoundary>
  );
}

function Routed() {
  const { path } = useLocation();
  const { session } = useSession();
  const home = path === '/' || path === '/login';
  useEffect(() => {
    if (session.password_must_change && path !== '/account') navigate('/account', true);
    else if (home) navigate('/chat', true);
  }, [home, path, session.password_must_change]);
  if (home) return null;
  for (const [pattern, page] of routes) {
    const match = pattern.exec(path);
    if (match)
      return (
        <Suspense
          fallback={
            <div className="page">
              <Spinner />
            </div>
          }
        >
          {page(match[1] ?? '')}
        </Suspense>
      );
  }
  return (
    <Page title={ja.notFoundPage}>
      <div>
        <ButtonLink href="/chat">{ja.backHome}</ButtonLink>
      </div>
    </Page>
  );
}
