import { useState } from 'react';
import { documents as api } from '../../api';
import type { Document } from '../../api/types';
import { IconButton } from '../../components/Button/Button';
import { FormDialog } from '../../components/Dialog/Dialog';
import { ErrorNotice } from '../../components/Notice/Notice';
import { Table } from '../../components/Table/Table';
import { formatBytes } from '../../lib/format';
import { Link } from '../../lib/router';
import { useAction } from '../../lib/useAction';
import { ja } from '../../messages/ja';
import { DocumentStateTag } from '../documents/DocumentStateTag';

const kTextTypes = ['txt', 'md', 'csv', 'tsv', 'html'];
const kEncodings = ['UTF-8', 'CP932', 'EUC-JP', 'UTF-16LE', 'UTF-16BE'];

interface Props {
  items: Document[];
  canManage: boolean;
  onChanged: (document: Document) => void;
  onRemoved: (document: Document) => void;
}

export function DocumentsTable({ items, canManage, onChanged, onRemoved }: Props) {
  const [removing, setRemoving] = useState<Document | null>(null);
  const [note, setNote] = useState('');
  const { error, run } = useAction();
  const setEncoding = (document: Document, encoding: string) =>
    void run(async () => {
      onChanged(await api.setEncoding(document.id, encoding));
      setNote(ja.collections.encodingChanged(document.name));
    });
  const { columns } = ja.collections;
  const shown = [columns.name, columns.type, columns.state, columns.encoding, columns.size, ...(canManage ? [columns.actions] : [])];
  return (
    <>
      {error !== null && <ErrorNotice error={error} />}
      <p role="status" className="visually-hidden">
        {note}
      </p>
      <Table caption={ja.collections.documents} columns={shown}>
        {items.map((item) => (
          <tr key={item.id}>
            <th scope="row">
              <Link href={`/documents/${item.id}`}>{item.name}</Link>
            </th>
            <td data-label={columns.type} className="table-short">
              {item.type.toUpperCase()}
            </td>
            <td data-label={columns.state}>
              <DocumentStateTag state={item.state} />
              {item.reason && <span className="table-note table-note-error">{item.reason}</span>}
            </td>
            <td data-label={columns.encoding}>
              <Encoding item={item} canManage={canManage} onChoose={(encoding) => setEncoding(item, encoding)} />
            </td>
            <td data-label={columns.size} className="table-number">
              {formatBytes(item.bytes)}
            </td>
            {canManage && (
              <td>
                <IconButton icon="trash" label={ja.collections.removeDocumentOf(item.name)} onClick={() => setRemoving(item)} />
              </td>
            )}
          </tr>
        ))}
      </Table>
      {removing && <RemoveDialog document={removing} onClose={() => setRemoving(null)} onRemoved={onRemoved} />}
    </>
  );
}

function Encoding({ item, canManage, onChoose }: { item: Document; canManage: boolean; onChoose: (encoding: string) => void }) {
  if (item.encoding === null && !kTextTypes.includes(item.type)) return null;
  const options = item.encoding === null || kEncodings.includes(item.encoding) ? kEncodings : [item.encoding, ...kEncodings];
  return (
    <>
      {canManage ? (
        <select
          className="field-input encoding-select"
          aria-label={ja.collections.encodingOf(item.name)}
          value={item.encoding ?? ''}
          onChange={(event) => event.target.value && onChoose(event.target.value)}
        >
          {item.encoding === null && <option value="">―</option>}
          {options.map((encoding) => (
            <option key={encoding} value={encoding}>
              {encoding}
            </option>
          ))}
        </select>
      ) : (
        item.encoding
      )}
      {item.encoding !== null && !item.encoding_certain && <span className="table-note">{ja.collections.encodingUncertain}</span>}
    </>
  );
}

function RemoveDialog({
  document,
  onClose,
  onRemoved,
}: {
  document: Document;
  onClose: () => void;
  onRemoved: (document: Document) => void;
}) {
  const { busy, error, run } = useAction();
  const remove = () =>
    void run(async () => {
      await api.remove(document.id);
      onRemoved(document);
      onClose();
    });
  return (
    <FormDialog title={ja.collections.removeDocument} submit={ja.remove} danger busy={busy} onSubmit={remove} onClose={onClose}>
      {error !== null && <ErrorNotice error={error} />}
      <p>{ja.collections.removeDocumentText(document.name)}</p>
    </FormDialog>
  );
}
