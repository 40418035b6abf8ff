import { useCallback, useEffect, useLayoutEffect, useRef, useState } from 'react';
import { chats } from '../../api';
import type { Citation, Message } from '../../api/types';
import { Button } from '../../components/Button/Button';
import { ErrorNotice } from '../../components/Notice/Notice';
import { Spinner } from '../../components/Spinner/Spinner';
import { usePageTitle } from '../../lib/usePageTitle';
import { ja } from '../../messages/ja';
import { AnswerView, Progress } from './AnswerView';
import type { Live } from './conversationState';
import { ChatHead } from './ChatHead';
import { QuestionBox } from './QuestionBox';
import { QuestionView } from './QuestionView';
import { ScopePicker, type Scope } from './ScopePicker';
import { SourcePanel } from './SourcePanel';
import { siblingsOf } from './tree';
import { useConversation } from './useConversation';

export function Conversation({ id }: { id: string }) {
  const conversation = useConversation(id);
  const { tree, live, path, loadError, failure, announcement } = conversation;
  const { cited, openSource, closeSource } = useSource();
  const [draft, setDraft] = useState('');
  const [scopeError, setScopeError] = useState<unknown>(null);
  const title = tree?.chat.title || ja.history.untitled;
  usePageTitle(title);
  const scroll = usePinnedScroll(path);

  if (loadError !== null)
    return (
      <div className="page">
        <ErrorNotice error={loadError} onRetry={() => void conversation.reload()} />
      </div>
    );
  if (!tree)
    return (
      <div className="page">
        <Spinner />
      </div>
    );

  const busy = live !== null;
  const ask = () => {
    const text = draft.trim();
    if (text === '' || busy) return;
    setDraft('');
    scroll.pin();
    conversation.ask({ text, parent_id: path.at(-1)?.id ?? null, regenerate_of: null });
  };
  const regenerate = (answer: Message) => conversation.ask({ text: '', parent_id: answer.parent_id, regenerate_of: answer.id });
  const changeScope = async (scope: Scope) => {
    setScopeError(null);
    try {
      conversation.setChat(await chats.change(id, scope));
    } catch (error) {
      setScopeError(error);
    }
  };

  return (
    <div className={cited ? 'chat chat-with-source' : 'chat'}>
      <div className="chat-column">
        <ChatHead chat={tree.chat} onChanged={conversation.setChat} />
        <div className="chat-scroll" ref={scroll.ref} onScroll={scroll.onScroll} tabIndex={0} role="region" aria-label={ja.chat.log}>
          <div className="chat-messages">
            {path.map((message) =>
              message.role === 'user' ? (
                <QuestionView
                  key={message.id}
                  message={message}
                  siblings={siblingsOf(tree.messages, message)}
                  busy={busy}
                  onShow={conversation.show}
                  onResend={(text) => conversation.ask({ text, parent_id: message.parent_id, regenerate_of: null })}
                />
              ) : (
                <AnswerView
                  key={message.id}
                  message={message}
                  siblings={siblingsOf(tree.messages, message)}
                  busy={busy}
                  live={live?.answerId === message.id ? live : null}
                  onShow={conversation.show}
                  onRegenerate={() => regenerate(message)}
                  onCite={openSource}
                />
              ),
            )}
            {live?.asking && (
              <>
                {live.asking.text !== '' && (
                  <article className="message message-user" aria-label={ja.chat.you}>
                    <p className="message-question">{live.asking.text}</p>
                  </article>
                )}
                <Progress message={null} live={live} />
              </>
            )}
            {failure && (
              <ErrorNotice
                error={failure.error}
                onRetry={failure.asking ? () => failure.asking && conversation.ask(failure.asking) : undefined}
              />
            )}
          </div>
        </div>
        <div className="chat-composer">
          {scopeError !== null && <ErrorNotice error={scopeError} />}
          <QuestionBox
            label={ja.chat.input}
            value={draft}
            onChange={setDraft}
            onSend={ask}
            focusFirst
            tools={
              <ScopePicker
                scope={tree.chat}
                onChange={(scope) => void changeScope({ collections: scope.collections, endpoint: scope.endpoint })}
              />
            }
          >
            {busy ? (
              <Button kind="outline" icon="stop" onClick={() => void conversation.stop()}>
                {ja.chat.stop}
              </Button>
            ) : (
              <Button kind="solid" icon="send" disabled={draft.trim() === ''} onClick={ask}>
                {ja.chat.send}
              </Button>
            )}
          </QuestionBox>
        </div>
        <p className="visually-hidden" role="status">
          {liveText(live) || announcement}
        </p>
      </div>
      {cited && <SourcePanel citation={cited} onClose={closeSource} />}
    </div>
  );
}

// What the visible progress says, for those who hear the page. Each token is not announced, only what changes.
function liveText(live: Live | null): string {
  if (live?.reconnecting) return ja.chat.reconnecting;
  return live && live.position > 0 ? ja.chat.queue(live.position) : '';
}

// The source panel gives the focus back to the chip that opened it.
function useSource() {
  const [cited, setCited] = useState<Citation | null>(null);
  const opener = useRef<Element | null>(null);
  const openSource = useCallback((citation: Citation) => {
    opener.current = document.activeElement;
    setCited({ ...citation });
  }, []);
  const closeSource = useCallback(() => {
    setCited(null);
    if (opener.current instanceof HTMLElement) opener.current.focus();
  }, []);
  return { cited, openSource, closeSource };
}

const kNearBottomPx = 80;

// Follows the growing answer, unless the reader has scrolled up to read.
function usePinnedScroll(path: Message[]) {
  const ref = useRef<HTMLDivElement>(null);
  const pinned = useRef(true);
  const last = path.at(-1);
  useLayoutEffect(() => {
    const element = ref.current;
    if (element && pinned.current) element.scrollTop = element.scrollHeight;
  }, [last?.id, last?.text, last?.state]);
  useEffect(() => {
    pinned.current = true;
  }, [path.length]);
  return {
    ref,
    pin: () => {
      pinned.current = true;
    },
    onScroll: () => {
      const element = ref.current;
      if (element) pinned.current = element.scrollHeight - element.scrollTop - element.clientHeight < kNearBottomPx;
    },
  };
}
