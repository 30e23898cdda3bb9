import { Component, type ReactNode } from 'react';
import { en } from '../../shared/text/en.ts';
import { Button } from '../ui/button.tsx';
import { Untrusted } from '../ui/untrusted.tsx';

/** What is shown when a component throws: what it said, and a way on. React reports the error to the console itself. */
export class ErrorBoundary extends Component<{ children: ReactNode }, { error: Error | null }> {
  override state: { error: Error | null } = { error: null };

  static getDerivedStateFromError(error: Error): { error: Error } {
    return { error };
  }

  override render(): ReactNode {
    const { error } = this.state;
    if (!error) return this.props.children;
    return (
      <main
        role="alert"
        className="mx-auto flex h-full max-w-[64ch] flex-col items-start justify-center px-6"
      >
        <h1 className="font-semibold text-title">{en.app.crashed.title}</h1>
        <p className="mt-2 text-muted">
          <Untrusted text={error.message} />
        </p>
        <Button look="primary" className="mt-4" onClick={() => window.location.reload()}>
          {en.app.crashed.action}
        </Button>
      </main>
    );
  }
}
