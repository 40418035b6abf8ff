import { TextArea } from '../../components/Field/Field';
import { ja } from '../../messages/ja';

// Why the class is as it is: written by whoever rules on a document and by whoever chooses after another scheme came.
export function Reason({ value, error, onChange }: { value: string; error: string | undefined; onChange: (reason: string) => void }) {
  return (
    <TextArea
      label={ja.classes.reason}
      hint={ja.classes.reasonHint}
      required
      rows={3}
      maxLength={600}
      value={value}
      error={error}
      onChange={(event) => onChange(event.target.value)}
    />
  );
}
