// Numbers of several kinds side by side, as stacked bars. The picture is for the eye and hidden from readers: the same numbers stand in the table below.
import { useId } from 'react';
import { niceTop } from '../usage/scale';
import '../usage/Usage.css';
import './Print.css';

export interface ChartRow {
  name: string; // in the table
  label: string; // on the axis
  values: number[]; // one for each series
}

const kWidth = 720;
const kHeight = 200;
const kLeft = 48;
const kBottom = 28;
const kTop = 12;

// Three series at most: plain, striped, dotted, so that they differ without colour too.
export function MonthChart({ title, series, rows, heading: Heading = 'h2' }: { title: string; series: string[]; rows: ChartRow[]; heading?: 'h2' | 'h3' }) {
  const id = useId();
  const top = niceTop(Math.max(1, ...rows.map((row) => row.values.reduce((sum, value) => sum + value, 0))));
  const height = kHeight - kTop - kBottom;
  const y = (value: number) => kTop + height * (1 - value / top);
  const step = (kWidth - kLeft) / Math.max(1, rows.length);
  const fills = ['var(--blue-900)', `url(#${id}-stripe)`, `url(#${id}-dot)`];
  return (
    <figure className="chart">
      <figcaption>
        <Heading>{title}</Heading>
        <ul className="chart-legend">
          {series.map((name, n) => (
            <li key={name}>
              <svg width="16" height="16" aria-hidden="true" focusable="false">
                <rect width="16" height="16" fill={fills[n]} stroke="currentColor" />
              </svg>
              {name}
            </li>
          ))}
        </ul>
      </figcaption>
      <svg viewBox={`0 0 ${kWidth} ${kHeight}`} aria-hidden="true" focusable="false">
        <defs>
          <pattern id={`${id}-stripe`} width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
            <rect width="6" height="6" fill="var(--blue-200)" />
            <rect width="2" height="6" fill="var(--blue-900)" />
          </pattern>
          <pattern id={`${id}-dot`} width="6" height="6" patternUnits="userSpaceOnUse">
            <rect width="6" height="6" fill="var(--red-200, #ffd8d8)" />
            <circle cx="3" cy="3" r="1.5" fill="var(--red-900, #a20000)" />
          </pattern>
        </defs>
        {[0, 0.5, 1].map((share) => (
          <g key={share}>
            <line x1={kLeft} x2={kWidth} y1={y(top * share)} y2={y(top * share)} className="chart-grid" />
            <text x={kLeft - 8} y={y(top * share) + 4} textAnchor="end" className="chart-text">
              {top * share}
            </text>
          </g>
        ))}
        {rows.map((row, n) => {
          const x = kLeft + n * step + step * 0.15;
          return (
            <g key={row.name}>
              {row.values.map((value, s) => {
                const under = row.values.slice(0, s).reduce((sum, each) => sum + each, 0);
                return <rect key={s} x={x} width={step * 0.7} y={y(under + value)} height={(height * value) / top} fill={fills[s]} />;
              })}
              <text x={x + step * 0.35} y={kHeight - 8} textAnchor="middle" className="chart-text">
                {row.label}
              </text>
            </g>
          );
        })}
      </svg>
      <table className="print-rows">
        <caption className="visually-hidden">{title}</caption>
        <thead>
          <tr>
            <td />
            {series.map((name) => (
              <th key={name} scope="col">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.name}>
              <th scope="row">{row.name}</th>
              {row.values.map((value, s) => (
                <td key={s} data-label={series[s]}>
                  {value}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </figure>
  );
}
