// What every part of the interface uses.

export interface Label {
  c: number;
  i: number;
  a: number;
  segments: string[];
  state: 'known' | 'unknown';
  text: string;
  reason: string;
  // In the profile's words: the name on each axis, the segments, who may read (all of these lines at once), who could have it lowered.
  classes: string[];
  segment_names: string[];
  readers: string[];
  change: string;
}

export interface Page<T> {
  items: T[];
  next?: string | null;
}

export interface Problem {
  status: number;
  key: string;
  title: string;
  clause?: string;
  who_can_permit?: string;
  where?: string; // which part of what was sent is wrong
  request_id?: string;
}

export interface KeyedError {
  key: string;
  title: string;
}
