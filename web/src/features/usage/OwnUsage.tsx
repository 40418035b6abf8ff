// A person's own use this month, on the account page.
import { usage as api } from '../../api';
import { Notice } from '../../components/Notice/Notice';
import { formatNumber } from '../../lib/format';
import { useLoad } from '../../lib/useLoad';
import { Gauge } from './Charts';
import { usageTexts as t } from './messages';
import './Usage.css';

export function OwnUsage() {
  const { data } = useLoad(() => api.own(), []);
  if (!data) return null;
  const warnings = [
    [t.ownLevel.own, data.level],
    [t.ownLevel.department, data.department_level],
    [t.ownLevel.body, data.body_level],
  ] as const;
  return (
    <section className="section" aria-labelledby="own-usage">
      <h2 id="own-usage">{t.own}</h2>
      {warnings
        .filter(([, level]) => level > 0)
        .map(([whose, level]) => (
          <Notice key={whose} tone={level === 100 ? 'error' : 'warning'}>
            <p>{t.ownReached(whose, level)}</p>
          </Notice>
        ))}
      {data.budget !== null ? (
        <Gauge
          label={t.gauge}
          text={t.used(formatNumber(data.characters), formatNumber(data.budget))}
          used={data.characters}
          whole={data.budget}
          level={data.level}
        />
      ) : (
        <p>
          {t.ownCharacters}：{t.characters(formatNumber(data.characters))}
        </p>
      )}
    </section>
  );
}
