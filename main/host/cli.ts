#!/usr/bin/env node
import { main } from './cli/main.ts';

process.exitCode = await main(process.argv.slice(2));
// A command has closed what it opened; what may still tick (a lingering socket) must not keep the prompt waiting.
if (!process.argv.includes('bridge')) process.exit();
