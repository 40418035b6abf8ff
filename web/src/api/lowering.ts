// Asking for a lower class of a document or a collection, or for more readers; choosing among the classes that another scheme left.
import { request } from './client';
import type { Label } from './types';

export interface LoweringChoice {
  id: string;
  name: string;
  label: Label;
  confidentiality: string[];
  integrity: string[];
  availability: string[];
  documents?: number | null; // of a collection: how many would go with it
}

export interface LoweringInput {
  confidentiality?: number;
  integrity?: number;
  availability?: number;
  everyone?: boolean;
  reason: string;
}

export interface ClassChoice {
  confidentiality?: number;
  integrity?: number;
  availability?: number;
  reason: string;
}

export type Labelled = 'documents' | 'collections';

const of = (what: Labelled, id: string) => `/api/v1/${what}/${encodeURIComponent(id)}`;

export const lowering = {
  choice: (what: Labelled, id: string) => request<LoweringChoice>('GET', `${of(what, id)}/lowering`),
  ask: (what: Labelled, id: string, body: LoweringInput) => request<{ approval: string }>('POST', `${of(what, id)}/lowering`, { body }),
  choose: (what: Labelled, id: string, body: ClassChoice) => request<{ label: Label; approval: string | null }>('POST', `${of(what, id)}/choice`, { body }),
};
