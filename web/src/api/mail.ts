// Mail that says that notices wait: one's own address, and what administrators see.
import { request } from './client';

export interface OwnMail {
  address: string | null;
  receives: boolean;
  may_stop: boolean;
}
export interface MailLetter {
  id: string;
  person: string;
  address: string;
  notices: number;
  state: 'waiting' | 'sent' | 'failed';
  tries: number;
  error: string;
  made_at: string;
  next_at: string;
  sent_at: string | null;
}
export interface Mail {
  configured: boolean;
  opt_out: boolean;
  boxes: { login: string; name: string; address: string; receives: boolean; own: boolean }[];
  items: MailLetter[];
}

export const mail = {
  own: () => request<OwnMail>('GET', '/api/v1/session/mail'),
  setOwn: (address: string | null) => request<OwnMail>('PUT', '/api/v1/session/mail', { body: { address } }),
  list: () => request<Mail>('GET', '/api/v1/mail'),
  set: (login: string, address: string | null) => request<Mail>('PUT', '/api/v1/mail/boxes', { body: { login, address } }),
  rule: (opt_out: boolean) => request<Mail>('PUT', '/api/v1/mail/rule', { body: { opt_out } }),
};
