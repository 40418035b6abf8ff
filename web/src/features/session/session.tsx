// Who is logged in. Everything below <SessionGate> may take a session for granted.
import { createContext, useCallback, useContext, useEffect, useState, type ReactNode } from 'react';
import { session as api } from '../../api';
import { ApiError, onSessionLost, setCsrf } from '../../api/client';
import type { Session } from '../../api/types';
import { ErrorNotice } from '../../components/Notice/Notice';
import { Spinner } from '../../components/Spinner/Spinner';
import { LoginPage, type Locked } from './LoginPage';
import { useIdle } from './useIdle';

interface SessionContext {
  session: Session;
  // Just logged in and not yet confirmed: what the last login and failed ones were is shown.
  fresh: boolean;
  confirm: () => void;
  refresh: () => Promise<void>;
  logout: () => Promise<void>;
  lock: () => Promise<void>;
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
  const [locked, setLocked] = useState<Locked | null>(null);
  const [fresh, setFresh] = useState(false);

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
  const enter = useCallback(
    (next: Session) => {
      setLocked(null);
      setFresh(true);
      take(next);
    },
    [take],
  );
  const logout = useCallback(async () => {
    try {
      await api.logout();
    } finally {
      setLocked(null);
      take(null);
    }
  }, [take]);
  // The screen is taken away first, whatever the server says.
  const lockNow = useCallback(
    async (idle: boolean) => {
      if (!session) return;
      setLocked({ login: session.user.login, name: session.user.name, body: session.body.code, idle });
      setSession(null);
      try {
        await api.lock();
      } catch {
        // the server ends the session by its own clock
      } finally {
        setCsrf('');
      }
    },
    [session],
  );
  const lock = useCallback(() => lockNow(false), [lockNow]);
  const onIdle = useCallback(() => void lockNow(true), [lockNow]);
  useIdle(session ? session.idle_seconds : 0, onIdle);

  useEffect(() => {
    onSessionLost(() => take(null));
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
  if (session === null) return <LoginPage locked={locked} onAnother={() => setLocked(null)} onLogin={enter} />;
  return (
    <Context.Provider value={{ session, fresh, confirm: () => setFresh(false), refresh, logout, lock }}>{children}</Context.Provider>
  );
}
