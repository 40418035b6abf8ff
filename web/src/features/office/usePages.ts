// A list that comes in pages: the first when it shows, the others when asked for; how many came is for whoever hears the screen.
import { useState, type DependencyList } from 'react';
import type { Page } from '../../api/types';
import { useAction } from '../../lib/useAction';
import { useLoad } from '../../lib/useLoad';

export function usePages<T>(load: (after: string | null) => Promise<Page<T>>, deps: DependencyList) {
  const { data, error, reload, set } = useLoad<Page<T>>(() => load(null), deps);
  const action = useAction();
  const [added, setAdded] = useState(0);
  const more = () =>
    void action.run(async () => {
      const next = await load(data?.next ?? null);
      set((old) => ({ items: [...old.items, ...next.items], next: next.next }));
      setAdded(next.items.length);
    });
  return { items: data?.items ?? null, next: data?.next ?? null, error: error ?? action.error, busy: action.busy, added, reload, more, set };
}
