import { useState } from 'react';
import { chats } from '../../api';
import type { Chat } from '../../api/types';
import { IconButton } from '../../components/Button/Button';
import { FormDialog } from '../../components/Dialog/Dialog';
import { TextField } from '../../components/Field/Field';
import { LabelBadge } from '../../components/LabelBadge/LabelBadge';
import { ErrorNotice } from '../../components/Notice/Notice';
import { Link, navigate } from '../../lib/router';
import { useAction } from '../../lib/useAction';
import { ja } from '../../messages/ja';
import { disposalTexts } from '../disposal/messages';
import { useSession } from '../session/session';
import { useChatList } from './chatList';

export function ChatHead({ chat, onChanged }: { chat: Chat; onChanged: (chat: Chat) => void }) {
  const [open, setOpen] = useState<'rename' | 'remove' | null>(null);
  const title = chat.title || ja.history.untitled;
  const close = () => setOpen(null);
  return (
    <div className="chat-head">
      <h1>{title}</h1>
      <LabelBadge label={chat.label} />
      <div className="chat-head-tools" role="group" aria-label={ja.chat.actions}>
        <IconButton icon="edit" label={ja.chat.renameTitle} onClick={() => setOpen('rename')} />
        <IconButton icon="trash" label={ja.chat.removeTitle} onClick={() => setOpen('remove')} />
      </div>
      {open === 'rename' && <RenameDialog chat={chat} onClose={close} onChanged={onChanged} />}
      {open === 'remove' && <RemoveDialog chat={chat} title={title} onClose={close} />}
    </div>
  );
}

function RenameDialog({ chat, onClose, onChanged }: { chat: Chat; onClose: () => void; onChanged: (chat: Chat) => void }) {
  const [title, setTitle] = useState(chat.title);
  const { busy, error, run } = useAction();
  const rename = () =>
    run(async () => {
      onChanged(await chats.change(chat.id, { title: title.trim() }));
      onClose();
    });
  return (
    <FormDialog title={ja.chat.renameTitle} submit={ja.save} busy={busy || title.trim() === ''} onSubmit={rename} onClose={onClose}>
      {error !== null && <ErrorNotice error={error} />}
      <TextField label={ja.chat.renameField} value={title} maxLength={120} onChange={(event) => setTitle(event.target.value)} required />
    </FormDialog>
  );
}

function RemoveDialog({ chat, title, onClose }: { chat: Chat; title: string; onClose: () => void }) {
  const list = useChatList();
  const { session } = useSession();
  const { busy, error, run } = useAction();
  const remove = () =>
    run(async () => {
      await chats.remove(chat.id);
      list.reload();
      onClose();
      navigate('/chat', true);
    });
  return (
    <FormDialog title={ja.chat.removeTitle} submit={ja.remove} danger busy={busy} onSubmit={remove} onClose={onClose}>
      {error !== null && <ErrorNotice error={error} />}
      <p>{ja.chat.removeText(title)}</p>
      {session.user.powers.includes('approvals.use') && (
        <p>
          {disposalTexts.proof} <Link href={`/disposals?scope=chat&id=${chat.id}`}>{disposalTexts.ask}</Link>
        </p>
      )}
    </FormDialog>
  );
}
