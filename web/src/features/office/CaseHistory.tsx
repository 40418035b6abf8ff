// How the case came here, exceptions from a separation of duties, and whom the program told.
import type { OfficeCase, OfficeEvent } from '../../api/office';
import { Notice } from '../../components/Notice/Notice';
import { warekiDue, warekiMinute } from '../../lib/wareki';
import { officeTexts as t } from './messages';

export function eventTitle(event: OfficeEvent): string {
  const what = t.events[event.event];
  const name = event.event === 'move' || !what ? event.title || event.event : event.title && event.title !== what ? `${what}：${event.title}` : what;
  return event.region === '' ? name : `${event.region}　${name}`;
}

// The note of an attachment is the file's hash, for whoever compares it.
export function CaseHistory({ one }: { one: OfficeCase }) {
  return (
    <section className="section" aria-labelledby="office-history">
      <h2 id="office-history">{t.history}</h2>
      {one.exceptions.length > 0 && (
        <Notice tone="warning">
          <p>{t.exceptions}</p>
          {one.exceptions.map((exception, n) => (
            <p key={n} className="office-text">{`${warekiMinute(exception.at)} ${exception.title} ${exception.name}：${exception.reason}`}</p>
          ))}
        </Notice>
      )}
      <ol className="office-history">
        {one.history.map((event) => (
          <li key={event.n}>
            <span>
              {eventTitle(event)}
              {event.event === 'move' && event.to !== '' && `　${t.historyOf(event.from, event.to)}`}
              {event.unavoidable && <span className="state-tag state-bad">{t.exception}</span>}
            </span>
            <span className="meta">
              <span>{event.name}</span>
              <span>{warekiMinute(event.at)}</span>
            </span>
            {event.note !== '' && <span className="office-text">{event.note}</span>}
          </li>
        ))}
      </ol>
    </section>
  );
}

export function CaseNotices({ one }: { one: OfficeCase }) {
  if (one.notices.length === 0) return null;
  return (
    <section className="section" aria-labelledby="office-told">
      <h2 id="office-told">{t.noticesOf}</h2>
      <ul className="office-history">
        {one.notices.map((notice) => (
          <li key={notice.id}>
            <span className="office-text">{notice.text}</span>
            <span className="meta">
              <span>{warekiMinute(notice.at)}</span>
              {notice.due_at && <span>{`${t.due}：${warekiDue(notice.due_at)}`}</span>}
              <span>{t.seenBy(notice.seen.map((seen) => `${seen.name}（${warekiMinute(seen.at)}）`))}</span>
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}
