// What was found in a question before it is sent, and what will happen to it. Read out politely when it changes.
import { useEffect, useRef, useState, type RefObject } from 'react';
import type { GuardAction, GuardFinding } from '../../api/types';
import { Checkbox } from '../../components/Field/Field';
import { ja } from '../../messages/ja';
import { basisOf, counted } from './marks';
import { guardTexts, kindName } from './messages';
import './Guards.css';

const order: GuardAction[] = ['block', 'warn', 'mask'];

interface Props {
  findings: GuardFinding[];
  confirmed: boolean;
  onConfirm: (confirmed: boolean) => void;
  box: RefObject<HTMLDivElement | null>;
}

export function Findings({ findings, confirmed, onConfirm, box }: Props) {
  const of = (action: GuardAction) => findings.filter((finding) => finding.action === action);
  const counts = order.map((action) => of(action).length);
  const [blocked = 0, warned = 0, masked = 0] = counts;
  const said = useSpoken(blocked, masked, warned);
  return (
    <div ref={box} className="findings-box" tabIndex={-1}>
      <p className="visually-hidden" role="status">
        {said}
      </p>
      {findings.length > 0 && (
        <section className="findings" aria-label={guardTexts.found}>
          <ul>
            {order
              .filter((action) => of(action).length > 0)
              .map((action) => (
                <li key={action} className={`finding finding-${action}`}>
                  <strong className="finding-action">{guardTexts.actions[action]}</strong>
                  <span>
                    {counted(of(action))
                      .map(([kind, n]) => guardTexts.count(kindName(kind), n))
                      .join('、')}
                    <span className="finding-will">{guardTexts.will[action]}</span>
                    {action === 'block' &&
                      basisOf(of(action)).map(([clause, who]) => (
                        <span key={clause + who} className="finding-basis">
                          {[ja.clause(clause), ...(who === '' ? [] : [ja.whoCanPermit(who)])].join('　')}
                        </span>
                      ))}
                  </span>
                </li>
              ))}
          </ul>
          {warned > 0 && blocked === 0 && (
            <Checkbox label={guardTexts.confirm} checked={confirmed} onChange={(event) => onConfirm(event.target.checked)} />
          )}
        </section>
      )}
    </div>
  );
}

// Only a change is spoken, not every look at the text.
function useSpoken(blocked: number, masked: number, warned: number): string {
  const [said, setSaid] = useState('');
  const some = blocked + masked + warned > 0;
  const before = useRef(false);
  useEffect(() => {
    if (some) setSaid(guardTexts.summary(blocked, masked, warned));
    else if (before.current) setSaid(guardTexts.cleared);
    before.current = some;
  }, [blocked, masked, warned, some]);
  return said;
}
