// The only way a classification label is shown. It explains itself when focused, clicked or pointed at; Escape closes it.
import { useId, useState, type KeyboardEvent } from 'react';
import type { Label } from '../../api/types';
import { ja } from '../../messages/ja';
import { useWords } from '../../features/organisation/words';
import { Icon } from '../Icon/Icon';
import './LabelBadge.css';

export function LabelBadge({ label }: { label: Label }) {
  const words = useWords();
  const [open, setOpen] = useState(false);
  const id = useId();
  const closeOnEscape = (event: KeyboardEvent) => {
    if (event.key === 'Escape' && open) {
      event.stopPropagation();
      setOpen(false);
    }
  };
  return (
    <span className="label-badge-frame" onMouseEnter={() => setOpen(true)} onMouseLeave={() => setOpen(false)}>
      <button
        type="button"
        className={`label-badge label-badge-c${Math.min(label.c, 3)}`}
        aria-describedby={open ? id : undefined}
        onFocus={() => setOpen(true)}
        onBlur={() => setOpen(false)}
        onClick={() => setOpen(true)}
        onKeyDown={closeOnEscape}
      >
        <Icon name="label" size={14} />
        <span className="visually-hidden">{ja.label.name}：</span>
        {label.text}
      </button>
      {open && (
        <span role="tooltip" id={id} className="label-badge-tip">
          <strong>{label.classes.join('・')}</strong>
          {words.profile.confidentiality[label.c - 1] && <span>{words.profile.confidentiality[label.c - 1]!.criterion}</span>}
          {label.reason && <span>{label.reason}</span>}
          {label.readers.length > 0 && (
            <span>
              {ja.label.readers}：{label.readers.join(ja.label.and)}
            </span>
          )}
          {label.segment_names.length > 0 && (
            <span>
              {ja.label.segments}：{label.segment_names.join('・')}
            </span>
          )}
          {label.change && <span>{label.change}</span>}
        </span>
      )}
    </span>
  );
}
