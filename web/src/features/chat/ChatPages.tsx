import { useRef, useState } from 'react';
import { chats } from '../../api';
import { Button } from '../../components/Button/Button';
import { ErrorNotice } from '../../components/Notice/Notice';
import { usePageTitle } from '../../lib/usePageTitle';
import { navigate } from '../../lib/router';
import { ja } from '../../messages/ja';
import { Findings } from '../guards/Findings';
import { useGuardCheck } from '../guards/useGuardCheck';
import { ReadingGate } from '../reading/ReadingGate';
import { useChatList } from './chatList';
import { Conversation } from './Conversation';
import { leavePendingQuestion } from './pendingQuestion';
import { QuestionBox } from './QuestionBox';
import { ScopePicker, type Scope } from './ScopePicker';
import './Chat.css';

export function NewChatPage() {
  usePageTitle(ja.chat.newTitle);
  const [text, setText] = useState('');
  const [scope, setScope] = useState<Scope>({ collections: [], endpoint: null });
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const list = useChatList();
  const [confirmed, setConfirmed] = useState(false);
  const findings = useRef<HTMLDivElement>(null);
  const checked = useGuardCheck(text, scope.endpoint);

  const start = async () => {
    const question = text.trim();
    if (question === '' || busy) return;
    const current = checked.text === text ? checked.findings : [];
    if (current.some((finding) => finding.action === 'block' || (finding.action === 'warn' && !confirmed))) {
      (findings.current?.querySelector('input') ?? findings.current)?.focus();
      return;
    }
    setBusy(true);
    setError(null);
    try {
      const chat = await chats.create({ title: '', ...scope });
      leavePendingQuestion(chat.id, question, confirmed);
      list.reload();
      navigate(`/chat/${chat.id}`);
    } catch (problem) {
      setError(problem);
      setBusy(false);
    }
  };

  return (
    <div className="chat-start">
      <div className="chat-start-head">
        <h1>{ja.chat.lead}</h1>
        <p>{ja.chat.leadHint}</p>
      </div>
      {error !== null && <ErrorNotice error={error} />}
      <ReadingGate>
        <QuestionBox
          label={ja.chat.input}
          value={text}
          onChange={(value) => {
            setText(value);
            setConfirmed(false);
          }}
          checked={checked}
          onSend={() => void start()}
          focusFirst
          tools={<ScopePicker scope={scope} onChange={setScope} />}
        >
          <Button kind="solid" icon="send" disabled={busy || text.trim() === ''} onClick={() => void start()}>
            {ja.chat.send}
          </Button>
        </QuestionBox>
        <Findings findings={checked.findings} confirmed={confirmed} onConfirm={setConfirmed} box={findings} />
      </ReadingGate>
      <p className="question-hint">{ja.chat.hint}</p>
      <section className="examples" aria-labelledby="examples-title">
        <h2 id="examples-title">{ja.chat.exampleTitle}</h2>
        <ul>
          {ja.chat.examples.map((example) => (
            <li key={example}>
              <button type="button" className="example" onClick={() => setText(example)}>
                {example}
              </button>
            </li>
          ))}
        </ul>
      </section>
    </div>
  );
}

export function ConversationPage({ id }: { id: string }) {
  return <Conversation id={id} />;
}
