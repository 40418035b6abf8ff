// The work of a fiscal year by the month in which it is due; the same work of many departments is one entry. Pure.
import type { OfficeDuty } from '../../api/office';

export interface CalendarEntry {
  title: string;
  clauses: string[];
  due_on: string;
  period: string;
  counts: { state: OfficeDuty['state']; n: number }[]; // in the order of `states`, without zeros
  cases: { id: string; number: string; about: string; state: OfficeDuty['state'] }[];
}
export interface CalendarMonth {
  month: string; // "2026-04"; '' for work whose day the body has not decided
  done: number;
  open: number; // open, or before its opening
  late: number;
  entries: CalendarEntry[];
}

const states: OfficeDuty['state'][] = ['overdue', 'open', 'waits', 'done_late', 'done', 'undecided'];

export function monthsOf(first: string): string[] {
  const [year, month] = first.split('-').map(Number) as [number, number];
  return Array.from({ length: 12 }, (_, n) => new Date(Date.UTC(year, month - 1 + n, 1)).toISOString().slice(0, 7));
}

// `first`: the first month of the fiscal year. Work due outside of it stands with the month it is due in, after the twelve.
export function calendarOf(duties: OfficeDuty[], first: string): CalendarMonth[] {
  const months = new Map<string, Map<string, OfficeDuty[]>>(monthsOf(first).map((month) => [month, new Map()]));
  for (const duty of duties) {
    const month = duty.due_on.slice(0, 7);
    const here = months.get(month) ?? new Map<string, OfficeDuty[]>();
    months.set(month, here);
    const key = [duty.due_on, duty.definition, duty.duty, duty.period].join(' ');
    here.set(key, [...(here.get(key) ?? []), duty]);
  }
  return [...months].map(([month, groups]) => {
    const all = [...groups.values()].flat();
    const count = (...of: OfficeDuty['state'][]) => all.filter((duty) => of.includes(duty.state)).length;
    return {
      month,
      done: count('done', 'done_late'),
      open: count('open', 'waits', 'undecided'),
      late: count('overdue'),
      entries: [...groups].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, group]) => entryOf(group)),
    };
  });
}

function entryOf(group: OfficeDuty[]): CalendarEntry {
  const [one] = group as [OfficeDuty];
  return {
    title: one.title,
    clauses: one.clauses,
    due_on: one.due_on,
    period: one.period,
    counts: states.map((state) => ({ state, n: group.filter((duty) => duty.state === state).length })).filter(({ n }) => n > 0),
    cases: group.flatMap((duty) => (duty.id ? [{ id: duty.id, number: duty.number, about: duty.about, state: duty.state }] : [])),
  };
}
