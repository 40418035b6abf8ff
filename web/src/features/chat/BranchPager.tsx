import type { Message } from '../../api/types';
import { IconButton } from '../../components/Button/Button';
import { ja } from '../../messages/ja';

export function BranchPager({
  message,
  siblings,
  disabled,
  onShow,
}: {
  message: Message;
  siblings: Message[];
  disabled: boolean;
  onShow: (message: Message) => void;
}) {
  if (siblings.length < 2) return null;
  const at = siblings.findIndex((sibling) => sibling.id === message.id);
  const before = siblings[at - 1];
  const after = siblings[at + 1];
  return (
    <span className="branch">
      <IconButton icon="left" label={ja.chat.prevBranch} disabled={disabled || !before} onClick={() => before && onShow(before)} />
      <span className="branch-count">
        <span aria-hidden="true">{ja.chat.branch(at + 1, siblings.length)}</span>
        <span className="visually-hidden">{ja.chat.branchLabel(at + 1, siblings.length)}</span>
      </span>
      <IconButton icon="right" label={ja.chat.nextBranch} disabled={disabled || !after} onClick={() => after && onShow(after)} />
    </span>
  );
}
