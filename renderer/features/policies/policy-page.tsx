import { ArrowLeft, ScrollText } from 'lucide-react';
import { Link } from 'wouter';
import { en } from '../../../shared/text/en.ts';
import { useCore } from '../../client/hooks.ts';
import { Status } from '../../ui/badge.tsx';
import { Empty, Page } from '../../ui/page.tsx';
import { Untrusted } from '../../ui/untrusted.tsx';
import { serverRules } from '../shared/server-rules.ts';
import { PolicyWorkbench } from './editor/policy-workbench.tsx';

const t = en.policies;

export function PolicyPage({ name }: { name: string }) {
  const server = useCore((state) => state.servers.find((each) => each.name === name));
  if (!server)
    return (
      <Page title={<Untrusted text={name} />} above={<Back />}>
        <Empty icon={ScrollText} title={t.missing(name)} />
      </Page>
    );
  const rules = serverRules(server);
  return (
    <Page
      above={<Back />}
      title={<Untrusted text={server.name} />}
      note={<Status tone={rules.tone}>{rules.text}</Status>}
      actions={
        <Link
          href={`/servers/${encodeURIComponent(server.name)}`}
          className="text-muted underline-offset-2 hover:text-text hover:underline"
        >
          {t.toServer}
        </Link>
      }
    >
      <PolicyWorkbench key={server.name} server={server} />
    </Page>
  );
}

function Back() {
  return (
    <Link href="/policies" className="inline-flex items-center gap-1 text-muted text-small hover:text-text">
      <ArrowLeft size={12} aria-hidden="true" />
      {t.back}
    </Link>
  );
}
