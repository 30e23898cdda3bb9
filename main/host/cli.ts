#!/usr/bin/env node
import { main } from './cli/main.ts';

// A command has closed what it opened and its output is read; what may still tick (a lingering socket) must not keep the
// prompt waiting.
process.exit(await main(process.argv.slice(2)));
