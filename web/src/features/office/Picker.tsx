// Looks for people or cases and keeps the ids of those that were chosen. By keyboard: type, Enter, Tab to the result, Enter.
import { useId, useState, type KeyboardEvent } from 'react';
import { Button } from '../../components/Button/Button';
import { useAction } from '../../lib/useAction';
import { ja } from '../../messages/ja';
import { officeTexts as t } from './messages';
import { useNames } from './names';
import { OfficeError } from './OfficeError';

export interface Found {
  id: string;
  name: string;
  note: string;
}

interface Props {
  label: string;
  hint: string;
  error?: string;
  required?: boolean;
  several: boolean;
  chosen: string[];
  find: (words: string) => Promise<Found[]>;
  onChange: (chosen: string[]) => void;
}

export function Picker({ label, hint, error, required, several, chosen, find, onChange }: Props) {
  const id = useId();
  const { nameOf, learn } = useNames();
  const pick = (one: Found) => {
    learn(one.id, one.name);
    onChange(several ? [...chosen.filter((each) => each !== one.id), one.id] : [one.id]);
  };
  return (
    <fieldset className="field" data-invalid={error ? true : undefined} aria-describedby={error ? `${id}-error` : undefined}>
      <legend className="field-label">
        {label}
        {required && <span className="field-required">{ja.required}</span>}
      </legend>
      {chosen.length > 0 && (
        <ul className="office-chosen">
          {chosen.map((each) => (
            <li key={each}>
              {nameOf(each)}
              <Button size="small" aria-label={t.unpick(nameOf(each))} onClick={() => onChange(chosen.filter((one) => one !== each))}>
                {t.remove}
              </Button>
            </li>
          ))}
        </ul>
      )}
      {(several || chosen.length === 0) && <Search label={label} hint={hint} find={find} onPick={pick} />}
      {error && (
        <p id={`${id}-error`} className="field-error">
          {error}
        </p>
      )}
    </fieldset>
  );
}

function Search({ label, hint, find, onPick }: { label: string; hint: string; find: Props['find']; onPick: (one: Found) => void }) {
  const id = useId();
  const [words, setWords] = useState('');
  const [found, setFound] = useState<Found[] | null>(null);
  const { busy, error, run } = useAction();
  const search = () => void run(async () => setFound(await find(words.trim())));
  const onKey = (event: KeyboardEvent) => {
    // Enter looks; it does not send the form around it. The Enter that ends a conversion does neither.
    if (event.key !== 'Enter' || event.nativeEvent.isComposing) return;
    event.preventDefault();
    search();
  };
  return (
    <div className="office-search">
      <label htmlFor={id} className="field-hint">
        {t.findIn(label)}　{hint}
      </label>
      <div className="office-search-row">
        <input id={id} className="field-input" value={words} onChange={(event) => setWords(event.target.value)} onKeyDown={onKey} />
        <Button disabled={busy} onClick={search}>
          {t.find}
          <span className="visually-hidden">（{label}）</span>
        </Button>
      </div>
      {error !== null && <OfficeError error={error} />}
      <p role="status" className="field-hint">
        {found && t.results(found.length)}
      </p>
      {found && found.length > 0 && (
        <ul className="office-results">
          {found.map((one) => (
            <li key={one.id}>
              <Button
                size="small"
                aria-label={t.pick(one.name)}
                onClick={() => {
                  setFound(null);
                  setWords('');
                  onPick(one);
                }}
              >
                {one.name}
              </Button>
              <span className="field-hint">{one.note}</span>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
