// The text area for questions: grows with the text, counts characters as people see them, sends with Enter but never with the
// Enter that confirms a conversion.
import { useEffect, useRef, type KeyboardEvent, type ReactNode } from 'react';
import { formatNumber } from '../../lib/format';
import { ImeGuard } from '../../lib/ime';
import { countGraphemes } from '../../lib/text';
import type { Checked } from '../guards/useGuardCheck';
import { piecesOf } from '../guards/marks';
import { ja } from '../../messages/ja';

interface Props {
  label: string;
  value: string;
  onChange: (value: string) => void;
  onSend: () => void;
  focusFirst?: boolean;
  tools?: ReactNode;
  checked?: Checked; // what was found in the text is underlined
  children: ReactNode;
}

// Counting graphemes of a pasted book at each key press would be felt; beyond this, code units are close enough.
const kExactCountUpTo = 20_000;

export function QuestionBox({ label, value, onChange, onSend, focusFirst = false, tools, checked, children }: Props) {
  const area = useRef<HTMLTextAreaElement>(null);
  const marks = useRef<HTMLDivElement>(null);
  const ime = useRef(new ImeGuard());
  useEffect(() => {
    if (focusFirst) area.current?.focus();
  }, [focusFirst]);
  useEffect(() => {
    const element = area.current;
    if (!element) return;
    element.style.height = 'auto';
    element.style.height = `${element.scrollHeight + 2}px`;
  }, [value]);
  const onKeyDown = (event: KeyboardEvent<HTMLTextAreaElement>) => {
    const { nativeEvent } = event;
    if (!ime.current.sends(nativeEvent)) return;
    event.preventDefault();
    onSend();
  };
  const pieces = checked && checked.text === value && checked.findings.length > 0 ? piecesOf(value, checked.findings) : [];
  const count = value.length > kExactCountUpTo ? value.length : countGraphemes(value);
  return (
    <div className="question-box">
      <div className="question-field">
        <div ref={marks} className="question-marks" aria-hidden="true">
          {pieces.map((piece, n) =>
            piece.action ? (
              <mark key={n} className={`mark-${piece.action}`}>
                {piece.text}
              </mark>
            ) : (
              <span key={n}>{piece.text}</span>
            ),
          )}
        </div>
        <textarea
          ref={area}
          className="question-area"
          aria-label={label}
          placeholder={ja.chat.placeholder}
          rows={1}
          value={value}
          onChange={(event) => onChange(event.target.value)}
          onKeyDown={onKeyDown}
          onScroll={(event) => {
            if (marks.current) marks.current.scrollTop = event.currentTarget.scrollTop;
          }}
          onCompositionStart={() => ime.current.start()}
          onCompositionEnd={(event) => ime.current.end(event.nativeEvent.timeStamp)}
        />
      </div>
      <div className="question-foot">
        <div className="question-tools">{tools}</div>
        <span className="question-count">{ja.chat.count(formatNumber(count))}</span>
        {children}
      </div>
    </div>
  );
}
