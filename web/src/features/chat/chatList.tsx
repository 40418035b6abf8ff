// The history in the navigation: one list for the whole application, searched on the server.
import { createContext, useCallback, useContext, useEffect, useMemo, useRef, useState, type ReactNode } from 'react';
import { chats } from '../../api';
import type { ChatSummary } from '../../api/types';

interface ChatList {
  items: ChatSummary[];
  next: string | null;
  query: string;
  loaded: boolean;
  error: unknown;
  setQuery: (query: string) => void;
  reload: () => void;
  more: () => void;
}

const Context = createContext<ChatList | null>(null);
const kTypingPauseMs = 250;

export function useChatList(): ChatList {
  const value = useContext(Context);
  if (!value) throw new Error('no chat list');
  return value;
}

export function ChatListProvider({ children }: { children: ReactNode }) {
  const [query, setQuery] = useState('');
  const [state, setState] = useState<{ items: ChatSummary[]; next: string | null; loaded: boolean; error: unknown }>({
    items: [],
    next: null,
    loaded: false,
    error: null,
  });
  const turn = useRef(0);

  const load = useCallback(
    async (after: string | null) => {
      const mine = ++turn.current;
      try {
        const page = await chats.list(query, after);
        if (mine !== turn.current) return;
        setState((old) => ({
          items: after ? [...old.items, ...page.items] : page.items,
          next: page.next ?? null,
          loaded: true,
          error: null,
        }));
      } catch (error) {
        if (mine === turn.current) setState((old) => ({ ...old, loaded: true, error }));
      }
    },
    [query],
  );

  const current = useRef(load);
  current.current = load;
  const reload = useCallback(() => void current.current(null), []);
  useEffect(() => {
    const timer = setTimeout(() => void load(null), query === '' ? 0 : kTypingPauseMs);
    return () => clearTimeout(timer);
  }, [load, query]);

  const value = useMemo<ChatList>(
    () => ({
      ...state,
      query,
      setQuery,
      reload,
      more: () => void load(state.next),
    }),
    [state, query, reload, load],
  );
  return <Context.Provider value={value}>{children}</Context.Provider>;
}
