import type { Machine } from '../../core/ports.ts';
import type { Program } from '../launcher/launcher-text.ts';
import type { Role } from './control-server.ts';

/**
 * What the shell and the core's process send each other outside the contract: start and stop, and which port serves
 * which role. The contract itself travels over those ports.
 */
export type ToCore =
  /** With the control port for the key store in `ports[0]` where there is one. */
  | {
      type: 'start';
      dataDir: string;
      bridge: Machine['bridge'];
      /** What starts the app again. */
      app?: Program;
      /** The app can be a login item of the system (`login-item`). */
      hasLoginItem?: boolean;
    }
  /** With the port to serve in `ports[0]`. Ports that come before the core runs wait for it. */
  | { type: 'port'; role: Role }
  | { type: 'stop' }
  /** Answers `login-item`: whether the app starts at login now, or why that is not known. */
  | { type: 'login-item'; id: number; on: boolean; error?: string };

export type FromCore =
  /** `own` is false when another process runs the core of this data folder and this one only carries messages. */
  | { type: 'running'; gateway: string; pid: number; own: boolean }
  | { type: 'failed'; message: string }
  /** Asked to stop through the contract: the process ends by itself, and the app is to end, too. */
  | { type: 'stopping' }
  /** Asks whether the app is a login item of the system; `set` makes it one, or none any more, first. */
  | { type: 'login-item'; id: number; set: boolean | null };

/** Over the control port: the core asks, the shell answers with the operating system's key store. */
export type KeyRequest = { id: number; op: 'wrap' | 'unwrap'; bytes: Uint8Array };
export type KeyAnswer = { id: number; bytes: Uint8Array } | { id: number; error: string };
