// Bars of counts. The picture is for the eye: the same numbers stand in the table beside it, so the SVG itself is hidden from readers.
import type { ReactNode } from 'react';
import { Table } from '../../components/Table/Table';
import { formatNumber } from '../../lib/format';
import { niceTop } from '../usage/scale';
import '../usage/Usage.css';
import './Reviews.css';

export interface Bar {
  label: string; // on the axis
  name: string; // in the table
  value: number;
  rest?: number[]; // further columns of the table
}

const kWidth = 480;
const kHeight = 200;
const kLeft = 56;
const kBottom = 28;
const kTop = 12;

export function Bars({ title, columns, bars }: { title: string; columns: string[]; bars: Bar[] }): ReactNode {
  const top = niceTop(Math.max(1, ...bars.map((bar) => bar.value)));
  const height = kHeight - kTop - kBottom;
  const y = (value: number) => kTop + height * (1 - value / top);
  const step = (kWidth - kLeft) / Math.max(1, bars.length);
  const every = Math.ceil(bars.length / 8);
  return (
    <figure className="chart">
      <figcaption>
        <h3>{title}</h3>
      </figcaption>
      <div className="bars-beside">
        <svg viewBox={`0 0 ${kWidth} ${kHeight}`} aria-hidden="true" focusable="false">
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
            return (
              <g key={bar.name}>
                <rect x={x} width={step * 0.7} y={y(bar.value)} height={y(0) - y(bar.value)} className="chart-in" />
                {n % every === 0 && (
                  <text x={x + step * 0.35} y={kHeight - 8} textAnchor="middle" className="chart-text">
                    {bar.label}
                  </text>
                )}
              </g>
            );
          })}
        </svg>
        <Table caption={title} columns={columns}>
          {bars.map((bar) => (
            <tr key={bar.name}>
              <th scope="row">{bar.name}</th>
              {[bar.value, ...(bar.rest ?? [])].map((value, column) => (
                <td key={columns[column + 1]} className="number-cell">
                  {formatNumber(value)}
                </td>
              ))}
            </tr>
          ))}
        </Table>
      </div>
    </figure>
  );
}
