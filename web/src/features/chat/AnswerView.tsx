import { useMemo, useState } from 'react';
import { chats } from '../../api';
import type { Citation, Message, Range } from '../../api/types';
import { Button, ButtonLink } from '../../components/Button/Button';
import { LabelBadge } from '../../components/LabelBadge/LabelBadge';
import { Markdown } from '../../components/Markdown/Markdown';
import { Notice } from '../../components/Notice/Notice';
import { Spinner } from '../../components/Spinner/Spinner';
import { GuardNotice } from '../guards/GuardNotice';
import { copyText } from '../../lib/clipboard';
import { formatNumber } from '../../lib/format';
import { errorSentence, ja } from '../../messages/ja';
import { useSession } from '../session/session';
import { answerAsMarkdown, answerAsText } from './answerText';
import { BranchPager } from './BranchPager';
import type { Live } from './conversationState';
import { CitationPlace } from './SourcePanel';

interface Props {
  message: Message;
  siblings: Message[];
  live: Live | null;
  busy: boolean;
  onShow: (message: Message) => void;
  onRegenerate: () => void;
  onCite: (citation: Citation) => void;
}

export function AnswerView({ message, siblings, live, busy, onShow, onRegenerate, onCite }: Props) {
  const writing = message.state === 'streaming';
  const unsupported = useMemo(
    () => message.sentences.filter((sentence) => !sentence.supported).map((sentence): Range => [sentence.start, sentence.end]),
    [message.sentences],
  );
  return (
    <article className="message message-assistant" aria-label={ja.chat.assistant} aria-busy={writing}>
      <div className="message-head">
        <h2 className="message-name">{ja.chat.assistant}</h2>
        {message.engine === 'extractive' && (
          <span className="engine-extractive" title={ja.chat.extractiveHint}>
            {ja.chat.extractive}
          </span>
        )}
        {message.engine !== '' && message.engine !== 'extractive' && <span className="engine-name">{ja.chat.engine(message.engine)}</span>}
        {message.label && <LabelBadge label={message.label} />}
      </div>
      {message.text !== '' && <Markdown source={message.text} citations={message.citations} unsupported={unsupported} onCite={onCite} />}
      {writing && <Progress message={message} live={live} />}
      <Outcome message={message} busy={busy} unsupported={unsupported.length} onRegenerate={onRegenerate} />
      <GuardNotice counts={message.guard} />
      {message.citations.length > 0 && <Sources citations={message.citations} onCite={onCite} />}
      {!writing && (
        <div className="message-tools" role="group" aria-label={ja.chat.messageTools}>
          <BranchPager message={message} siblings={siblings} disabled={busy} onShow={onShow} />
          {message.text !== '' && <CopyTools message={message} />}
          <Button kind="text" size="small" icon="again" disabled={busy} onClick={onRegenerate}>
            {ja.chat.regenerate}
          </Button>
          {message.characters.out > 0 && (
            <span className="message-characters">
              {ja.chat.characters(
                formatNumber(message.characters.in),
                formatNumber(message.characters.out),
                formatNumber(message.characters.context),
              )}
            </span>
          )}
        </div>
      )}
    </article>
  );
}

export function Progress({ message, live }: { message: Message | null; live: Live | null }) {
  if (live?.reconnecting)
    return (
      <Notice tone="warning">
        <p>{ja.chat.reconnecting}</p>
      </Notice>
    );
  if (live && live.position > 0) return <Spinner silent text={ja.chat.queue(live.position)} />;
  return <Spinner silent text={message && (message.text !== '' || message.citations.length > 0) ? ja.chat.writing : ja.chat.waiting} />;
}

function Outcome({
  message,
  busy,
  unsupported,
  onRegenerate,
}: {
  message: Message;
  busy: boolean;
  unsupported: number;
  onRegenerate: () => void;
}) {
  switch (message.state) {
    case 'stopped':
      return (
        <Notice tone="info">
          <p>{ja.chat.stopped}</p>
        </Notice>
      );
    case 'failed':
      return (
        <Notice tone="error">
          <p>{message.error ? errorSentence(message.error) : ja.chat.interrupted}</p>
          <Button size="small" icon="again" disabled={busy} onClick={onRegenerate}>
            {ja.retry}
          </Button>
        </Notice>
      );
    case 'complete':
      return (
        <>
          {message.engine === 'extractive' && message.citations.length > 0 && <p className="message-note">{ja.chat.extractiveHint}</p>}
          {message.citations.length === 0 && (
            <Notice tone="info">
              <p>{ja.chat.noSources}</p>
            </Notice>
          )}
          {unsupported > 0 && (
            <Notice tone="warning">
              <p>{ja.chat.unsupportedCount(unsupported)}</p>
            </Notice>
          )}
        </>
      );
    default:
      return null;
  }
}

function Sources({ citations, onCite }: { citations: Citation[]; onCite: (citation: Citation) => void }) {
  return (
    <div className="sources">
      <h3>{ja.chat.sources}</h3>
      <ol>
        {citations.map((citation) => (
          <li key={citation.n}>
            <button type="button" className="source-link" data-source={citation.n} onClick={() => onCite(citation)}>
              <span className="cite-number">{citation.n}</span>
              <span className="source-link-text">
                <span className="source-link-name">{citation.document}</span>
                <span className="source-link-place meta">
                  <CitationPlace citation={citation} />
                </span>
              </span>
            </button>
          </li>
        ))}
      </ol>
    </div>
  );
}

function CopyTools({ message }: { message: Message }) {
  const { session } = useSession();
  const [note, setNote] = useState('');
  const copy = async (text: string) => {
    try {
      await copyText(text);
      setNote(ja.chat.copied);
    } catch {
      setNote(ja.chat.copyFailed);
    }
  };
  return (
    <>
      <Button kind="text" size="small" icon="copy" onClick={() => void copy(answerAsText(message))}>
        {ja.chat.copyText}
      </Button>
      <Button kind="text" size="small" icon="copy" onClick={() => void copy(answerAsMarkdown(message))}>
        {ja.chat.copyMarkdown}
      </Button>
      {session.may_carry_out && (
        <ButtonLink kind="text" size="small" icon="download" href={chats.exportUrl(message.id, 'docx')} download="">
          {ja.chat.word}
        </ButtonLink>
      )}
      <span role="status" className="message-note">
        {note}
      </span>
    </>
  );
}
