// Sends many files to one upload, three at a time. Can be stopped and resumed, skips what the server already has by name, and
// one bad file never stops the others. No React and no fetch here: the sender is an argument.

export type FileState = 'queued' | 'sending' | 'sent' | 'skipped' | 'failed';

export interface QueuedFile {
  name: string;
  size: number;
  state: FileState;
  error: unknown;
}

export interface NamedFile {
  name: string;
  file: Blob;
}

export type Sender = (name: string, file: Blob, signal: AbortSignal) => Promise<void>;

const kAtOnce = 3;

export class UploadQueue {
  readonly files: QueuedFile[] = [];
  private readonly blobs = new Map<string, Blob>();
  private running = 0;
  private stopped = false;
  private controller = new AbortController();

  constructor(
    private readonly send: Sender,
    private readonly onChange: () => void,
  ) {}

  // Adds files; a name already in the list keeps its place. Names in `known` are on the server.
  add(files: readonly NamedFile[], known: ReadonlySet<string>): void {
    for (const { name, file } of files) {
      if (this.blobs.has(name)) continue;
      this.blobs.set(name, file);
      this.files.push({ name, size: file.size, state: known.has(name) ? 'skipped' : 'queued', error: null });
    }
    this.pump();
  }

  stop(): void {
    this.stopped = true;
    this.controller.abort();
    this.onChange();
  }

  resume(): void {
    this.stopped = false;
    this.controller = new AbortController();
    this.pump();
  }

  retryFailed(): void {
    for (const file of this.files) {
      if (file.state === 'failed') file.state = 'queued';
    }
    this.pump();
  }

  get isStopped(): boolean {
    return this.stopped;
  }

  get isFinished(): boolean {
    return this.running === 0 && !this.files.some((file) => file.state === 'queued');
  }

  count(state: FileState): number {
    return this.files.reduce((n, file) => n + (file.state === state ? 1 : 0), 0);
  }

  private pump(): void {
    while (!this.stopped && this.running < kAtOnce) {
      const next = this.files.find((file) => file.state === 'queued');
      if (!next) break;
      void this.sendOne(next);
    }
    this.onChange();
  }

  private async sendOne(file: QueuedFile): Promise<void> {
    const blob = this.blobs.get(file.name);
    const { signal } = this.controller;
    file.state = 'sending';
    file.error = null;
    this.running++;
    try {
      if (blob) await this.send(file.name, blob, signal);
      file.state = 'sent';
    } catch (error) {
      // Stopped on purpose: it goes again after resuming. The server answers the same for the same bytes.
      file.state = signal.aborted ? 'queued' : 'failed';
      file.error = signal.aborted ? null : error;
    }
    this.running--;
    this.pump();
  }
}
