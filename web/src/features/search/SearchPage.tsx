import { useEffect, useState, type FormEvent } from 'react';
import { collections as collectionsApi, search } from '../../api';
import { isAbort } from '../../api/client';
import type { SearchHit, SearchResult } from '../../api/types';
import { Button } from '../../components/Button/Button';
import { SelectField, TextField } from '../../components/Field/Field';
import { LabelBadge } from '../../components/LabelBadge/LabelBadge';
import { ErrorNotice } from '../../components/Notice/Notice';
import { Page } from '../../components/Shell/Page';
import { Spinner } from '../../components/Spinner/Spinner';
import { formatNumber } from '../../lib/format';
import { Link, navigate, useLocation } from '../../lib/router';
import { markPieces } from '../../lib/text';
import { useLoad } from '../../lib/useLoad';
import { ja } from '../../messages/ja';
import './SearchPage.css';

// The words are in the address (/search?q=…), so a search can be gone back to.
export default function SearchPage() {
  const { params } = useLocation();
  const query = params.get('q') ?? '';
  const collection = params.get('collection') ?? '';
  const collections = useLoad(() => collectionsApi.list(), []);
  const { result, error, busy, again } = useSearch(query, collection);

  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const next = new URLSearchParams({ q: String(form.get('q') ?? '').trim() });
    const chosen = String(form.get('collection') ?? '');
    if (chosen !== '') next.set('collection', chosen);
    navigate(`/search?${next}`);
  };

  return (
    <Page title={ja.search.title} lead={ja.search.lead}>
      <form className="search-form" role="search" onSubmit={submit} key={`${query} ${collection}`}>
        <TextField label={ja.search.field} name="q" type="search" defaultValue={query} />
        {/* Begun anew when the list comes, so that the chosen one is found in it; the words typed meanwhile stay. */}
        <SelectField key={collections.data ? 'listed' : 'awaited'} label={ja.search.scope} name="collection" defaultValue={collection}>
          <option value="">{ja.search.all}</option>
          {(collections.data ?? []).map((item) => (
            <option key={item.id} value={item.id}>
              {item.name}
            </option>
          ))}
        </SelectField>
        <Button type="submit" kind="solid" icon="search">
          {ja.search.submit}
        </Button>
      </form>
      {error !== null && <ErrorNotice error={error} onRetry={again} />}
      {busy && <Spinner />}
      <p role="status" className="search-count">
        {result && !busy ? ja.search.results(result.hits.length, formatNumber(Math.max(1, Math.round(result.ms)))) : ''}
      </p>
      {result?.hits.length === 0 && !busy && <p className="empty">{ja.search.empty}</p>}
      {result && (
        <ol className="hits">
          {result.hits.map((hit) => (
            <Hit key={`${hit.document_id}:${hit.chunk_id}`} hit={hit} />
          ))}
        </ol>
      )}
    </Page>
  );
}

function Hit({ hit }: { hit: SearchHit }) {
  const page = hit.page === null ? '' : `&page=${hit.page}`;
  return (
    <li className="hit">
      <h2>
        <Link href={`/documents/${hit.document_id}?start=${hit.start}&end=${hit.end}${page}`}>{hit.document}</Link>
      </h2>
      <div className="meta">
        {hit.section && <span>{hit.section}</span>}
        {hit.page !== null && <span>{ja.chat.page(hit.page)}</span>}
        <LabelBadge label={hit.label} />
      </div>
      <p className="hit-text">
        {markPieces(hit.text, hit.marks).map((piece, n) => (piece.marked ? <mark key={n}>{piece.text}</mark> : piece.text))}
      </p>
    </li>
  );
}

function useSearch(query: string, collection: string) {
  const [result, setResult] = useState<SearchResult | null>(null);
  const [error, setError] = useState<unknown>(null);
  const [busy, setBusy] = useState(false);
  const [turn, setTurn] = useState(0);
  useEffect(() => {
    setError(null);
    if (query === '') {
      setResult(null);
      return;
    }
    const controller = new AbortController();
    setBusy(true);
    search(query, collection === '' ? [] : [collection], controller.signal)
      .then((found) => {
        setResult(found);
        setBusy(false);
      })
      .catch((problem: unknown) => {
        if (isAbort(problem)) return;
        setError(problem);
        setBusy(false);
      });
    return () => controller.abort();
  }, [query, collection, turn]);
  return { result, error, busy, again: () => setTurn(turn + 1) };
}
