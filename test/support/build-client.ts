import {makeFolder, run} from './build-once.ts';

/** Builds the small client alone before tests that start `calicoctl` and `kubectl` but not the program. Gives the clean-up. */
export function setup(): () => void {
	const {folder, remove} = makeFolder();
	const settings = ['--bundle', '--platform=node', '--format=esm', '--target=node20', '--log-level=warning'];
	run('node_modules/.bin/esbuild', ['src/practice-client.ts', ...settings, `--outdir=${folder}`]);
	process.env.CLIENT_UNDER_TEST = `${folder}/practice-client.js`;
	return remove;
}
