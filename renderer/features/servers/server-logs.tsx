import { RefreshCw, ScrollText } from 'lucide-react';
import { en } from '../../../shared/text/en.ts';
import { useCore, useLoad, useNow } from '../../client/hooks.ts';
import { Button } from '../../ui/button.tsx';
import { clockTime } from '../../ui/format.ts';
import { Empty, Failure, Loading } from '../../ui/page.tsx';
import { Cell } from '../../ui/table-parts.tsx';
import { Untrusted } from '../../ui/untrusted.tsx';
import { VirtualTable } from '../../ui/virtual-table.tsx';

const t = en.servers.logs;
const COLUMNS = 'grid-cols-[76px_52px_minmax(0,1fr)]';

/** What the server wrote to stderr, what on stdout was no message, and when it came and went. Read again when its status changes. */
export function ServerLogs({ name }: { name: string }) {
  const status = useCore((state) => state.servers.find((server) => server.name === name)?.status);
  const logs = useLoad('servers.logs', { name }, `${name} ${status}`);
  const now = useNow(60_000);
  if (logs.error)
    return (
      <div className="px-6">
        <Failure error={logs.error} retry={logs.reload} />
      </div>
    );
  if (!logs.data)
    return (
      <div className="px-6">
        <Loading />
      </div>
    );
  const reload = (
    <Button icon={RefreshCw} onClick={logs.reload}>
      {t.reload}
    </Button>
  );
  if (logs.data.length === 0)
    return <Empty icon={ScrollText} title={t.empty.title} detail={t.empty.detail} action={reload} />;
  const lines = logs.data.map((line, index) => ({ ...line, index }));
  return (
    <>
      <div className="flex shrink-0 justify-end px-6 py-2">{reload}</div>
      <VirtualTable
        label={t.label(name)}
        columns={COLUMNS}
        rowHeight={22}
        dense
        items={lines}
        keyOf={({ index }) => String(index)}
        header={null}
        empty={null}
        row={(line) => (
          <>
            <Cell className="text-muted text-small leading-[22px]">{clockTime(line.at, now)}</Cell>
            <Cell className="text-muted text-small leading-[22px]">{t.stream[line.stream]}</Cell>
            <Cell className="min-w-0 whitespace-pre-wrap font-mono text-small leading-[22px]">
              <Untrusted text={line.line} />
            </Cell>
          </>
        )}
      />
    </>
  );
}
