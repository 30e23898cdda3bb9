import { type ChildProcess, spawn, spawnSync } from 'node:child_process';

/** Reads lines of base64 from its input; writes for each what json.loads of the bytes, and of the text's lines, makes of it. */
const PROGRAM = `
import base64, io, json, sys

def plain(x):
    if isinstance(x, bool) or x is None: return x
    if isinstance(x, (int, float)): return {"n": repr(float(x))}
    if isinstance(x, list): return [plain(i) for i in x]
    if isinstance(x, dict): return {"o": [[k, plain(v)] for k, v in x.items()]}
    return x

def view(m):
    if not isinstance(m, dict): return {"kind": "response"}
    v = {"kind": ("request" if "id" in m else "notification") if "method" in m else "response"}
    if "method" in m: v["method"] = m["method"]
    if "id" in m: v["id"] = plain(m["id"])
    if m.get("method") == "tools/call":
        p = m.get("params")
        v["name"] = p.get("name") if isinstance(p, dict) else None
        v["args"] = plain(p.get("arguments", {})) if isinstance(p, dict) else plain({})
    return v

def views(data):
    d = json.loads(data)
    return [view(m) for m in d] if isinstance(d, list) else [view(d)]

for line in sys.stdin:
    kind, encoded = line.split(" ", 1)
    data = base64.b64decode(encoded)
    try:
        if kind == "body": found = views(data)
        else:
            text = io.TextIOWrapper(io.BytesIO(data), encoding="utf-8")
            found = [v for each in text if each.strip() for v in views(each)]
    except Exception as error:
        found = {"error": repr(error)}
    sys.stdout.write(json.dumps(found) + "\\n")
    sys.stdout.flush()
`;

export interface PythonView {
  readonly kind: string;
  readonly method?: unknown;
  readonly id?: unknown;
  readonly name?: unknown;
  readonly args?: unknown;
}
export type PythonSeen = readonly PythonView[] | { readonly error: string };

/** Why Python cannot be asked here; undefined when it can. */
export function pythonIsAbsent(): string | undefined {
  const tried = spawnSync('python3', ['-c', 'import json; print(json.loads("1"))'], { encoding: 'utf8' });
  if (tried.error) return `python3 could not be started (${tried.error.message})`;
  return tried.stdout.trim() === '1' ? undefined : `python3 failed: ${tried.stderr.slice(0, 200)}`;
}

/** Python's own json module as a reader, in a process of its own. */
export class PythonReader {
  readonly #child: ChildProcess;
  #waiting: ((line: string) => void)[] = [];
  #rest = '';

  constructor() {
    this.#child = spawn('python3', ['-c', PROGRAM], { stdio: ['pipe', 'pipe', 'inherit'] });
    this.#child.stdout?.setEncoding('utf8').on('data', (part: string) => {
      const lines = (this.#rest + part).split('\n');
      this.#rest = lines.pop() ?? '';
      for (const line of lines) this.#waiting.shift()?.(line);
    });
  }

  /** What it takes from one body, or from what comes over its standard input. */
  async read(bytes: Buffer, as: 'body' | 'lines'): Promise<PythonSeen> {
    const line = await new Promise<string>((resolve) => {
      this.#waiting.push(resolve);
      this.#child.stdin?.write(`${as} ${bytes.toString('base64')}\n`);
    });
    return JSON.parse(line) as PythonSeen;
  }

  stop(): Promise<void> {
    const gone = new Promise<void>((done) => this.#child.once('close', () => done()));
    this.#child.stdin?.end();
    return gone;
  }
}
