import { ja } from '../../messages/ja';
import './Spinner.css';

export function Spinner({ text = ja.loading }: { text?: string }) {
  return (
    <p className="spinner" role="status">
      <span className="spinner-ring" aria-hidden="true" />
      {text}
    </p>
  );
}
