// Loads something when the component shows and when `deps` change. Late answers of an earlier load are dropped.
import { useCallback, useEffect, useRef, useState, type DependencyList } from 'react';

export interface Load<T> {
  data: T | null;
  error: unknown;
  loading: boolean;
  reload: () => Promise<void>;
  set: (change: (data: T) => T) => void;
}

export function useLoad<T>(load: () => Promise<T>, deps: DependencyList): Load<T> {
  const [state, setState] = useState<{ data: T | null; error: unknown; loading: boolean }>({ data: null, error: null, loading: true });
  const turn = useRef(0);
  const reload = useCallback(async () => {
    const mine = ++turn.current;
    setState((old) => ({ ...old, loading: true, error: null }));
    try {
      const data = await load();
      if (mine === turn.current) setState({ data, error: null, loading: false });
    } catch (error) {
      if (mine === turn.current) setState((old) => ({ ...old, error, loading: false }));
    }
  }, deps);
  useEffect(() => {
    void reload();
    return () => {
      turn.current++;
    };
  }, [reload]);
  const set = useCallback((change: (data: T) => T) => {
    setState((old) => (old.data === null ? old : { ...old, data: change(old.data) }));
  }, []);
  return { ...state, reload, set };
}
