import { describe, expect, it } from 'vitest';
import { UploadQueue, type NamedFile } from './uploadQueue';

function files(n: number): NamedFile[] {
  return Array.from({ length: n }, (_, i) => ({ name: `資料${i}.txt`, file: new Blob([`${i}`]) }));
}

async function settle(queue: UploadQueue): Promise<void> {
  for (let i = 0; i < 20_000 && !queue.isFinished && !queue.isStopped; i++) await Promise.resolve();
}

describe('UploadQueue', () => {
  it('sends 2,000 files with never more than three at once', async () => {
    let now = 0;
    let most = 0;
    const queue = new UploadQueue(
      async () => {
        most = Math.max(most, ++now);
        await Promise.resolve();
        now--;
      },
      () => undefined,
    );
    queue.add(files(2000), new Set());
    await settle(queue);
    expect(queue.count('sent')).toBe(2000);
    expect(most).toBe(3);
  });

  it('skips what the server has and lets one bad file fail alone', async () => {
    const sent: string[] = [];
    const queue = new UploadQueue(
      async (name) => {
        if (name === '資料2.txt') throw new Error('broken');
        sent.push(name);
      },
      () => undefined,
    );
    queue.add(files(5), new Set(['資料0.txt']));
    await settle(queue);
    expect(sent).toEqual(['資料1.txt', '資料3.txt', '資料4.txt']);
    expect(queue.count('skipped')).toBe(1);
    expect(queue.count('failed')).toBe(1);
  });

  it('stops, keeps the list, and goes on with what was interrupted', async () => {
    let block = true;
    const queue = new UploadQueue(
      (_, __, signal) =>
        new Promise((resolve, reject) => {
          if (!block) resolve();
          signal.addEventListener('abort', () => reject(new Error('aborted')));
        }),
      () => undefined,
    );
    queue.add(files(10), new Set());
    queue.stop();
    for (let i = 0; i < 10; i++) await Promise.resolve();
    expect(queue.count('queued')).toBe(10);
    block = false;
    queue.resume();
    await settle(queue);
    expect(queue.count('sent')).toBe(10);
  });

  it('takes the same name once', async () => {
    const queue = new UploadQueue(
      () => Promise.resolve(),
      () => undefined,
    );
    queue.add(files(2), new Set());
    queue.add(files(3), new Set());
    await settle(queue);
    expect(queue.files).toHaveLength(3);
  });
});
