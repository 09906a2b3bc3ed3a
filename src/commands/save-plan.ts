import {mkdir, readdir, writeFile} from 'node:fs/promises';
import {dirname, join, resolve} from 'node:path';
import {planFiles} from '../core/plan/files.ts';
import type {Plan} from '../core/plan/types.ts';
import {UserError} from '../core/user-error.ts';

/**
 * Writes a plan as YAML files into a folder that is new or empty, and gives its full path.
 * @throws UserError where the folder holds something or cannot be written.
 */
export async function savePlan(plan: Plan, folder: string): Promise<string> {
	const path = resolve(folder);
	try {
		await mkdir(path, {recursive: true, mode: 0o700});
		// Files of an earlier plan among these would look like steps of this one.
		if ((await readdir(path)).length > 0)
			throw new UserError(`The folder ${path} is not empty; the plan needs one of its own.`);
		for (const {name, content} of planFiles(plan)) {
			await mkdir(dirname(join(path, name)), {recursive: true, mode: 0o700});
			await writeFile(join(path, name), content, {mode: 0o600});
		}
	} catch (error) {
		if (error instanceof UserError) throw error;
		throw new UserError(`The plan cannot be saved in ${path}: ${(error as Error).message}.`);
	}
	return path;
}

/** A folder for a plan saved without a name, in the working directory. */
export function defaultPlanFolder(now: Date): string {
	return `calico-rr-plan-${now.toISOString().slice(0, 19).replaceAll(':', '-')}`;
}
