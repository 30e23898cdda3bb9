import { text } from 'node:stream/consumers';
import type { Contract } from '../../../../shared/contract.ts';
import type { RpcClient } from '../../../../shared/rpc/client.ts';
import { RpcError } from '../../../../shared/rpc/frames.ts';
import { type HttpConfig, SignInException, type SignInView } from '../../../../shared/schemas/server.ts';
import { commandLine } from '../../../../shared/text/command-line.ts';
import { systemClock } from '../../node/node-ports.ts';
import { type Command, type CommandContext, stringOption, UsageError } from '../command.ts';
import { plain } from '../table.ts';

const t = commandLine.servers;

/** How long a new server may take to show whether it wants a sign-in. */
const LOOK_MS = 3000;

export const signInCommands: Record<string, Command> = {
  'servers sign-in': {
    ...t.signIn.help,
    words: [1, 1],
    options: {
      'client-id': { type: 'string' },
      'client-secret-stdin': { type: 'boolean' },
      allow: { type: 'string', multiple: true },
    },
    run: signIn,
  },
  'servers sign-out': {
    ...t.signOut.help,
    words: [1, 1],
    async run(context) {
      const name = context.words[0] as string;
      await (await context.core()).call('servers.signOut', { name });
      context.print({ name, signedIn: false }, () => t.signOut.done(name));
      return 0;
    },
  },
};

async function signIn(context: CommandContext): Promise<number> {
  const name = context.words[0] as string;
  const id = stringOption(context, 'client-id');
  const wantsSecret = context.options['client-secret-stdin'] === true;
  if (wantsSecret && id === undefined) throw new UsageError('--client-secret-stdin goes with --client-id');
  // Never an argument: every program on the machine can read those.
  const secret = wantsSecret ? (await text(process.stdin)).trim() : undefined;
  const client = id === undefined ? {} : { client: { id, ...(secret ? { secret } : {}) } };
  const core = await context.core();
  const { url } = await begin(core, { name, ...client, ...exceptions(context) });
  const giveUp = (): void => void core.call('servers.cancelSignIn', { name }).catch(() => process.exit(1));
  process.once('SIGINT', giveUp);
  context.print({ name, url }, () => t.signIn.open(plain(url)));
  const done = await finished(core, name, url);
  process.off('SIGINT', giveUp);
  const signedIn = done?.state === 'signed-in' && done.text === null;
  const why = done?.text ?? t.signIn.givenUp;
  if (!signedIn) throw new RpcError('refused', why, t.signIn.again(name));
  context.print({ name, signedIn, issuer: done.issuer }, () => plain(t.signIn.done(name, done.issuer)));
  return 0;
}

function exceptions(context: CommandContext): { allows?: SignInException[] } {
  const given = (context.options.allow as string[] | undefined) ?? [];
  if (given.length === 0) return {};
  const read = given.filter((each) => each !== 'none').map((each) => SignInException.safeParse(each));
  const allows = read.flatMap(({ data }) => data ?? []);
  if (allows.length === read.length) return { allows };
  throw new UsageError(`--allow takes ${SignInException.options.join(', ')} or none`);
}

async function begin(
  core: RpcClient<Contract>,
  input: Parameters<typeof core.call<'servers.signIn'>>[1],
): Promise<{ url: string }> {
  try {
    return await core.call('servers.signIn', input);
  } catch (error) {
    if (!(error instanceof RpcError) || error.code !== 'needs_client') throw error;
    throw new RpcError('needs_client', error.message, t.signIn.withClient(error.fix ?? '', input.name));
  }
}

/** What is known of the sign-in when it no longer waits for this page. Null when the server is gone. */
function finished(core: RpcClient<Contract>, name: string, url: string): Promise<SignInView | null> {
  // Between the browser's last request and the event about it, nothing else keeps this process running.
  const awake = setInterval(() => {}, 60_000);
  const waiting = new Promise<SignInView | null>((resolve, reject) => {
    const close = core.open('state', (event) => {
      const servers = 'whole' in event ? event.whole.servers : event.slice.servers;
      if (!servers) return;
      const signIn = servers.find((server) => server.name === name)?.signIn ?? null;
      if (signIn?.state === 'waiting' && signIn.url === url) return;
      close();
      resolve(signIn);
    });
    core.closed.then(() => reject(new RpcError('disconnected', commandLine.common.connectionLost)));
  });
  return waiting.finally(() => clearInterval(awake));
}

/** Whether a server that was just added answers 401. False when it is not there yet, or does not answer soon. */
export async function wantsSignIn({ url, headers }: HttpConfig): Promise<boolean> {
  if (typeof url !== 'string') return false;
  // Through the machine's proxy and with the system's authorities, as the core itself reaches servers.
  const { boundedFetch } = await import('../../../core/upstream/auth/bounded-fetch.ts');
  const ask = boundedFetch(systemClock, process.env, () => {});
  const late = Promise.withResolvers<undefined>();
  const cancel = systemClock.after(LOOK_MS, () => late.resolve(undefined));
  try {
    const looking = ask(url, {
      method: 'POST',
      headers: {
        ...(headers as Record<string, string>),
        'Content-Type': 'application/json',
        Accept: 'application/json, text/event-stream',
      },
      body: '{"jsonrpc":"2.0","id":"drawbridge-look","method":"ping"}',
    });
    return (await Promise.race([looking, late.promise]))?.status === 401;
  } catch {
    // The server is added in any case; using it shows what is wrong.
    return false;
  } finally {
    cancel();
  }
}
