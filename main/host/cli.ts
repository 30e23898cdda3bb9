#!/usr/bin/env node
import { keepCompiled } from './cli/compile-cache.ts';

// Before anything else is loaded, so that everything else comes from it.
keepCompiled(process.argv.slice(2));
const { main } = await import('./cli/main.ts');
// A command has closed what it opened and its output is read; what may still tick (a lingering socket) must not keep the
// prompt waiting.
process.exit(await main(process.argv.slice(2)));
