import type { State } from '../../shared/schemas/state.ts';
import { en } from '../../shared/text/en.ts';
import { visibleText } from '../../shared/text/untrusted.ts';
import type { useSetMode } from '../features/shared/use-set-mode.ts';
import { waitingCalls } from '../features/shared/waiting.ts';
import { setTheme, THEMES } from '../ui/theme.ts';
import { APPROVALS_KEY, keysTo, PAGES } from './pages.tsx';

export interface Command {
  readonly id: string;
  readonly label: string;
  readonly keys?: string;
  run(): void;
}
export interface CommandTargets {
  navigate(path: string): void;
  setMode: ReturnType<typeof useSetMode>;
  scan(): void;
  showApprovals(): void;
}

/** Everything the palette offers for a state, in the order it shows without a search. */
export function paletteCommands(state: State, to: CommandTargets): Command[] {
  const { palette: t, mode } = en.app;
  const waiting = waitingCalls(state);
  const isRaised = state.mode.mode === 'raised';
  const isBypass = state.mode.mode === 'bypass';
  return [
    ...(waiting > 0
      ? [
          {
            id: 'approvals',
            label: t.showApprovals(waiting),
            keys: keysTo(APPROVALS_KEY),
            run: to.showApprovals,
          },
        ]
      : []),
    ...state.servers
      .filter(({ blockedTools }) => blockedTools > 0)
      .map(({ name, blockedTools }) => ({
        id: `review:${name}`,
        label: t.review(blockedTools, visibleText(name)),
        run: () => to.navigate(`/servers/${encodeURIComponent(name)}/review`),
      })),
    ...PAGES.map(({ path, label, key }) => ({
      id: `go:${path}`,
      label: t.go(label),
      keys: keysTo(key),
      run: () => to.navigate(path),
    })),
    isRaised
      ? { id: 'lower', label: mode.lower, run: () => void to.setMode(null, mode.lowered) }
      : { id: 'raise', label: mode.raise, run: () => void to.setMode('raised', mode.raised) },
    isBypass
      ? { id: 'bypass-end', label: mode.endBypass, run: () => void to.setMode(null, mode.bypassEnded) }
      : { id: 'bypass', label: mode.bypass, run: () => void to.setMode('bypass', mode.bypassed) },
    { id: 'add-server', label: t.addServer, run: () => to.navigate('/add-server') },
    { id: 'scan', label: t.scan, run: to.scan },
    ...THEMES.map((theme) => ({
      id: `theme:${theme}`,
      label: t.theme(en.app.themes[theme].toLowerCase()),
      run: () => setTheme(theme),
    })),
    ...state.servers.map(({ name }) => ({
      id: `server:${name}`,
      label: t.server(visibleText(name)),
      run: () => to.navigate(`/servers/${encodeURIComponent(name)}`),
    })),
    ...state.clients
      .filter(({ installed }) => installed)
      .map(({ id, name }) => ({
        id: `client:${id}`,
        label: t.client(visibleText(name)),
        run: () => to.navigate('/clients'),
      })),
  ];
}

/** Keeps the commands that hold every word; those that begin with the text come first. */
export function searchCommands(commands: Command[], text: string): Command[] {
  const wanted = text.trim().toLowerCase();
  if (!wanted) return commands;
  const words = wanted.split(/\s+/);
  return commands
    .filter(({ label }) => words.every((word) => label.toLowerCase().includes(word)))
    .sort(
      (a, b) =>
        Number(b.label.toLowerCase().startsWith(wanted)) - Number(a.label.toLowerCase().startsWith(wanted)),
    );
}
