import {spawnSync} from 'node:child_process';
import {copyFileSync, mkdirSync, mkdtempSync, rmSync} from 'node:fs';
import {fileURLToPath} from 'node:url';

/**
 * Builds the program once before the tests that start it, into a folder of their own: a build that somebody starts
 * meanwhile must not take the files away. Gives the clean-up.
 */
export function setup(): () => void {
	const root = fileURLToPath(new URL('../../', import.meta.url));
	const cache = `${root}node_modules/.cache`;
	mkdirSync(cache, {recursive: true});
	const folder = mkdtempSync(`${cache}/program-`);
	const build = spawnSync('npm', ['run', '--silent', 'bundle', '--', `--outdir=${folder}/dist`], {
		cwd: root,
		encoding: 'utf8',
	});
	if (build.status !== 0) throw new Error(`the build failed:\n${build.stdout}${build.stderr}`);
	copyFileSync(`${root}package.json`, `${folder}/package.json`);
	process.env.PROGRAM_UNDER_TEST = `${folder}/dist/cli.js`;
	return () => rmSync(folder, {recursive: true, force: true});
}
