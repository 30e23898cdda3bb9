import { systemReason } from '../../base/system-reason.ts';
import type { Files } from '../../ports.ts';

const HEAD = 256;
/** Instruction sets by their number in the head of a Linux program (ELF, e_machine). */
const ELF: Readonly<Record<number, string>> = {
  3: 'ia32',
  40: 'arm',
  62: 'x64',
  183: 'arm64',
  243: 'riscv64',
};

/** Why the system did not start a program that is there and may be run; a sentence for people. */
export async function whyNotStarted(
  error: NodeJS.ErrnoException,
  file: string,
  platform: NodeJS.Platform,
  files: Pick<Files, 'open'>,
): Promise<string> {
  switch (error.code) {
    case 'ENOENT':
      return missing(await headOf(file, files));
    case 'EACCES':
      return 'the system does not permit it to run.';
    case 'ENOEXEC':
    case 'UNKNOWN':
      return foreign(await headOf(file, files), platform);
    case 'E2BIG':
      return 'its arguments and variables are too long.';
    case 'EAGAIN':
    case 'EMFILE':
    case 'ENFILE':
      return 'too many programs or files are open on this machine.';
    default:
      // macOS has a number for programs of another processor that Node has no name for.
      return error.errno === -86 ? foreign(await headOf(file, files), platform) : systemReason(error);
  }
}

function missing(head: Buffer): string {
  const interpreter = /^#!\s*(\S+)/.exec(head.toString('latin1'))?.[1];
  return interpreter === undefined
    ? 'a part of the system it was built for is missing here (its loader). Install a build of it for this system.'
    : `the interpreter ${interpreter}, named in its first line, does not exist.`;
}

function foreign(head: Buffer, platform: NodeJS.Platform): string {
  return (
    mismatch(head, platform) ??
    'it is not a program for this machine. A script needs a first line such as #!/bin/sh.'
  );
}

/**
 * Where a program was built for another system or processor, a sentence about that. Such a program may still run
 * (Rosetta, an emulator), so it only explains why one did not: a system may hand it to a shell instead of refusing it.
 */
export async function foreignNote(
  file: string,
  platform: NodeJS.Platform,
  files: Pick<Files, 'open'>,
): Promise<string | undefined> {
  const why = mismatch(await headOf(file, files), platform);
  return why && `${file} cannot run here: ${why}`;
}

function mismatch(head: Buffer, platform: NodeJS.Platform): string | undefined {
  const built = builtFor(head);
  if (built === undefined) return undefined;
  const [system, processor] = built;
  const here = platform === 'darwin' ? 'macOS' : platform === 'win32' ? 'Windows' : 'Linux';
  if (system === here && (processor === undefined || processor === process.arch)) return undefined;
  const there = processor === undefined ? system : `${system} (${processor})`;
  return `it is a program for ${there}, and this machine is ${here} (${process.arch}). Install the build for this machine.`;
}

/** The system, and where its head tells, the processor a program was built for. */
function builtFor(head: Buffer): [system: string, processor?: string] | undefined {
  if (head.length < 20) return undefined;
  if (head.subarray(0, 4).equals(Buffer.from('\x7fELF', 'latin1'))) {
    const machine = head[5] === 2 ? head.readUInt16BE(18) : head.readUInt16LE(18);
    return ['Linux', ELF[machine] ?? `processor ${machine}`];
  }
  const magic = head.readUInt32BE(0);
  if (magic === 0xcffaedfe || magic === 0xcefaedfe) {
    const processor = head.readUInt32LE(4);
    return processor === 0x0100000c
      ? ['macOS', 'arm64']
      : ['macOS', processor === 0x01000007 ? 'x64' : 'another processor'];
  }
  // Java's class files begin with the same four bytes as a Mac program for several processors; neither says which.
  if (magic === 0xcafebabe) return ['macOS'];
  return head.toString('latin1', 0, 2) === 'MZ' ? ['Windows'] : undefined;
}

/** Empty when the file cannot be read: what the system said is reported all the same. */
async function headOf(file: string, files: Pick<Files, 'open'>): Promise<Buffer> {
  try {
    const handle = await files.open(file, 'r');
    try {
      const { buffer, bytesRead } = await handle.read(Buffer.alloc(HEAD), 0, HEAD, 0);
      return buffer.subarray(0, bytesRead);
    } finally {
      await handle.close();
    }
  } catch {
    return Buffer.alloc(0);
  }
}
