// Endpoints, external services, permitted flows, switches, emergency stops.
import type { KeyedError } from './common';

export interface Endpoint {
  id: string;
  name: string;
  protocol: string;
  url: string;
  model: string;
  ceiling: number;
  segments: string[];
  has_api_key: boolean;
  region: string;
  governing_law: string;
  service: string | null;
  approval: string;
  home: string;
  enabled: boolean;
  state: 'usable' | 'waiting' | 'not approved' | 'no flow' | 'disabled';
  waits_for: string | null;
}

export interface EndpointInput {
  name: string;
  protocol: string;
  url: string;
  model: string;
  ceiling: number;
  segments: string[];
  api_key?: string;
  region: string;
  governing_law: string;
  service?: string;
  home: string;
  enabled: boolean;
}

export interface EndpointTest {
  ok: boolean;
  ms: number;
  error: KeyedError | null;
}

export interface NewExternalService {
  provider: string;
  name: string;
  ceiling: number;
  region: string;
  governing_law: string;
  approved_by: string;
  approval: string;
  valid_to?: string;
}

export interface ExternalService extends Omit<NewExternalService, 'valid_to'> {
  id: string;
  valid_from: string;
  valid_to: string | null;
  state: 'waiting' | 'in force' | 'not yet' | 'expired' | 'ended';
  waits_for: string | null;
  registered_by: string;
  end_reason: string | null;
}

// What a case of the security office has on in the product.
export interface Switch {
  id: string;
  about: string;
  number: string;
  name: string;
  title: string;
  person: string;
  person_name: string;
  unit: string;
  value: string;
  clause: string;
  since: string;
  until: string | null;
  on: boolean;
  set_by: string;
  ended_by: string | null;
  ended_at: string | null;
}

export interface SwitchWish {
  outside_networks: string;
  private_networks: string;
  training: string[];
  training_months: number | null;
  training_from: string | null;
}

export interface SwitchList {
  items: Switch[];
  wish: SwitchWish;
  may_configure: boolean;
}

export interface NewFlow {
  from_segment: string;
  to_segment?: string;
  to_endpoint?: string;
  purpose: string;
  content: string[];
  route?: string;
  permitted_by: string;
  valid_to?: string;
}

export interface Flow {
  id: string;
  from_segment: string;
  to_segment: string;
  to_endpoint: string;
  purpose: string;
  content: string[];
  route: string;
  permitted_by: string;
  valid_from: string;
  valid_to: string | null;
  state: 'waiting' | 'in force' | 'not yet' | 'expired' | 'ended';
  waits_for: string | null;
  opened_by: string;
  end_reason: string | null;
}

export interface EmergencyStop {
  id: string;
  kind: string;
  target: string;
  whole_service: boolean;
  basis: string;
  basis_by: string;
  reason: string;
  told: string[];
  incident: string;
  set_by: string;
  set_at: string | null;
  recorded: boolean;
  stored: boolean;
  released_by: string | null;
  released_at: string | null;
  release_reason: string | null;
}

export interface StopList {
  items: EmergencyStop[];
  released: EmergencyStop[];
}

export interface NewStop {
  kind: string;
  target?: string;
  basis: string;
  basis_by: string;
  reason: string;
  told?: string[];
  incident?: string;
}
