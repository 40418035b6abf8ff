// Overviews of the security office.
import { request } from './client';
import type { OfficeDuty, OfficeItem } from './office';

export interface OfficeDepartmentWork {
  units: { id: string; name: string }[];
  unit: string;
  items: OfficeItem[];
  overdue: number;
  more: boolean;
  duties: OfficeDuty[];
  year: string;
}
export interface GroupFigures {
  key: string;
  title: string;
  opened: number;
  closed: number;
  at_work: number;
  overdue: number;
}
export interface OfficeFigures {
  fiscal_year: number;
  label: string;
  months: { month: string; opened: number; closed: number }[];
  units: GroupFigures[];
  registers: GroupFigures[];
}

const asked = (values: Record<string, string | number | null>) => {
  const parts = new URLSearchParams(Object.entries(values).flatMap(([name, value]) => (value === null || value === '' ? [] : [[name, String(value)]])));
  return parts.size === 0 ? '' : `?${parts.toString()}`;
};

export const overview = {
  department: (unit: string | null) => request<OfficeDepartmentWork>('GET', `/api/v1/office/department${asked({ unit })}`),
  figures: (fiscal_year: number | null, definition: string) => request<OfficeFigures>('GET', `/api/v1/office/figures${asked({ fiscal_year, definition })}`),
};
