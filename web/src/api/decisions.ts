// What waits for a decision of the person, and figures for whoever decides.
import { request } from './client';

export interface Decision {
  source: string;
  title: string;
  code: string;
  number: string;
  what: string;
  state: string;
  asked_by: string;
  unit: string;
  steps: string[];
  clauses: string[];
  since: string | null;
  due_at: string | null;
  overdue: boolean;
  severity: number;
  alone: boolean;
  signed_places: number;
  places: number;
  elsewhere: string[];
  href: string;
}
export interface DecisionFigure {
  key: string;
  title: string;
  count: number;
  detail: string;
  bad: boolean;
  href: string;
}

export const decisions = {
  list: () => request<{ items: Decision[]; overdue: number; more: boolean }>('GET', '/api/v1/decisions'),
  figures: () => request<{ items: DecisionFigure[] }>('GET', '/api/v1/decisions/figures'),
};
