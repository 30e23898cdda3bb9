import { ArrowDownToLine, ArrowUpFromLine, Clock3, Search } from 'lucide-react';
import type { ModeName } from '../../shared/schemas/common.ts';
import { en } from '../../shared/text/en.ts';
import { useCore, useNow } from '../client/hooks.ts';
import { PausedWords, Resume } from '../features/shared/paused.tsx';
import { useSetMode } from '../features/shared/use-set-mode.ts';
import type { Tone } from '../ui/badge.tsx';
import { Status } from '../ui/badge.tsx';
import { Button } from '../ui/button.tsx';
import { countdown } from '../ui/format.ts';
import { MOD } from '../ui/keys.ts';

const t = en.app.mode;
export const MODE_TONE: Record<ModeName, Tone> = {
  enforce: 'good',
  observe: 'info',
  raised: 'bad',
  bypass: 'warn',
};

/** What is in force right now, in words, and the two quick ways to change it. */
export function StateLine({ onPalette }: { onPalette(): void }) {
  const mode = useCore((state) => state.mode);
  const servers = useCore((state) => state.servers);
  const observed = servers.filter((server) => server.effectiveMode === 'observe').length;
  const isPartly = mode.mode === 'enforce' && (observed > 0 || servers.length === 0);
  const isNothing = isPartly && observed === servers.length;
  const now = useNow(mode.until === null ? null : 1000);
  const setMode = useSetMode();
  return (
    <header className="flex min-h-12 shrink-0 items-center gap-2 border-line border-b px-6">
      <p className="mr-auto flex min-w-0 items-center gap-3">
        <span className="font-medium">
          <Status tone={isNothing ? 'info' : MODE_TONE[mode.mode]}>
            {servers.length === 0 && isPartly ? t.ready : t.title(isNothing ? 'observe' : mode.mode)}
          </Status>
        </span>
        {mode.until !== null && (
          <span className="whitespace-nowrap text-warn">{t.ends(countdown(mode.until - now))}</span>
        )}
        <span className="truncate text-muted max-[940px]:hidden">
          {isPartly ? t.partly(observed, servers.length) : t.detail(mode)}
        </span>
      </p>
      <Paused />
      <Button
        look="quiet"
        icon={Search}
        onClick={onPalette}
        aria-label={en.app.palette.open}
        title={en.app.palette.open}
      >
        <kbd className="font-sans text-small max-[820px]:hidden">{MOD}K</kbd>
      </Button>
      {mode.mode === 'bypass' ? (
        <Button icon={Clock3} onClick={() => void setMode(null, t.bypassEnded)}>
          {t.endBypass}
        </Button>
      ) : (
        mode.mode !== 'raised' && (
          <Button look="quiet" icon={Clock3} onClick={() => void setMode('bypass', t.bypassed)}>
            {t.bypass}
          </Button>
        )
      )}
      {mode.mode === 'raised' ? (
        <Button look="primary" icon={ArrowDownToLine} onClick={() => void setMode(null, t.lowered)}>
          {t.lower}
        </Button>
      ) : (
        <Button icon={ArrowUpFromLine} onClick={() => void setMode('raised', t.raised)}>
          {t.raise}
        </Button>
      )}
    </header>
  );
}

/** One paused client with its way back; several are counted, and resumed where they are listed. */
function Paused() {
  const paused = useCore((state) => state.paused);
  const [first] = paused;
  if (!first) return null;
  return (
    <span className="flex shrink-0 items-center gap-2">
      {paused.length === 1 ? (
        <>
          <PausedWords paused={first} />
          <Resume paused={first} />
        </>
      ) : (
        <span className="font-medium text-warn">{en.approvals.pause.lines(paused.length)}</span>
      )}
    </span>
  );
}
