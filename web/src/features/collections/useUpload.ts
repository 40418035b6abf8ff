// One upload of the open collection: the queue on this side, the server's progress from its event stream.
import { useCallback, useEffect, useReducer, useRef, useState } from 'react';
import { uploads } from '../../api';
import type { Upload } from '../../api/types';
import { UploadQueue, type NamedFile } from './uploadQueue';

const kWatchAgainMs = 1_000;

// Still reading what it received is not unfinished: there is nothing for a person to do.
function leftUnfinished(upload: Upload): boolean {
  return upload.state !== 'done' && !(upload.state === 'running' && upload.waiting > 0);
}

async function takeUp(upload: Upload): Promise<Upload> {
  return upload.state === 'stopped' ? uploads.resume(upload.id) : upload;
}

export function useUpload(collection: string, classUnknown: boolean, onProgress: () => void) {
  const [upload, setUpload] = useState<Upload | null>(null);
  const [unfinished, setUnfinished] = useState<Upload | null>(null);
  const [error, setError] = useState<unknown>(null);
  const [, changed] = useReducer((n: number) => n + 1, 0);
  const queue = useRef<UploadQueue | null>(null);
  const scheduled = useRef(false);

  // A queue of 2,000 files changes often: at most one repaint per frame.
  const schedule = useCallback(() => {
    if (scheduled.current) return;
    scheduled.current = true;
    requestAnimationFrame(() => {
      scheduled.current = false;
      changed();
    });
  }, []);

  useEffect(() => {
    uploads
      .list(collection)
      .then((page) => setUnfinished(page.items.find(leftUnfinished) ?? null))
      .catch(() => undefined);
    return () => queue.current?.stop();
  }, [collection]);

  const id = upload?.id ?? null;
  const [watch, watchAgain] = useReducer((n: number) => n + 1, 0);
  useEffect(() => {
    if (id === null) return;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const source = new EventSource(uploads.eventsUrl(id));
    source.addEventListener('progress', (event) => {
      setUpload((old) => ({ ...old, ...(JSON.parse((event as MessageEvent<string>).data) as Upload) }));
      onProgress();
    });
    source.addEventListener('done', () => {
      source.close();
      onProgress();
      uploads
        .get(id)
        .then(setUpload)
        .catch(() => undefined);
      // The server may have read all it had before this side sent the rest.
      if (queue.current && !queue.current.isFinished) timer = setTimeout(watchAgain, kWatchAgainMs);
    });
    return () => {
      source.close();
      clearTimeout(timer);
    };
  }, [id, watch, onProgress]);

  const add = useCallback(
    async (files: NamedFile[]) => {
      if (files.length === 0) return;
      setError(null);
      try {
        if (!queue.current) {
          // An upload that was left is taken up only for files of the same kind: its class is known, or it is not.
          const left = unfinished?.class_unknown === classUnknown ? unfinished : null;
          const taken = left ? await takeUp(left) : await uploads.start(collection, classUnknown);
          setUpload(taken);
          setUnfinished(null);
          queue.current = new UploadQueue(async (name, file, signal) => {
            await uploads.put(taken.id, name, file, signal);
          }, schedule);
          const known = left ? ((await uploads.get(taken.id)).files ?? []) : [];
          // What could not be read is sent again: it may have been mended meanwhile.
          queue.current.add(files, new Set(known.filter((file) => file.state !== 'failed').map((file) => file.name)));
        } else {
          queue.current.add(files, new Set());
        }
        schedule();
      } catch (problem) {
        setError(problem);
      }
    },
    [collection, classUnknown, unfinished, schedule],
  );

  const stop = useCallback(async () => {
    queue.current?.stop();
    try {
      if (id) setUpload(await uploads.stop(id));
    } catch (problem) {
      setError(problem);
    }
  }, [id]);

  const resume = useCallback(async () => {
    setError(null);
    try {
      if (id) setUpload(await uploads.resume(id));
      queue.current?.resume();
    } catch (problem) {
      setError(problem);
    }
  }, [id]);

  return { upload, unfinished, error, queue: queue.current, add, stop, resume };
}
