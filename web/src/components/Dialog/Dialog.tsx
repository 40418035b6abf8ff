// Modal dialog on the browser's own <dialog>: it traps focus, closes with Escape and gives the focus back.
import { useEffect, useId, useRef, type FormEvent, type ReactNode } from 'react';
import { ja } from '../../messages/ja';
import { Button, IconButton } from '../Button/Button';
import './Dialog.css';

export function Dialog({ title, onClose, children }: { title: string; onClose: () => void; children: ReactNode }) {
  const ref = useRef<HTMLDialogElement>(null);
  const id = useId();
  useEffect(() => {
    const dialog = ref.current;
    const before = document.activeElement;
    if (dialog && !dialog.open) dialog.showModal();
    return () => {
      dialog?.close();
      if (before instanceof HTMLElement) before.focus();
    };
  }, []);
  return (
    <dialog
      ref={ref}
      className="dialog"
      aria-labelledby={id}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
    >
      <div className="dialog-head">
        <h2 id={id}>{title}</h2>
        <IconButton icon="close" label={ja.close} onClick={onClose} />
      </div>
      {children}
    </dialog>
  );
}

export function FormDialog({
  title,
  submit,
  busy = false,
  danger = false,
  onSubmit,
  onClose,
  children,
}: {
  title: string;
  submit: string;
  busy?: boolean;
  danger?: boolean;
  onSubmit: () => void;
  onClose: () => void;
  children: ReactNode;
}) {
  const send = (event: FormEvent) => {
    event.preventDefault();
    onSubmit();
  };
  return (
    <Dialog title={title} onClose={onClose}>
      <form className="form" onSubmit={send} noValidate>
        {children}
        <div className="dialog-buttons">
          <Button onClick={onClose}>{ja.cancel}</Button>
          <Button type="submit" kind={danger ? 'danger' : 'solid'} disabled={busy}>
            {submit}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
