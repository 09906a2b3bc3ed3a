import {spawnSync} from 'node:child_process';
import {copyFileSync, mkdirSync, mkdtempSync, rmSync} from 'node:fs';
import {fileURLToPath} from 'node:url';

const root = fileURLToPath(new URL('../../', import.meta.url));

/**
 * Builds the program once before the tests that start it, into a folder of their own: a build that somebody starts
 * meanwhile must not take the files away. Gives the clean-up.
 */
export function setup(): () => void {
	const {folder, remove} = makeFolder();
	run('npm', ['run', '--silent', 'bundle', '--', `--outdir=${folder}/dist`]);
	process.env.PROGRAM_UNDER_TEST = `${folder}/dist/cli.js`;
	return remove;
}

/** A folder for a build; npm's own, so that version control and other tools leave it alone. */
export function makeFolder(): {readonly folder: string; readonly remove: () => void} {
	const cache = `${root}node_modules/.cache`;
	mkdirSync(cache, {recursive: true});
	const folder = mkdtempSync(`${cache}/program-`);
	copyFileSync(`${root}package.json`, `${folder}/package.json`);
	return {folder, remove: () => rmSync(folder, {recursive: true, force: true})};
}

/** Runs a build. */
export function run(file: string, args: readonly string[]): void {
	const build = spawnSync(file, args, {cwd: root, encoding: 'utf8'});
	if (build.status !== 0) throw new Error(`the build failed:\n${build.stdout}${build.stderr}`);
}
