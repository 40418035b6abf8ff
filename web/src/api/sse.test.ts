import { describe, expect, it } from 'vitest';
import { readSse, SseParser, type SseEvent } from './sse';

const stream = 'id: 1\nevent: open\ndata: {"stream_id":"S"}\n\n: \n\nid: 2\nevent: delta\ndata: {"text":"住民票"}\n\n';

describe('SseParser', () => {
  it('gives whole events and ignores heartbeats', () => {
    expect(new SseParser().push(stream)).toEqual([
      { id: '1', event: 'open', data: '{"stream_id":"S"}' },
      { id: '2', event: 'delta', data: '{"text":"住民票"}' },
    ]);
  });

  it('gives the same events however the text is cut, with every line ending', () => {
    for (const ending of ['\n', '\r', '\r\n']) {
      const text = stream.replaceAll('\n', ending) + (ending === '\r' ? ':' : '');
      for (let size = 1; size <= 7; size++) {
        const parser = new SseParser();
        const events: SseEvent[] = [];
        for (let i = 0; i < text.length; i += size) events.push(...parser.push(text.slice(i, i + size)));
        expect(events.map((event) => event.id)).toEqual(['1', '2']);
      }
    }
  });

  it('joins data lines, keeps the last id and drops an event cut off by the end', () => {
    const events = new SseParser().push('id:7\ndata:a\ndata: b\n\ndata: c\n\nevent: delta\ndata: lost');
    expect(events).toEqual([
      { id: '7', event: 'message', data: 'a\nb' },
      { id: '7', event: 'message', data: 'c' },
    ]);
  });

  it('strips a byte order mark and takes fields without a colon', () => {
    expect(new SseParser().push('\ufeffdata: x\n\ndata\n\n')).toEqual([
      { id: '', event: 'message', data: 'x' },
      { id: '', event: 'message', data: '' },
    ]);
  });
});

describe('readSse', () => {
  it('decodes characters that are split between pieces of bytes and reports every piece', async () => {
    const bytes = new TextEncoder().encode(stream);
    let touched = 0;
    const body = new ReadableStream<Uint8Array>({
      start(controller) {
        for (let i = 0; i < bytes.length; i += 3) controller.enqueue(bytes.slice(i, i + 3));
        controller.close();
      },
    });
    const data: string[] = [];
    for await (const event of readSse(body, () => {
      touched++;
    }))
      data.push(event.data);
    expect(data[1]).toBe('{"text":"住民票"}');
    expect(touched).toBe(Math.ceil(bytes.length / 3));
  });
});
