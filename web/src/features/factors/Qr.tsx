// A two-dimensional code drawn here, from text that never leaves the page.
import { generate } from 'lean-qr';
import { useMemo } from 'react';

const kQuietZone = 4;

export function Qr({ text, label }: { text: string; label: string }) {
  const { path, size } = useMemo(() => {
    const code = generate(text);
    let drawn = '';
    for (let y = 0; y < code.size; y += 1)
      for (let x = 0; x < code.size; x += 1) if (code.get(x, y)) drawn += `M${x + kQuietZone} ${y + kQuietZone}h1v1h-1z`;
    return { path: drawn, size: code.size + 2 * kQuietZone };
  }, [text]);
  return (
    <svg className="qr" role="img" aria-label={label} viewBox={`0 0 ${size} ${size}`} shapeRendering="crispEdges">
      <rect width={size} height={size} fill="#fff" />
      <path d={path} fill="#000" />
    </svg>
  );
}
