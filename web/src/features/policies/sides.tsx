// One side of a comparison: the version, and which of the documents bound into its file.
import { useState } from 'react';
import { policies as api } from '../../api/policies';
import { CheckGroup } from '../../components/Field/Field';
import { ErrorNotice } from '../../components/Notice/Notice';
import { useLoad } from '../../lib/useLoad';
import { policyTexts as t } from './messages';
import { partsOf, type Part } from './parts';

export interface Side {
  version: string;
  parts: Part[];
  chosen: number[];
  wanted: number[] | undefined; // undefined: all of them
  none: boolean; // a bound file of which no document was chosen
  error: unknown;
  choose: (version: string) => void;
  choosePart: (parts: number[]) => void;
}

export function useSide(first = ''): Side {
  const [version, setVersion] = useState(first);
  const [without, setWithout] = useState<number[]>([]);
  const { data, error } = useLoad(async () => (version === '' ? [] : partsOf(await api.tree(version))), [version]);
  const parts = data ?? [];
  const chosen = parts.map((part) => part.number).filter((number) => !without.includes(number));
  return {
    version,
    parts,
    chosen,
    wanted: chosen.length < parts.length ? chosen : undefined,
    none: parts.length > 1 && chosen.length === 0,
    error,
    choose: (next) => {
      setVersion(next);
      setWithout([]);
    },
    choosePart: (kept) => setWithout(parts.map((part) => part.number).filter((number) => !kept.includes(number))),
  };
}

// Nothing where the file holds one document alone.
export function PartChoice({ label, side }: { label: string; side: Side }) {
  if (side.error !== null) return <ErrorNotice error={side.error} />;
  if (side.parts.length < 2) return null;
  return (
    <CheckGroup
      legend={t.partsOf(label)}
      options={side.parts.map((part) => ({ value: String(part.number), label: part.title }))}
      chosen={side.chosen.map(String)}
      onChange={(value) => side.choosePart(value.map(Number))}
    />
  );
}
