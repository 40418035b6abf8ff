// What the check of a definition found, by line.
import type { OfficeFinding } from '../../api/office';
import { Button } from '../../components/Button/Button';
import { officeTexts as t } from './messages';

export function FindingList({ findings, onLine }: { findings: OfficeFinding[]; onLine?: (line: number) => void }) {
  return (
    <ul className="office-files">
      {findings.map((finding, n) => (
        <li key={n}>
          {finding.line > 0 && onLine && (
            <Button size="small" onClick={() => onLine(finding.line)}>
              {t.toLine(finding.line)}
            </Button>
          )}
          <span>
            {finding.line > 0 && !onLine && `${finding.line}行目　`}
            {finding.text}
            <span className="table-note">{finding.place}</span>
          </span>
        </li>
      ))}
    </ul>
  );
}
