// What departments answered clause by clause, put together; and drafts of fields.
import { request, send } from './client';

export interface AnswerCount {
  key: string; // '' : nobody answered yet
  title: string;
  count: number;
}
export interface OfficeSheet {
  definition: string;
  title: string;
  field: string;
  table: string; // its name in an export
  fiscal_year: number;
  label: string;
  rate: number | null; // 0 to 1
  units: { id: string; number: string; unit: string; state_title: string; counts: AnswerCount[]; rate: number | null }[];
  clauses: { clause: string; version: string; label: string; text: string; counts: AnswerCount[]; rate: number | null }[];
  gaps: { id: string; number: string; unit: string; clause: string; label: string; answer: string; why: string; evidence: string }[];
  more: boolean;
}

export interface DraftOpen {
  stream_id: string;
  draft_id: string;
  engine: string;
  model: string | null;
  notice: string;
}

export const sheets = {
  read: (definition: string, year: number | null) =>
    request<OfficeSheet>('GET', `/api/v1/office/definitions/${encodeURIComponent(definition)}/sheet${year === null ? '' : `?fiscal_year=${year}`}`),
  draft: (id: string, body: { field: string; endpoint: string | null; confirm: boolean }, signal: AbortSignal) =>
    send('POST', `/api/v1/office/cases/${encodeURIComponent(id)}/drafts`, { body, signal, headers: { Accept: 'text/event-stream' } }),
};
