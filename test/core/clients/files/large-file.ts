/** A file of Claude Code as it grows over a year: two servers, and what was said in thousands of projects. */
export function largeClaudeFile(bytes: number): string {
  const prompt = {
    display: 'Please look at the “tests” and say\nwhy they fail. '.repeat(7),
    pastedContents: {},
  };
  const projects: Record<string, unknown> = {};
  const one = JSON.stringify({ history: Array.from({ length: 40 }, () => prompt) }, null, 2).length + 3_000;
  for (let n = 0; n * one < bytes; n++)
    projects[`/home/ada/work/project-${n}`] = {
      allowedTools: ['Bash(git status:*)', 'WebFetch(domain:example.com)'],
      history: Array.from({ length: 40 }, () => prompt),
      mcpContextUris: [],
      mcpServers: {},
      hasTrustDialogAccepted: true,
      lastCost: 0.25 * n,
    };
  const file = {
    numStartups: 0,
    mcpServers: {
      one: { type: 'stdio', command: '/usr/bin/one', args: ['--all'], env: { ONE_KEY: 'canary-one' } },
      two: {
        type: 'http',
        url: 'https://two.example.com/mcp',
        headers: { Authorization: 'Bearer canary-two' },
      },
    },
    projects,
  };
  return `${JSON.stringify(file, null, 2)}\n`;
}
