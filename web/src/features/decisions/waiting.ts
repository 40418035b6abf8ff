// How much waits for the person's decision, for the menu: asked once per visit (asking is a recorded act), and told anew by the page itself.
import { useEffect, useSyncExternalStore } from 'react';
import { decisions as api } from '../../api/decisions';

let count = 0;
let asked = '';
const listeners = new Set<() => void>();

export function tellWaiting(next: number): void {
  count = next;
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export function useWaiting(person: string, concerned: boolean): number {
  useEffect(() => {
    if (!concerned || asked === person) return;
    asked = person;
    tellWaiting(0);
    // What goes wrong here is told by the page itself.
    void api
      .list()
      .then((list) => asked === person && tellWaiting(list.items.length))
      .catch(() => {});
  }, [person, concerned]);
  return useSyncExternalStore(subscribe, () => count);
}
