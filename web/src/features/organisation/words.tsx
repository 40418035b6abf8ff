// The body's own words: names of levels, segments and terms come from its profile, never from these sources.
import { createContext, useContext, type ReactNode } from 'react';
import { profile } from '../../api';
import type { ProfileWords } from '../../api/types';
import { ErrorNotice } from '../../components/Notice/Notice';
import { Spinner } from '../../components/Spinner/Spinner';
import { useLoad } from '../../lib/useLoad';

export interface Words {
  profile: ProfileWords;
  term: (key: string) => string;
  segment: (code: string) => string;
  confidentiality: (rank: number) => string;
  reload: () => Promise<void>;
}

const Context = createContext<Words | null>(null);

export function wordsOf(value: ProfileWords, reload: () => Promise<void>): Words {
  return {
    profile: value,
    term: (key) => value.terms[key] ?? key,
    segment: (code) => value.segments.find((item) => item.code === code)?.name ?? code,
    confidentiality: (rank) => value.confidentiality[rank - 1]?.name ?? String(rank),
    reload,
  };
}

export function useWords(): Words {
  const value = useContext(Context);
  if (!value) throw new Error('no profile');
  return value;
}

export function WordsProvider({ children }: { children: ReactNode }) {
  const { data, error, reload } = useLoad(() => profile(), []);
  if (error !== null)
    return (
      <main className="page-alone">
        <ErrorNotice error={error} onRetry={() => void reload()} />
      </main>
    );
  if (!data)
    return (
      <main className="page-alone">
        <Spinner />
      </main>
    );
  return <Context.Provider value={wordsOf(data, reload)}>{children}</Context.Provider>;
}
