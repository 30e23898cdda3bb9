import { Toast } from '@base-ui/react/toast';
import { CircleAlert, CircleCheck, X } from 'lucide-react';
import { useCallback } from 'react';
import { en } from '../../shared/text/en.ts';
import { asRpcError } from '../client/hooks.ts';
import { IconButton } from './button.tsx';
import { Untrusted } from './untrusted.tsx';

export const toasts = Toast.createToastManager();

export function tell(title: string): void {
  toasts.add({ title, type: 'done' });
}

/** Shows an error with its message and what to do about it. A cancelled call is no news. */
export function tellError(thrown: unknown): void {
  const error = asRpcError(thrown);
  if (error.code === 'cancelled') return;
  toasts.add({
    id: `error:${error.message}`,
    title: error.message,
    ...(error.fix ? { description: error.fix } : {}),
    type: 'error',
    priority: 'high',
    timeout: 12_000,
  });
}

/** Runs an action of the person, says how it went, and gives undefined when it failed. */
export function useAction(): <T>(
  run: () => Promise<T>,
  done?: string | ((result: T) => string),
) => Promise<T | undefined> {
  return useCallback(async (run, done) => {
    try {
      const result = await run();
      if (done !== undefined) tell(typeof done === 'string' ? done : done(result));
      return result;
    } catch (error) {
      tellError(error);
      return undefined;
    }
  }, []);
}

/** In the manager they stand where they never cover a prompt's buttons. */
export function Toasts() {
  return (
    <Toast.Portal>
      <Toast.Viewport className="fixed bottom-4 left-56 z-60 flex w-90 max-w-[calc(100vw-32px)] flex-col gap-2">
        <ToastList />
      </Toast.Viewport>
    </Toast.Portal>
  );
}

/** In the prompt's own window they are part of the page, and cover nothing. */
export function ToastsInFlow() {
  return (
    <Toast.Viewport className="flex shrink-0 flex-col gap-2 not-empty:pb-4">
      <ToastList />
    </Toast.Viewport>
  );
}

function ToastList() {
  const { toasts: list } = Toast.useToastManager();
  return list.map((toast) => (
    <Toast.Root key={toast.id} toast={toast} className="pop slide">
      <Toast.Content className="flex items-start gap-2.5 py-2.5 pr-1.5 pl-3">
        {toast.type === 'error' ? (
          <CircleAlert size={16} strokeWidth={1.75} aria-hidden="true" className="mt-0.5 shrink-0 text-bad" />
        ) : (
          <CircleCheck
            size={16}
            strokeWidth={1.75}
            aria-hidden="true"
            className="mt-0.5 shrink-0 text-good"
          />
        )}
        <div className="min-w-0 grow">
          <Toast.Title render={<p />}>
            <Untrusted text={String(toast.title)} />
          </Toast.Title>
          {toast.description && (
            <Toast.Description className="text-muted">
              <Untrusted text={String(toast.description)} />
            </Toast.Description>
          )}
        </div>
        <Toast.Close render={<IconButton icon={X} label={en.app.dismiss} className="-my-1" />} />
      </Toast.Content>
    </Toast.Root>
  ));
}
