import type { DocumentState } from '../../api/types';
import { ja } from '../../messages/ja';

const tones: Record<DocumentState, string> = { waiting: 'busy', reading: 'busy', ready: 'good', unruled: 'off', failed: 'bad', stopped: 'off' };

export function DocumentStateTag({ state }: { state: DocumentState }) {
  return <span className={`state-tag state-${tones[state] ?? 'off'}`}>{ja.collections.states[state] ?? state}</span>;
}
