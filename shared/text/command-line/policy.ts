/** `policy …` and `classify`. */
export const policy = {
  get: { help: { usage: 'policy get SERVER', summary: 'Print the policy document of a server.' } },
  set: {
    help: {
      usage: 'policy set SERVER FILE',
      summary: 'Put a policy document in force (FILE may be - for standard input).',
    },
    inForce: (server: string, version: string): string => `In force for ${server}: version ${version}.`,
  },
  copy: {
    help: {
      usage: 'policy copy FROM TO',
      summary: 'Put the policy document of one server in force for another one as well.',
    },
    done: (from: string, to: string): string => `The policy of ${from} is in force for ${to}, too.`,
  },
  check: {
    help: {
      usage: 'policy check FILE [--server NAME]',
      summary: 'Check a policy document and say in sentences what it does.',
    },
    problem: (path: string, message: string, suggestion: string | null): string =>
      `${path || '/'}: ${message}${suggestion ? ` (${suggestion})` : ''}`,
    warning: (path: string, message: string): string => `${path || '/'}: note: ${message}`,
  },
  import: {
    help: {
      usage: 'policy import FILE [--server NAME]',
      summary: 'Read a policy of the open-source YAML form into a document, and report what differs.',
    },
    change: (path: string, message: string): string => `${path || '/'}: ${message}`,
  },
  simulate: {
    help: {
      usage: 'policy simulate SERVER FILE [--calls N]',
      summary: 'Try a policy document on the last recorded calls. Nothing is changed.',
    },
    change: (before: string, after: string, unclear: boolean): string =>
      `${before} -> ${after}${unclear ? '?' : ''}`,
  },
  recommend: {
    help: {
      usage: 'policy recommend SERVER [--strict]',
      summary: 'Print the recommended policy for the tools a server lists. Nothing is changed.',
    },
  },
  classify: {
    help: {
      usage: 'classify FILE',
      summary: 'Classify a JSON list of tool definitions by risk, one line of JSON each.',
    },
    notJson: (file: string, why: string): string => `${file} is not JSON: ${why}`,
    giveList: 'Give a JSON list of tool definitions, or the result of tools/list.',
  },
  unreadable: (why: string): string => `The policy cannot be read: ${why}.`,
  orPipe: 'Give the path of a file, or - to read standard input.',
};
