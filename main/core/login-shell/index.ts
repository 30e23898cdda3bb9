export { createLoginShell } from './login-shell.ts';
export type { LoginShell, ShellPorts, ShellState } from './types.ts';
