import { ja } from '../../messages/ja';
import './Spinner.css';

// `silent` where something else on the page announces the progress.
export function Spinner({ text = ja.loading, silent = false }: { text?: string; silent?: boolean }) {
  return (
    <p className="spinner" role={silent ? undefined : 'status'}>
      <span className="spinner-ring" aria-hidden="true" />
      {text}
    </p>
  );
}
