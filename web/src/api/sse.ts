// Parser of text/event-stream (WHATWG HTML, "Server-sent events"). EventSource cannot POST, so answers are read with fetch.
// Feed decoded text in any pieces; complete events come out in order. Lines may end in LF, CR or CRLF.

export interface SseEvent {
  id: string;
  event: string;
  data: string;
}

export class SseParser {
  private rest = '';
  private data: string[] = [];
  private event = '';
  private id = '';
  private started = false;

  push(text: string): SseEvent[] {
    const out: SseEvent[] = [];
    let buffer = this.rest + text;
    if (!this.started && buffer.length > 0) {
      this.started = true;
      if (buffer.charCodeAt(0) === 0xfeff) buffer = buffer.slice(1);
    }
    let at = 0;
    for (;;) {
      const end = lineEnd(buffer, at);
      if (end === null) break;
      const event = this.line(buffer.slice(at, end.at));
      if (event) out.push(event);
      at = end.next;
    }
    this.rest = buffer.slice(at);
    return out;
  }

  private line(line: string): SseEvent | null {
    if (line === '') return this.dispatch();
    if (line.startsWith(':')) return null;
    const colon = line.indexOf(':');
    const field = colon < 0 ? line : line.slice(0, colon);
    let value = colon < 0 ? '' : line.slice(colon + 1);
    if (value.startsWith(' ')) value = value.slice(1);
    if (field === 'data') this.data.push(value);
    else if (field === 'event') this.event = value;
    else if (field === 'id' && !value.includes('\0')) this.id = value;
    return null;
  }

  private dispatch(): SseEvent | null {
    const found = this.data.length > 0 ? { id: this.id, event: this.event || 'message', data: this.data.join('\n') } : null;
    this.data = [];
    this.event = '';
    return found;
  }
}

// A CR at the very end of the buffer may be the first half of CRLF: wait for the next piece.
function lineEnd(text: string, from: number): { at: number; next: number } | null {
  for (let i = from; i < text.length; i++) {
    const c = text.charCodeAt(i);
    if (c === 10) return { at: i, next: i + 1 };
    if (c === 13) {
      if (i + 1 === text.length) return null;
      return { at: i, next: text.charCodeAt(i + 1) === 10 ? i + 2 : i + 1 };
    }
  }
  return null;
}

// Yields the events of one response; `touched` is called for every piece of bytes, heartbeats included.
export async function* readSse(body: ReadableStream<Uint8Array>, touched: () => void): AsyncGenerator<SseEvent> {
  const reader = body.getReader();
  const decoder = new TextDecoder();
  const parser = new SseParser();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      touched();
      yield* parser.push(decoder.decode(value, { stream: true }));
    }
  } finally {
    reader.cancel().catch(() => undefined);
  }
}
