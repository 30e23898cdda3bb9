import type { ModeName } from '../../schemas/common.ts';
import { gatewayPort } from '../core/gateway-port.ts';

const MODE: Record<ModeName, string> = {
  enforce: 'enforce: policy decides about every call',
  observe: 'observe: every call runs; what policy would have done is recorded',
  raised: 'raised: every call is refused',
  bypass: 'bypass: every call runs',
};

/** `serve`, `mode`, `doctor`, `bridge`. */
export const core = {
  serve: {
    help: {
      usage: 'serve [--port N] [--ui-port N] [--no-open]',
      summary: 'Run the gateway and its interface without the desktop app.',
    },
    running: 'Drawbridge is running.',
    runsAlready: (pid: number): string => `Drawbridge runs already (process ${pid}).`,
    gateway: (url: string): string => `Gateway:   ${url}`,
    interface: (url: string | null): string => `Interface: ${url ?? 'in the Drawbridge app'}`,
    moved: (from: number, to: number): string => `${gatewayPort.moved(from, to)} ${gatewayPort.movedFix}`,
    stop: 'Stop it with Ctrl-C.',
    noBrowser: 'No browser could be opened; open the address above yourself.',
  },
  mode: {
    help: {
      usage: 'mode [enforce|observe|raised|bypass] [--server NAME] [--minutes N]',
      summary:
        'Show or set whether policy is enforced, only observed, everything refused, or everything let through for a while.',
    },
    is: (mode: ModeName, until: string | null): string =>
      `${MODE[mode]}${until === null ? '' : ` until ${until}`}`,
  },
  doctor: {
    help: {
      usage: 'doctor',
      summary: 'Check the data folder, gateway, key store, audit, servers and clients.',
    },
    finding: (detail: string, fix: string | null): string =>
      fix ? `${detail.replace(/\.$/, '')}. ${fix}` : detail,
  },
  bridge: {
    help: {
      usage: 'bridge SERVER|--all',
      summary:
        'Speak MCP on stdin and stdout for a client that cannot reach a URL (token in DRAWBRIDGE_TOKEN).',
    },
  },
};
