// Loads a conversation, asks, follows the answer's stream, and takes up an answer that was being written when the page was left.
import { useCallback, useEffect, useReducer, useRef, useState } from 'react';
import { chats } from '../../api';
import { ApiError } from '../../api/client';
import { followStream } from '../../api/stream';
import type { Chat, ChatEvent, ChatTree, Message } from '../../api/types';
import { ja } from '../../messages/ja';
import { useChatList } from './chatList';
import { reduce, type Asking } from './conversationState';
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

  const follow = useCallback(
    async (asking: Asking | null, resumed: Message | null) => {
      running.current?.abort();
      const controller = new AbortController();
      running.current = controller;
      setFailure(null);
      let begun = false;
      const onEvent = (event: ChatEvent) => {
        dispatch({ type: 'event', event });
        if (event.type === 'delta' && !begun) {
          begun = true;
          setAnnouncement(ja.chat.started);
        }
        if (event.type === 'done') setAnnouncement(event.data.message.state === 'stopped' ? ja.chat.stoppedLive : ja.chat.finished);
        if (event.type === 'error') setAnnouncement(ja.chat.failedLive);
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
        setAnnouncement(ja.chat.failedLive);
        await afterBreak(error, asking);
      }
      if (controller.signal.aborted) return;
      dispatch({ type: 'ended' });
      list.reload();
      // The first answer names the conversation, and every answer may raise its label.
      const tree = await chats.get(id).catch(() => null);
      if (tree && !controller.signal.aborted) dispatch({ type: 'loaded', tree });
    },
    [id, list.reload],
  );

  // The stream is gone: what the server kept decides what is shown.
  const afterBreak = async (error: unknown, asking: Asking | null) => {
    try {
      const tree = await chats.get(id);
      dispatch({ type: 'loaded', tree });
      tree.messages.filter((message) => message.state === 'streaming').forEach((message) => dispatch({ type: 'lost', id: message.id }));
      const kept =
        asking !== null && tree.messages.some((message) => message.parent_id === asking.parent_id && message.text === asking.text);
      const gone = error instanceof ApiError && error.problem.status === 404 && asking === null;
      if (!gone && !kept) setFailure({ error, asking });
    } catch {
      setFailure({ error, asking });
    }
  };

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
    if (pending !== null) void follow({ text: pending, parent_id: null, regenerate_of: null }, null);
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
