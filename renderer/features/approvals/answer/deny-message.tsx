import { useState } from 'react';
import { en } from '../../../../shared/text/en.ts';
import { Button } from '../../../ui/button.tsx';

const t = en.approvals;

/** Denies with a word to the agent. The keys of the prompt mean this form while it is open: none of them allows. */
export function DenyMessage(props: { busy: boolean; onDeny(message: string): void; onCancel(): void }) {
  const [message, setMessage] = useState('');
  return (
    <form
      className="flex flex-col gap-2"
      onSubmit={(event) => {
        event.preventDefault();
        props.onDeny(message.trim());
      }}
      onKeyDown={(event) => {
        if (event.key === 'Escape') {
          // Else the window would take it for "decide later".
          event.preventDefault();
          props.onCancel();
        } else if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) {
          event.preventDefault();
          event.currentTarget.requestSubmit();
        } else return;
        event.stopPropagation();
      }}
    >
      <label className="flex flex-col gap-1">
        <span className="text-muted">{t.message}</span>
        <textarea
          // biome-ignore lint/a11y/noAutofocus: the person has just asked for this field
          autoFocus
          rows={3}
          maxLength={2000}
          value={message}
          placeholder={t.messagePlaceholder}
          onChange={(event) => setMessage(event.target.value)}
          className="control h-auto resize-none py-1.5"
        />
      </label>
      <div className="flex justify-end gap-2">
        <Button onClick={props.onCancel}>{en.app.cancel}</Button>
        <Button look="primary" type="submit" busy={props.busy}>
          {t.messageSend}
        </Button>
      </div>
    </form>
  );
}
