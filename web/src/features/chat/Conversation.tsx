import { useCallback, useEffect, useLayoutEffect, useRef, useState } from 'react';
import { chats } from '../../api';
import { ApiError } from '../../api/client';
import type { Chat, Citation, Message } from '../../api/types';
import { Button } from '../../components/Button/Button';
import { ErrorNotice, Notice } from '../../components/Notice/Notice';
import { Spinner } from '../../components/Spinner/Spinner';
import { useAction } from '../../lib/useAction';
import { usePageTitle } from '../../lib/usePageTitle';
import { ja } from '../../messages/ja';
import { Findings } from '../guards/Findings';
import { guardTexts } from '../guards/messages';
import { useGuardCheck } from '../guards/useGuardCheck';
import { ReadingGate } from '../reading/ReadingGate';
import { AnswerView, Progress } from './AnswerView';
import type { Live } from './conversationState';
import { ChatHead } from './ChatHead';
import { QuestionBox } from './QuestionBox';
import { QuestionView } from './QuestionView';
import { ScopePicker, type Scope } from './ScopePicker';
import { SourcePanel } from './SourcePanel';
import { siblingsOf } from './tree';
import { useConversation, type Failure } from './useConversation';

export function Conversation({ id }: { id: string }) {
  const conversation = useConversation(id);
  const { tree, live, path, loadError, announcement } = conversation;
  const { cited, openSource, closeSource } = useSource();
  const scroll = usePinnedScroll(path);
  usePageTitle(tree?.chat.title || ja.history.untitled);

  if (loadError !== null || !tree)
    return (
      <div className="page">
        {loadError === null ? <Spinner /> : <ErrorNotice error={loadError} onRetry={() => void conversation.reload()} />}
      </div>
    );
  const ask = (text: string, confirm: boolean) => {
    scroll.pin();
    conversation.ask({ text, parent_id: path.at(-1)?.id ?? null, regenerate_of: null, confirm });
  };
  return (
    <div className={cited ? 'chat chat-with-source' : 'chat'}>
      <div className="chat-column">
        <ChatHead chat={tree.chat} onChanged={conversation.setChat} />
        <div className="chat-scroll" ref={scroll.ref} onScroll={scroll.onScroll} tabIndex={0} role="region" aria-label={ja.chat.log}>
          <Messages conversation={conversation} messages={tree.messages} onCite={openSource} />
        </div>
        <ReadingGate>
          <Composer conversation={conversation} chat={tree.chat} onAsk={ask} />
        </ReadingGate>
        <p className="visually-hidden" role="status">
          {liveText(live) || announcement}
        </p>
      </div>
      {cited && <SourcePanel citation={cited} onClose={closeSource} />}
    </div>
  );
}

interface MessagesProps {
  conversation: ReturnType<typeof useConversation>;
  messages: Message[];
  onCite: (citation: Citation) => void;
}

function Messages({ conversation, messages, onCite }: MessagesProps) {
  const { live, path, failure } = conversation;
  const retry = failure?.asking && !returnsToComposer(failure, path) ? failure.asking : null;
  const common = (message: Message) => ({
    message,
    siblings: siblingsOf(messages, message),
    busy: live !== null,
    onShow: conversation.show,
  });
  return (
    <div className="chat-messages">
      {path.map((message) =>
        message.role === 'user' ? (
          <QuestionView
            key={message.id}
            {...common(message)}
            onResend={(text) => conversation.ask({ text, parent_id: message.parent_id, regenerate_of: null })}
          />
        ) : (
          <AnswerView
            key={message.id}
            {...common(message)}
            live={live?.answerId === message.id ? live : null}
            onRegenerate={() => conversation.ask({ text: '', parent_id: message.parent_id, regenerate_of: message.id })}
            onCite={onCite}
          />
        ),
      )}
      {live?.asking && live.asking.text !== '' && (
        <article className="message message-user" aria-label={ja.chat.you}>
          <p className="message-question">{live.asking.text}</p>
        </article>
      )}
      {live?.asking && <Progress message={null} live={live} />}
      {failure && retry && wantsConfirmation(failure) ? (
        <Notice tone="warning" role="alert">
          <p>{guardTexts.confirmNotice}</p>
          <Button size="small" icon="send" onClick={() => conversation.ask({ ...retry, confirm: true })}>
            {guardTexts.confirmSend}
          </Button>
        </Notice>
      ) : (
        failure && <ErrorNotice error={failure.error} onRetry={retry ? () => conversation.ask(retry) : undefined} />
      )}
    </div>
  );
}

function wantsConfirmation(failure: Failure): boolean {
  return failure.error instanceof ApiError && failure.error.problem.key === 'guards.confirm';
}

// A question that could not be asked goes back where it was written, to be changed or sent again.
function returnsToComposer(failure: Failure, path: Message[]): boolean {
  const { asking } = failure;
  return asking !== null && asking.text !== '' && asking.parent_id === (path.at(-1)?.id ?? null);
}

interface ComposerProps {
  conversation: ReturnType<typeof useConversation>;
  chat: Chat;
  onAsk: (text: string, confirm: boolean) => void;
}

function Composer({ conversation, chat, onAsk }: ComposerProps) {
  const [draft, setDraft] = useState('');
  const [confirmed, setConfirmed] = useState(false);
  const findings = useRef<HTMLDivElement>(null);
  const checked = useGuardCheck(draft, chat.endpoint);
  const { busy: saving, error, run } = useAction();
  const { failure, path, live } = conversation;
  useEffect(() => {
    if (failure?.asking && returnsToComposer(failure, path)) setDraft((old) => old || (failure.asking?.text ?? ''));
    // Only a new failure gives a question back: the path is that of its moment.
  }, [failure]);

  const ask = () => {
    const text = draft.trim();
    if (text === '' || live !== null) return;
    const current = checked.text === draft ? checked.findings : [];
    const blocked = current.some((finding) => finding.action === 'block');
    const unconfirmed = current.some((finding) => finding.action === 'warn') && !confirmed;
    if (blocked || unconfirmed) {
      (findings.current?.querySelector('input') ?? findings.current)?.focus();
      return;
    }
    setDraft('');
    setConfirmed(false);
    onAsk(text, confirmed);
  };
  const write = (text: string) => {
    setDraft(text);
    setConfirmed(false);
  };
  const changeScope = ({ collections, endpoint }: Scope) =>
    void run(async () => conversation.setChat(await chats.change(chat.id, { collections, endpoint })));
  return (
    <div className="chat-composer" aria-busy={saving}>
      {error !== null && <ErrorNotice error={error} />}
      <QuestionBox
        label={ja.chat.input}
        value={draft}
        onChange={write}
        onSend={ask}
        checked={checked}
        focusFirst
        tools={<ScopePicker scope={chat} onChange={changeScope} />}
      >
        {live !== null ? (
          <Button kind="outline" icon="stop" onClick={() => void conversation.stop()}>
            {ja.chat.stop}
          </Button>
        ) : (
          <Button kind="solid" icon="send" disabled={draft.trim() === ''} onClick={ask}>
            {ja.chat.send}
          </Button>
        )}
      </QuestionBox>
      <Findings findings={checked.findings} confirmed={confirmed} onConfirm={setConfirmed} box={findings} />
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
