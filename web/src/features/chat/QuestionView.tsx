import { useState } from 'react';
import type { Message } from '../../api/types';
import { Button, IconButton } from '../../components/Button/Button';
import { ja } from '../../messages/ja';
import { BranchPager } from './BranchPager';
import { QuestionBox } from './QuestionBox';

interface Props {
  message: Message;
  siblings: Message[];
  busy: boolean;
  onShow: (message: Message) => void;
  onResend: (text: string) => void;
}

export function QuestionView({ message, siblings, busy, onShow, onResend }: Props) {
  const [draft, setDraft] = useState<string | null>(null);
  const send = () => {
    if (draft === null || draft.trim() === '' || busy) return;
    onResend(draft.trim());
    setDraft(null);
  };
  return (
    <article className="message message-user" aria-label={ja.chat.you}>
      <h2 className="visually-hidden">{ja.chat.you}</h2>
      {draft === null ? (
        <p className="message-question">{message.text}</p>
      ) : (
        <QuestionBox label={ja.chat.editLabel} value={draft} onChange={setDraft} onSend={send} focusFirst>
          <Button size="small" onClick={() => setDraft(null)}>
            {ja.cancel}
          </Button>
          <Button size="small" kind="solid" disabled={busy || draft.trim() === ''} onClick={send}>
            {ja.chat.resend}
          </Button>
        </QuestionBox>
      )}
      <div className="message-tools" role="group" aria-label={ja.chat.questionTools}>
        <BranchPager message={message} siblings={siblings} disabled={busy} onShow={onShow} />
        {draft === null && <IconButton icon="edit" label={ja.chat.editQuestion} disabled={busy} onClick={() => setDraft(message.text)} />}
      </div>
    </article>
  );
}
