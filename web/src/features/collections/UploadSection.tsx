import { useRef, useState, type ChangeEvent, type DragEvent } from 'react';
import { ApiError } from '../../api/client';
import type { Upload } from '../../api/types';
import { Button } from '../../components/Button/Button';
import { ErrorNotice, Notice } from '../../components/Notice/Notice';
import { formatNumber } from '../../lib/format';
import { errorSentence, ja } from '../../messages/ja';
import { chosenFiles, droppedFiles } from './droppedFiles';
import type { QueuedFile, UploadQueue } from './uploadQueue';
import { useUpload } from './useUpload';
import './UploadSection.css';

export function UploadSection({ collection, onProgress }: { collection: string; onProgress: () => void }) {
  const [classUnknown, setClassUnknown] = useState(false);
  const { upload, unfinished, error, queue, add, stop, resume } = useUpload(collection, classUnknown, onProgress);
  const [over, setOver] = useState(false);
  const files = useRef<HTMLInputElement>(null);
  const folder = useRef<HTMLInputElement>(null);
  const choose = (event: ChangeEvent<HTMLInputElement>) => {
    void add(chosenFiles(event.target.files));
    event.target.value = '';
  };
  const drop = (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    void droppedFiles(event.dataTransfer.items).then(add);
  };
  return (
    <section className="section" aria-labelledby="upload-title">
      <h2 id="upload-title">{ja.upload.title}</h2>
      {unfinished && !queue && (
        <Notice tone="info">
          <p>{ja.upload.open(formatNumber(unfinished.received))}</p>
        </Notice>
      )}
      {error !== null && <ErrorNotice error={error} />}
      <div
        className={over ? 'drop drop-over' : 'drop'}
        onDragOver={(event) => {
          event.preventDefault();
          setOver(true);
        }}
        onDragLeave={() => setOver(false)}
        onDrop={drop}
      >
        <p>{ja.upload.drop}</p>
        <p className="field-hint">{ja.upload.formats}</p>
        <label className="drop-unknown">
          <input type="checkbox" checked={classUnknown} disabled={queue !== null} onChange={(event) => setClassUnknown(event.target.checked)} />
          <span>{ja.upload.classUnknown}</span>
        </label>
        {classUnknown && <p className="field-hint">{ja.upload.classUnknownHint}</p>}
        <div className="drop-buttons">
          <Button icon="document" onClick={() => files.current?.click()}>
            {ja.upload.files}
          </Button>
          <Button icon="folder" onClick={() => folder.current?.click()}>
            {ja.upload.folder}
          </Button>
        </div>
        <input ref={files} type="file" multiple hidden aria-label={ja.upload.files} data-testid="upload-files" onChange={choose} />
        <input ref={folder} type="file" multiple hidden aria-label={ja.upload.folder} onChange={choose} {...{ webkitdirectory: '' }} />
      </div>
      {queue && queue.files.length > 0 && (
        <UploadProgress queue={queue} upload={upload} onStop={() => void stop()} onResume={() => void resume()} />
      )}
    </section>
  );
}

function UploadProgress({
  queue,
  upload,
  onStop,
  onResume,
}: {
  queue: UploadQueue;
  upload: Upload | null;
  onStop: () => void;
  onResume: () => void;
}) {
  const all = queue.files.length;
  const skipped = queue.count('skipped');
  const failed = queue.files.filter((file) => file.state === 'failed');
  const done = queue.count('sent') + skipped + failed.length;
  const text = ja.upload.sent(formatNumber(done - failed.length), formatNumber(all));
  return (
    <div className="upload">
      <label className="upload-bar">
        <span>{text}</span>
        <progress value={done} max={all} aria-label={ja.upload.progress} />
      </label>
      {upload && (
        <p className="meta">{ja.upload.read(formatNumber(upload.ready), formatNumber(upload.waiting), formatNumber(upload.failed))}</p>
      )}
      {skipped > 0 && <p className="meta">{ja.upload.skipped(formatNumber(skipped))}</p>}
      <p role="status" className="upload-note">
        {queue.isStopped ? ja.upload.stopped : queue.isFinished ? ja.upload.done : ''}
      </p>
      <div className="drop-buttons">
        {queue.isStopped ? (
          <Button kind="solid" onClick={onResume}>
            {ja.upload.resume}
          </Button>
        ) : (
          !queue.isFinished && (
            <Button icon="stop" onClick={onStop}>
              {ja.upload.stop}
            </Button>
          )
        )}
        {failed.length > 0 && !queue.isStopped && (
          <Button icon="again" onClick={() => queue.retryFailed()}>
            {ja.upload.retryFailed}
          </Button>
        )}
      </div>
      {failed.length > 0 && (
        <Notice tone="error">
          <h3>{ja.upload.failedTitle(formatNumber(failed.length))}</h3>
          <FileList files={failed} />
        </Notice>
      )}
      <Unread upload={upload} />
      <details className="upload-detail">
        <summary>{ja.upload.detail}</summary>
        <FileList files={queue.files} />
      </details>
    </div>
  );
}

function Unread({ upload }: { upload: Upload | null }) {
  const unread = upload?.files?.filter((file) => file.state === 'failed') ?? [];
  if (unread.length === 0) return null;
  return (
    <Notice tone="warning">
      <h3>{ja.upload.unreadTitle(formatNumber(unread.length))}</h3>
      <ul className="upload-list">
        {unread.slice(0, kShownAtOnce).map((file) => (
          <li key={file.document_id}>
            {file.name}
            <span className="table-note">{file.reason}</span>
          </li>
        ))}
      </ul>
    </Notice>
  );
}

const kShownAtOnce = 200;

function FileList({ files }: { files: QueuedFile[] }) {
  return (
    <>
      <ul className="upload-list">
        {files.slice(0, kShownAtOnce).map((file) => (
          <li key={file.name}>
            <span>{file.name}</span>
            <span className="table-note">
              {ja.upload.states[file.state]}
              {file.state === 'failed' && `：${file.error instanceof ApiError ? errorSentence(file.error.problem) : ja.unknownError}`}
            </span>
          </li>
        ))}
      </ul>
      {files.length > kShownAtOnce && <p>{ja.upload.detailRest(formatNumber(files.length - kShownAtOnce))}</p>}
    </>
  );
}
