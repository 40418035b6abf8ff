import type { Label } from '../../api/types';

// Is there anything that a request could lower or widen?
export const mayGoDown = (label: Label) =>
  label.state === 'known' && (label.c > 1 || label.i > 1 || label.a > 1 || label.readers.length > 0);
