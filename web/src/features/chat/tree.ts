// The conversation is a tree: an edited question or an answer made again is a sibling. Pure functions over the messages.
import type { Message } from '../../api/types';

export function siblingsOf(messages: readonly Message[], message: Message): Message[] {
  return childrenOf(messages, message.parent_id).filter((other) => other.role === message.role);
}

export function childrenOf(messages: readonly Message[], parent: string | null): Message[] {
  return messages.filter((message) => message.parent_id === parent).sort(byAge);
}

// Ids are ULIDs: their order is the order of creation.
function byAge(a: Message, b: Message): number {
  return a.id < b.id ? -1 : a.id > b.id ? 1 : 0;
}

// The leaf reached from a message by always taking the newest child.
export function leafUnder(messages: readonly Message[], id: string): string {
  const seen = new Set<string>();
  let at = id;
  for (;;) {
    seen.add(at);
    const newest = childrenOf(messages, at).at(-1);
    if (!newest || seen.has(newest.id)) return at;
    at = newest.id;
  }
}

// The messages from the root to the shown leaf. An unknown head falls back to the newest branch.
export function pathTo(messages: readonly Message[], head: string | null): Message[] {
  const byId = new Map(messages.map((message) => [message.id, message]));
  let start = head !== null && byId.has(head) ? head : childrenOf(messages, null).at(-1)?.id;
  if (start === undefined) return [];
  start = leafUnder(messages, start);
  const path: Message[] = [];
  const seen = new Set<string>();
  for (let at = byId.get(start); at && !seen.has(at.id); at = at.parent_id === null ? undefined : byId.get(at.parent_id)) {
    seen.add(at.id);
    path.push(at);
  }
  return path.reverse();
}
