// Charts of numbers over time and gauges. The picture is for the eye: the same numbers stand in a table that everybody can open, so the SVG
// itself is hidden from readers. Typed and answered differ by pattern as well as by colour.
import { useId } from 'react';
import { Table } from '../../components/Table/Table';
import { formatNumber } from '../../lib/format';
import { usageTexts as t } from './messages';
import { niceTop, percentOf } from './scale';
import './Usage.css';

export interface Bar {
  label: string; // on the axis
  name: string; // in the table
  characters_in: number;
  characters_out: number;
  counted: number;
  uses: number;
}

const kWidth = 720;
const kHeight = 220;
const kLeft = 84;
const kBottom = 28;
const kTop = 12;

export function BarChart({ title, columns, bars, line }: { title: string; columns: Record<string, string>; bars: Bar[]; line?: number }) {
  const pattern = useId();
  const most = Math.max(...bars.map((bar) => bar.characters_in + bar.characters_out), line ?? 0);
  const top = niceTop(most);
  const height = kHeight - kTop - kBottom;
  const y = (value: number) => kTop + height * (1 - value / top);
  const step = (kWidth - kLeft) / bars.length;
  const every = Math.ceil(bars.length / 12);
  return (
    <figure className="chart">
      <figcaption>
        <h3>{title}</h3>
        <ul className="chart-legend">
          <li>
            <span className="chart-key chart-key-in" />
            {t.chart.in}
          </li>
          <li>
            <span className="chart-key chart-key-out" />
            {t.chart.out}
          </li>
        </ul>
      </figcaption>
      <svg viewBox={`0 0 ${kWidth} ${kHeight}`} aria-hidden="true" focusable="false">
        <defs>
          <pattern id={pattern} width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
            <rect width="6" height="6" className="chart-out" />
            <rect width="2" height="6" className="chart-stripe" />
          </pattern>
        </defs>
        {[0, 0.5, 1].map((share) => (
          <g key={share}>
            <line x1={kLeft} x2={kWidth} y1={y(top * share)} y2={y(top * share)} className="chart-grid" />
            <text x={kLeft - 8} y={y(top * share) + 4} textAnchor="end" className="chart-text">
              {formatNumber(top * share)}
            </text>
          </g>
        ))}
        {bars.map((bar, n) => {
          const x = kLeft + n * step + step * 0.15;
          const typed = (height * bar.characters_in) / top;
          const answered = (height * bar.characters_out) / top;
          return (
            <g key={bar.name}>
              <rect x={x} width={step * 0.7} y={y(0) - typed} height={typed} className="chart-in" />
              <rect x={x} width={step * 0.7} y={y(0) - typed - answered} height={answered} fill={`url(#${pattern})`} />
              {n % every === 0 && (
                <text x={x + step * 0.35} y={kHeight - 8} textAnchor="middle" className="chart-text">
                  {bar.label}
                </text>
              )}
            </g>
          );
        })}
        {line !== undefined && <line x1={kLeft} x2={kWidth} y1={y(line)} y2={y(line)} className="chart-line" />}
      </svg>
      <details>
        <summary>{t.showTable}</summary>
        <Table caption={title} columns={Object.values(columns)}>
          {bars.map((bar) => (
            <tr key={bar.name}>
              <th scope="row">{bar.name}</th>
              <td>{formatNumber(bar.characters_in)}</td>
              <td>{formatNumber(bar.characters_out)}</td>
              <td>{formatNumber(bar.counted)}</td>
              <td>{formatNumber(bar.uses)}</td>
            </tr>
          ))}
        </Table>
      </details>
    </figure>
  );
}

// A gauge with a second, lighter part (what is reserved) and marks; its value is told in words beside it.
export function Gauge({ label, text, used, more = 0, whole, level }: { label: string; text: string; used: number; more?: number; whole: number; level: number }) {
  const percent = percentOf(used + more, whole);
  return (
    <div className="gauge">
      <div
        role="meter"
        aria-label={label}
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuenow={Math.round(percent)}
        aria-valuetext={text}
        className={`gauge-track gauge-level-${level}`}
      >
        <svg viewBox="0 0 100 6" preserveAspectRatio="none" aria-hidden="true" focusable="false">
          <rect width={percent} height="6" className="gauge-more" />
          <rect width={percentOf(used, whole)} height="6" className="gauge-used" />
          {[80, 90].map((mark) => (
            <line key={mark} x1={mark} x2={mark} y1="0" y2="6" className="gauge-mark" />
          ))}
        </svg>
      </div>
      <p className="gauge-text">
        <strong>{text}</strong>（{Math.round(percent)}%）
      </p>
    </div>
  );
}
