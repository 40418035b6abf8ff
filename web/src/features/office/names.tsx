// Names of the people, departments and cases that fields hold by id: from the case, and learned while somebody looks for one.
import { createContext, useCallback, useContext, useMemo, useState, type ReactNode } from 'react';
import { office as api, type OfficeDepartment } from '../../api/office';
import { useLoad } from '../../lib/useLoad';

interface Names {
  nameOf: (id: string) => string;
  learn: (id: string, name: string) => void;
  departments: OfficeDepartment[];
}

const Context = createContext<Names>({ nameOf: (id) => id, learn: () => undefined, departments: [] });

export const useNames = () => useContext(Context);

// `departments`: whether the forms inside ask for one.
export function NamesProvider({ known, departments, children }: { known: Record<string, string>; departments: boolean; children: ReactNode }) {
  const [learned, setLearned] = useState<Record<string, string>>({});
  const { data } = useLoad(async () => (departments ? api.departments() : []), [departments]);
  const learn = useCallback((id: string, name: string) => setLearned((old) => ({ ...old, [id]: name })), []);
  const value = useMemo(() => {
    const units = data ?? [];
    const nameOf = (id: string) => known[id] ?? learned[id] ?? units.find((unit) => unit.id === id)?.name ?? id;
    return { nameOf, learn, departments: units };
  }, [known, learned, data, learn]);
  return <Context.Provider value={value}>{children}</Context.Provider>;
}
