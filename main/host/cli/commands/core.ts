import { spawn } from 'node:child_process';
import { LONGEST_BYPASS_MINUTES } from '../../../../shared/limits.ts';
import { type Mode, ModeName } from '../../../../shared/schemas/common.ts';
import { commandLine } from '../../../../shared/text/command-line.ts';
import { stderrLog } from '../../node/log.ts';
import { type Command, numberOption, stringOption, UsageError } from '../command.ts';
import { bridgeProgram, outMainDir } from '../programs.ts';
import { plain, table } from '../table.ts';

const t = commandLine.core;

export const coreCommands: Record<string, Command> = {
  serve: {
    ...t.serve.help,
    words: [0, 0],
    options: { port: { type: 'string' }, 'ui-port': { type: 'string' }, 'no-open': { type: 'boolean' } },
    async run(context) {
      const port = numberOption(context, 'port', 0, 65535);
      const uiPort = numberOption(context, 'ui-port', 0, 65535);
      const { builtUiDir, runCore } = await import('../../run-core.ts');
      const stop = Promise.withResolvers<void>();
      const core = await runCore({
        dataDir: context.dataDir,
        host: 'headless',
        uiDir: builtUiDir(outMainDir()),
        machineBridge: bridgeProgram(),
        log: stderrLog(process.env.DRAWBRIDGE_LOG === 'debug' ? 'debug' : 'warn'),
        onStopRequest: () => stop.resolve(),
        ...(port === undefined ? {} : { gatewayPort: port }),
        ...(uiPort === undefined ? {} : { uiPort }),
      });
      context.print(core.info, () =>
        [
          core.own ? t.serve.running : t.serve.runsAlready(core.info.pid),
          t.serve.gateway(core.info.gateway),
          t.serve.interface(core.info.ui),
          ...(core.info.moved ? [t.serve.moved(core.info.moved.from, core.info.moved.to)] : []),
          ...(core.own ? [t.serve.stop] : []),
        ].join('\n'),
      );
      if (!context.options['no-open'] && process.stdout.isTTY && core.info.ui)
        openInBrowser(core.info.ui, () => context.output.tell(`${t.serve.noBrowser}\n`));
      if (!core.own) return 0;
      for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
        process.once(signal, () => stop.resolve());
      // The timers of the core do not keep the process alive; its listening sockets do.
      await stop.promise;
      await core.stop();
      return 0;
    },
  },
  mode: {
    ...t.mode.help,
    words: [0, 1],
    options: { server: { type: 'string' }, minutes: { type: 'string' } },
    async run(context) {
      const [word] = context.words;
      const core = await context.core();
      if (word === undefined) {
        const { mode } = await core.call('core.state', {});
        context.print(mode, () => modeText(mode));
        return 0;
      }
      const { data: mode } = ModeName.safeParse(word);
      if (!mode) throw new UsageError(`no such mode: ${word}`);
      const server = stringOption(context, 'server');
      const minutes = numberOption(context, 'minutes', 1, LONGEST_BYPASS_MINUTES);
      const result = await core.call('mode.set', {
        mode,
        ...(server === undefined ? {} : { server }),
        ...(minutes === undefined ? {} : { minutes }),
      });
      context.print(result, () => modeText(result));
      return 0;
    },
  },
  doctor: {
    ...t.doctor.help,
    words: [0, 0],
    async run(context) {
      const checks = await (await context.core()).call('doctor', {});
      context.print(checks, () =>
        table(
          checks.map((check) => [
            check.ok ? 'ok' : '!!',
            check.name,
            plain(t.doctor.finding(check.detail, check.fix)),
          ]),
          '',
        ),
      );
      return checks.every((check) => check.ok || check.name === 'gateway') ? 0 : 1;
    },
  },
  bridge: {
    ...t.bridge.help,
    words: [0, 1],
    options: { all: { type: 'boolean' } },
    async run(context) {
      const [server] = context.words;
      if ((server === undefined) !== (context.options.all === true))
        throw new UsageError('Name one server, or say --all for all of them joined in one.');
      const { runBridge } = await import('../../bridge.ts');
      return runBridge({
        server,
        dataDir: context.dataDir,
        token: process.env.DRAWBRIDGE_TOKEN,
        stdin: process.stdin,
        stdout: process.stdout,
        stderr: process.stderr,
        env: process.env,
      });
    },
  },
};

function modeText({ mode, until }: Mode): string {
  return t.mode.is(mode, until ? new Date(until).toLocaleTimeString() : null);
}

/** Opens a URL of our own with the system's opener, without a shell. */
function openInBrowser(url: string, failed: () => void): void {
  const [command, args] =
    process.platform === 'darwin'
      ? ['open', [url]]
      : process.platform === 'win32'
        ? ['rundll32', ['url.dll,FileProtocolHandler', url]]
        : ['xdg-open', [url]];
  const child = spawn(command as string, args as string[], { stdio: 'ignore', detached: true });
  child.on('error', failed);
  child.unref();
}
