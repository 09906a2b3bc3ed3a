#!/usr/bin/env node
import {readFileSync} from 'node:fs';

/** What is asked for alone most often, answered before anything else is loaded. */
const asksVersion: readonly (string | undefined)[] = ['--version', '-V', 'version'];

const args = process.argv.slice(2);
const version = () => JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')).version as string;
if (args.length === 1 && asksVersion.includes(args[0])) process.stdout.write(`${version()}\n`);
else await (await import('./main.ts')).main(args, version);
