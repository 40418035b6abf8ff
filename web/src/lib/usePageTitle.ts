import { useEffect } from 'react';
import { ja } from '../messages/ja';

export function usePageTitle(title: string): void {
  useEffect(() => {
    document.title = `${title}｜${ja.product}`;
  }, [title]);
}
