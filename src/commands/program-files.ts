import {realpathSync} from 'node:fs';
import {dirname, join} from 'node:path';
import type {ProgramFiles} from '../practice/host/programs.ts';

/** The folder of the program's own labs. */
export function ownLabs(): string {
	return join(dirname(programFiles().cli), 'lab', 'labs');
}

/** The built program's own files, wherever npm has put it. */
export function programFiles(): ProgramFiles {
	const cli = realpathSync(process.argv[1] ?? '');
	return {node: process.execPath, cli, client: join(dirname(cli), 'practice-client.js')};
}
