import { Button } from '../../components/Button/Button';
import { ErrorNotice } from '../../components/Notice/Notice';
import { Link } from '../../lib/router';
import { ja } from '../../messages/ja';
import { useChatList } from './chatList';
import './ChatHistory.css';

export function ChatHistory({ path }: { path: string }) {
  const { items, next, query, loaded, error, setQuery, reload, more } = useChatList();
  return (
    <section className="history" aria-labelledby="history-title">
      <h2 id="history-title" className="shell-nav-title">
        {ja.history.title}
      </h2>
      <input
        type="search"
        className="field-input history-search"
        aria-label={ja.history.search}
        placeholder={ja.history.search}
        value={query}
        onChange={(event) => setQuery(event.target.value)}
      />
      <p className="visually-hidden" role="status">
        {query !== '' && loaded ? ja.history.found(items.length) : ''}
      </p>
      {error !== null && <ErrorNotice error={error} onRetry={reload} />}
      {loaded && items.length === 0 && error === null && (
        <p className="history-empty">{query === '' ? ja.history.empty : ja.history.noHit}</p>
      )}
      <ul className="history-list">
        {items.map((chat) => (
          <li key={chat.id}>
            <Link
              href={`/chat/${chat.id}`}
              className="history-link"
              aria-current={path === `/chat/${chat.id}` ? 'page' : undefined}
              title={chat.title || ja.history.untitled}
            >
              {chat.title || ja.history.untitled}
            </Link>
          </li>
        ))}
      </ul>
      {next !== null && (
        <Button kind="text" size="small" onClick={more}>
          {ja.more}
        </Button>
      )}
    </section>
  );
}
