import { SelectField } from '../../components/Field/Field';

// A class on one axis. An axis that the scheme does not have, or on which there is one choice, is not asked for.
export function Rank({
  label,
  names,
  value,
  from = 1,
  now,
  onChange,
}: {
  label: string;
  names: string[];
  value: number;
  from?: number; // the lowest rank that may be chosen
  now?: (name: string, rank: number) => string; // how a rank is called
  onChange: (rank: number) => void;
}) {
  if (names.length < from) return null;
  return (
    <SelectField label={label} value={value} onChange={(event) => onChange(Number(event.target.value))}>
      {names.slice(from - 1).map((name, n) => (
        <option key={name} value={n + from}>
          {now ? now(name, n + from) : name}
        </option>
      ))}
    </SelectField>
  );
}
