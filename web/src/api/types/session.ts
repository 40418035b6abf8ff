// Who is at work: sessions, log-in, second factors, privileged rights.

export interface Body {
  id?: string;
  code: string;
  name: string;
  banner?: string;
}

export interface SessionUser {
  id: string;
  login: string;
  name: string;
  department: string;
  roles: string[];
  powers: string[];
}

export interface Session {
  user: SessionUser;
  body: Body;
  csrf: string;
  segment: string;
  may_carry_out: boolean;
  last_login_at: string | null;
  last_logout_at: string | null;
  failures: FailedLogin[];
  password_must_change: boolean;
  idle_seconds: number;
  second_factor: 'not_needed' | 'needed' | 'given';
  second_factor_kinds: FactorKind[];
  second_factor_enrolled: boolean;
  elevation: Elevation;
}

// Privileged rights: whether this person has to open them before use, and whether they are open.
export interface Elevation {
  asked: boolean;
  id: string | null;
  reason: string;
  from_at: string | null;
  to_at: string | null;
  seconds_left: number;
  most_minutes: number;
  by_factor: boolean;
  powers: string[];
  deputy_for: string[];
}

export interface ElevationInput {
  minutes: number;
  reason: string;
  password?: string;
}

export interface ElevationRecord {
  id: string;
  name: string;
  reason: string;
  minutes: number;
  from_at: string;
  to_at: string;
  open: boolean;
}

export interface PrivilegeHolder {
  login: string;
  name: string;
  powers: string[];
}

export interface PrivilegeDeputy {
  approval_id: string;
  deputy: string;
  principal: string;
  from_at: string;
  to_at: string;
  in_force: boolean;
}

export interface PrivilegeList {
  items: ElevationRecord[];
  next: string | null;
  holders: PrivilegeHolder[];
  deputies: PrivilegeDeputy[];
}

export interface FailedLogin {
  at: string;
  source: string;
}

export interface LoginInput {
  body?: string;
  login: string;
  password: string;
}

// Others are served first: ask again with the ticket.
export interface LoginPlace {
  ticket: string;
  ahead: number;
}

export interface OpenSession {
  id: string;
  source: string;
  agent: string;
  created_at: string;
  seen_at: string;
  current: boolean;
}

export interface PasswordCheck {
  ok: boolean;
  key: string;
  characters: number;
  least: number;
  found: string[];
}

export type FactorKind = 'totp' | 'webauthn' | 'recovery';
export type FactorState = 'waiting' | 'active' | 'stopped';
export interface Factor {
  id: string;
  kind: FactorKind;
  name: string;
  state: FactorState;
  created_at: string;
  last_used_at: string | null;
}
export interface FactorList {
  items: Factor[];
  recovery_codes_left: number;
  must_enrol: boolean;
}
export interface TotpBegun {
  id: string;
  secret: string;
  uri: string;
}
export interface KeyBegun {
  challenge: string;
  rp_id: string;
  rp_name: string;
  user_id: string;
  user_name: string;
  algorithms: number[];
  exclude: string[];
  timeout_ms: number;
}
export interface KeyChallenge {
  challenge: string;
  rp_id: string;
  credentials: string[];
  timeout_ms: number;
}
export interface Enrolled {
  factor: Factor;
  recovery_codes: string[];
}
export interface Proof {
  kind: FactorKind;
  code?: string;
  credential_id?: string;
  client_data?: string;
  authenticator_data?: string;
  signature?: string;
}
