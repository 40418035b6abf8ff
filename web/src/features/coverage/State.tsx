// A state as mark and word, so that it is not told by colour alone.
import type { CoverageState } from '../../api/coverage';
import { coverageTexts as t } from './messages';
import './Coverage.css';

export function State({ state }: { state: CoverageState }) {
  return (
    <span className={`coverage-state coverage-state-${state}`}>
      {t.marks[state]} {t.states[state]}
    </span>
  );
}
