import type { ReactNode } from 'react';
import { ApiError } from '../../api/client';
import { askForElevation } from '../../lib/elevation';
import { errorSentence, ja } from '../../messages/ja';
import { Button, ButtonLink } from '../Button/Button';
import { Icon } from '../Icon/Icon';
import './Notice.css';

type Tone = 'info' | 'success' | 'warning' | 'error';
const icons = { info: 'info', success: 'check', warning: 'alert', error: 'alert' } as const;

export function Notice({ tone, role, children }: { tone: Tone; role?: 'alert' | 'status'; children: ReactNode }) {
  return (
    <div className={`notice notice-${tone}`} role={role}>
      <Icon name={icons[tone]} />
      <div className="notice-body">{children}</div>
    </div>
  );
}

// A refusal tells which clause decided and who could permit it.
export function ErrorNotice({ error, onRetry, children }: { error: unknown; onRetry?: () => void; children?: ReactNode }) {
  const problem = error instanceof ApiError ? error.problem : null;
  return (
    <Notice tone="error" role="alert">
      <p>{problem ? errorSentence(problem) : ja.unknownError}</p>
      {children}
      {problem?.clause && <p>{ja.clause(problem.clause)}</p>}
      {problem?.who_can_permit && <p>{ja.whoCanPermit(problem.who_can_permit)}</p>}
      {problem?.key === 'policy.second_factor' && (
        <div>
          <ButtonLink size="small" href="/account">
            {ja.enrolFactor}
          </ButtonLink>
        </div>
      )}
      {problem?.key === 'reading.unread' && (
        <div>
          <ButtonLink size="small" href="/readings">
            {ja.readPolicy}
          </ButtonLink>
        </div>
      )}
      {problem?.key === 'policy.not_elevated' && (
        <div>
          <Button size="small" onClick={askForElevation}>
            {ja.usePrivileges}
          </Button>
        </div>
      )}
      {problem?.request_id && problem.status >= 500 && <p className="notice-small">{ja.requestId(problem.request_id)}</p>}
      {onRetry && (
        <Button size="small" icon="again" onClick={onRetry}>
          {ja.retry}
        </Button>
      )}
    </Notice>
  );
}
