// Loads a conversation, asks, follows the answer's stream, and takes up an answer that was being written when the page was left.
import { useCallback, useEffect, useReducer, useRef, useState, type Dispatch } from 'react';
import { chats } from '../../api';
import { ApiError } from '../../api/client';
import { followStream } from '../../api/stream';
import type { Chat, ChatEvent, ChatTree, Message } from '../../api/types';
import { ja } from '../../messages/ja';
import { useChatList } from './chatList';
import { reduce, type Action, type Asking } from './conversationState';
import { takePendingQuestion } from './pendingQuestion';
import { leafUnder, pathTo } from './tree';

export interface Failure {
  error: unknown;
  asking: Asking | null;
}

export function useConversation(id: string) {
  const [state, dispatch] = useReducer(reduce, { tree: null, live: null });
  const [loadError, setLoadError] = useState<unknown>(null);
  const [failure, setFailure] = useState<Failure | null>(null);
  const [announcement, setAnnouncement] = useState('');
  const running = useRef<AbortController | null>(null);
  const list = useChatList();
  const tree = useRef(state.tree);
  tree.current = state.tree;

  const follow = useCallback(
    async (asking: Asking | null, resumed: Message | null) => {
      running.current?.abort();
      const controller = new AbortController();
      running.current = controller;
      setFailure(null);
      const before = new Set(tree.current?.messages.map((message) => message.id));
      let begun = false;
      const onEvent = (event: ChatEvent) => {
        dispatch({ type: 'event', event });
        if (event.type === 'delta' && !begun) {
          begun = true;
          setAnnouncement(ja.chat.started);
        }
        const ended = endAnnouncement(event);
        if (ended) setAnnouncement(ended);
      };
      if (asking) dispatch({ type: 'asking', asking });
      else if (resumed) dispatch({ type: 'resuming', message: resumed });
      try {
        await followStream(
          {
            first: asking ? (signal) => chats.ask(id, asking, signal) : null,
            streamId: resumed?.stream_id ?? null,
            resume: chats.resume,
            onEvent,
            onReconnecting: (reconnecting) => dispatch({ type: 'reconnecting', reconnecting }),
          },
          controller.signal,
        );
      } catch (error) {
        if (controller.signal.aborted) return;
        const outcome = await afterBreak(id, error, asking, before, dispatch);
        if (controller.signal.aborted) return;
        if (outcome.resume) return void again.current(null, outcome.resume);
        setAnnouncement(ja.chat.failedLive);
        setFailure(outcome.failure);
        return dispatch({ type: 'ended' });
      }
      if (controller.signal.aborted) return;
      dispatch({ type: 'ended' });
      list.reload();
      // The first answer names the conversation, and every answer may raise its label.
      const latest = await chats.get(id).catch(() => null);
      if (latest && !controller.signal.aborted) dispatch({ type: 'loaded', tree: latest });
    },
    [id, list.reload],
  );
  const again = useRef(follow);
  again.current = follow;

  const load = useCallback(async () => {
    const controller = new AbortController();
    running.current = controller;
    setLoadError(null);
    let tree: ChatTree;
    try {
      tree = await chats.get(id);
    } catch (error) {
      if (!controller.signal.aborted) setLoadError(error);
      return;
    }
    if (controller.signal.aborted) return;
    dispatch({ type: 'loaded', tree });
    const pending = takePendingQuestion(id);
    const writing =
      pathTo(tree.messages, tree.chat.head).find((message) => message.state === 'streaming' && message.stream_id !== null) ??
      tree.messages.find((message) => message.state === 'streaming' && message.stream_id !== null);
    if (pending !== null) void follow({ ...pending, parent_id: null, regenerate_of: null }, null);
    else if (writing) void follow(null, writing);
  }, [id, follow]);

  useEffect(() => {
    void load();
    return () => running.current?.abort();
  }, [load]);

  const stop = useCallback(async () => {
    const stream = state.live?.streamId;
    if (!stream) {
      running.current?.abort();
      dispatch({ type: 'ended' });
      return;
    }
    try {
      await chats.stop(stream);
    } catch (error) {
      setFailure({ error, asking: null });
    }
  }, [state.live?.streamId]);

  const show = useCallback(
    (message: Message) => {
      if (!state.tree) return;
      const head = leafUnder(state.tree.messages, message.id);
      dispatch({ type: 'head', head });
      // Which branch was last seen is a convenience: failing to keep it is no error to the reader.
      chats.change(id, { head }).catch(() => undefined);
    },
    [id, state.tree],
  );

  const setChat = useCallback(
    (chat: Chat) => {
      dispatch({ type: 'chat', chat });
      list.reload();
    },
    [list.reload],
  );

  return {
    ...state,
    path: state.tree ? pathTo(state.tree.messages, state.tree.chat.head) : [],
    loadError,
    failure,
    announcement,
    clearFailure: useCallback(() => setFailure(null), []),
    ask: useCallback((asking: Asking) => void follow(asking, null), [follow]),
    reload: load,
    stop,
    show,
    setChat,
  };
}

function endAnnouncement(event: ChatEvent): string | null {
  if (event.type === 'error') return ja.chat.failedLive;
  if (event.type !== 'done') return null;
  return event.data.message.state === 'stopped' ? ja.chat.stoppedLive : ja.chat.finished;
}

interface Outcome {
  failure: Failure | null;
  // The server took the question although its answer never reached us: the answer is taken up.
  resume: Message | null;
}

// The stream is gone: what the server kept decides what is shown.
async function afterBreak(
  id: string,
  error: unknown,
  asking: Asking | null,
  before: ReadonlySet<string>,
  dispatch: Dispatch<Action>,
): Promise<Outcome> {
  let tree: ChatTree;
  try {
    tree = await chats.get(id);
  } catch {
    return { failure: { error, asking }, resume: null };
  }
  dispatch({ type: 'loaded', tree });
  const made = tree.messages.filter((message) => !before.has(message.id));
  const writing = tree.messages.filter((message) => message.state === 'streaming');
  const resume = asking === null ? undefined : made.find((message) => writing.includes(message) && message.stream_id !== null);
  if (resume) return { failure: null, resume };
  writing.forEach((message) => dispatch({ type: 'lost', id: message.id }));
  const gone = asking === null && error instanceof ApiError && error.problem.status === 404;
  return { failure: gone || made.length > 0 ? null : { error, asking }, resume: null };
}
