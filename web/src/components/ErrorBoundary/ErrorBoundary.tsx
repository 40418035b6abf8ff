// A broken screen says so and offers to load again (for example when the program was updated while the page was open).
import { Component, type ReactNode } from 'react';
import { ja } from '../../messages/ja';
import { Button } from '../Button/Button';
import { Notice } from '../Notice/Notice';

export class ErrorBoundary extends Component<{ children: ReactNode }, { broken: boolean }> {
  override state = { broken: false };

  static getDerivedStateFromError() {
    return { broken: true };
  }

  override render() {
    if (!this.state.broken) return this.props.children;
    return (
      <div className="page">
        <Notice tone="error" role="alert">
          <p>{ja.crashed}</p>
          <Button size="small" icon="again" onClick={() => location.reload()}>
            {ja.reload}
          </Button>
        </Notice>
      </div>
    );
  }
}
