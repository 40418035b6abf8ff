// Who is logged in. Everything below <SessionGate> may take a session for granted.
import { createContext, useCallback, useContext, useEffect, useState, type ReactNode } from 'react';
import { session as api } from '../../api';
import { ApiError, onFactorDue, onSessionLost, setCsrf } from '../../api/client';
import type { Session } from '../../api/types';
import { ErrorNotice } from '../../components/Notice/Notice';
import { Spinner } from '../../components/Spinner/Spinner';
import { SecondStep } from '../factors/SecondStep';
import { LoginPage } from './LoginPage';

interface SessionContext {
  session: Session;
  refresh: () => Promise<void>;
  logout: () => Promise<void>;
}

const Context = createContext<SessionContext | null>(null);

export function useSession(): SessionContext {
  const value = useContext(Context);
  if (!value) throw new Error('no session');
  return value;
}

export function SessionGate({ children }: { children: ReactNode }) {
  // undefined: not known yet; null: nobody.
  const [session, setSession] = useState<Session | null | undefined>(undefined);
  const [error, setError] = useState<unknown>(null);

  const take = useCallback((next: Session | null) => {
    setCsrf(next?.csrf ?? '');
    setSession(next);
  }, []);
  const refresh = useCallback(async () => {
    setError(null);
    try {
      take(await api.get());
    } catch (problem) {
      if (problem instanceof ApiError && problem.problem.status === 401) take(null);
      else setError(problem);
    }
  }, [take]);
  const logout = useCallback(async () => {
    try {
      await api.logout();
    } finally {
      take(null);
    }
  }, [take]);

  useEffect(() => {
    onSessionLost(() => take(null));
    onFactorDue(() => void refresh());
    void refresh();
  }, [refresh, take]);

  if (error)
    return (
      <main className="page-alone">
        <ErrorNotice error={error} onRetry={() => void refresh()} />
      </main>
    );
  if (session === undefined)
    return (
      <main className="page-alone">
        <Spinner />
      </main>
    );
  if (session === null) return <LoginPage onLogin={take} />;
  if (session.second_factor === 'needed') return <SecondStep session={session} onGiven={refresh} onLogout={logout} />;
  return <Context.Provider value={{ session, refresh, logout }}>{children}</Context.Provider>;
}
