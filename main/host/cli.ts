#!/usr/bin/env node
import { keepCompiled } from './cli/compile-cache.ts';

// Before anything else is loaded, so that everything else comes from it.
keepCompiled(process.argv.slice(2));
const { main } = await import('./cli/main.ts');
process.exitCode = await main(process.argv.slice(2));
// A command has closed what it opened; what may still tick (a lingering socket) must not keep the prompt waiting.
if (!process.argv.includes('bridge')) process.exit();
