/** `audit tail`, `audit export`, `audit verify`. */
export const audit = {
  tail: {
    help: {
      usage: 'audit tail [--follow] [--rows N]',
      summary: 'The last calls; with --follow also those to come.',
    },
    nothingToFollow: 'No core is running, so nothing more will come.',
  },
  export: {
    help: {
      usage: 'audit export --format jsonl|csv',
      summary: 'Write every recorded call to standard output.',
    },
  },
  verify: {
    help: {
      usage: 'audit verify',
      summary: 'Check that the record is whole: exit 1 edited, 3 missing, 4 reordered, 5 truncated.',
    },
  },
};
