import { useMemo } from 'react';
import { en } from '../../../../shared/text/en.ts';
import { visibleText } from '../../../../shared/text/untrusted.ts';
import { useCore } from '../../../client/hooks.ts';
import { Untrusted } from '../../../ui/untrusted.tsx';

const t = en.policies;

/** `For cursor: send_email is denied.`: what the core says of a rule for one client. */
const FOR_CLIENT = /^For ([^:]+): /;

/** What a policy says, sentence by sentence; what is said for one client only stands apart. */
export function PolicySentences(props: { sentences: readonly string[]; readable?: boolean }) {
  const clients = useCore((state) => state.clients);
  const groups = useMemo(() => {
    const found = new Map<string, string[]>([['', []]]);
    for (const sentence of props.sentences) {
      const id = FOR_CLIENT.exec(sentence)?.[1] ?? '';
      const text = id === '' ? sentence : sentence.replace(FOR_CLIENT, '');
      found.set(id, [...(found.get(id) ?? []), text]);
    }
    return [...found].filter(([, sentences]) => sentences.length > 0);
  }, [props.sentences]);
  return (
    <section aria-label={t.sentences} className="min-w-0">
      <h2 className="flex h-7 items-center font-medium text-muted">{t.sentences}</h2>
      {groups.length === 0 && (
        <p className="mt-2 text-muted">{props.readable === false ? t.unreadable : t.noSentences}</p>
      )}
      {groups.map(([id, sentences]) => (
        <div key={id}>
          {id !== '' && (
            <h3 className="mt-4 font-medium">
              {t.onlyFor(visibleText(clients.find((client) => client.id === id)?.name ?? id))}
            </h3>
          )}
          <ul className="mt-2 flex flex-col gap-2">
            {sentences.map((sentence, at) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: two rules may say the same, and they have no other name
              <li key={at} className="border-line-strong border-l-2 pl-3">
                <Untrusted text={sentence} />
              </li>
            ))}
          </ul>
        </div>
      ))}
    </section>
  );
}
