// A refusal of the security office, with the words of the definition where it has some: which guard does not hold, which fields are empty.
import { ApiError } from '../../api/client';
import { ErrorNotice } from '../../components/Notice/Notice';

const worded = ['office.guard', 'office.missing', 'office.definition'];

export function OfficeError({ error, onRetry }: { error: unknown; onRetry?: () => void }) {
  const problem = error instanceof ApiError ? error.problem : null;
  return (
    <ErrorNotice error={error} onRetry={onRetry}>
      {problem?.where && worded.includes(problem.key) && <p>{problem.where}</p>}
    </ErrorNotice>
  );
}
