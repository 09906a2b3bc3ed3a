import {writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {servePractice} from '../server.ts';
import {type DatastoreType, practiceEnvironment, practiceSettings, settingsScript} from './environment.ts';
import {makeFolder, removeFolder, socketIn} from './folder.ts';
import {endLeftovers} from './leftovers.ts';
import {absentPrograms, type ProgramFiles, practicePrograms, writeOwnProgram, writePrograms} from './programs.ts';
import {createRouter, type RouterOptions} from './router.ts';
import {writeStartFiles} from './shells.ts';

export type HostOptions = RouterOptions & {
	readonly datastore: DatastoreType;
	/** The environment that the practice shell's is made from. */
	readonly env: NodeJS.ProcessEnv;
	readonly files: ProgramFiles;
	/** What the cluster is kept as, where it outlives the shell; its folder can be found by `keptFolders`. */
	readonly kept?: string | undefined;
};

/** A practice cluster that this process serves, and the place from which commands reach it. */
export type PracticeHost = {
	readonly folder: string;
	/** The whole environment for a process that shall work on the practice cluster. */
	readonly env: Readonly<Record<string, string>>;
	/** Ends what still runs on the cluster, closes the socket and takes the folder away. */
	close(): Promise<void>;
};

/**
 * Serves a practice cluster from this process. The cluster may still be on its way: commands wait for it, so that a
 * shell can start meanwhile. Should this process exit without `close`, the folder goes all the same.
 */
export async function hostPractice(options: HostOptions): Promise<PracticeHost> {
	const {datastore, env, files, kept} = options;
	const folder = makeFolder(env, kept);
	const remove = (): void => removeFolder(folder);
	process.once('exit', remove);
	const bin = join(folder, 'bin');
	writePrograms(bin, [...practicePrograms, ...absentPrograms], files);
	writeOwnProgram(bin, files);
	const settings = practiceSettings(folder, datastore);
	writeFileSync(join(folder, 'kubeconfig'), kubeconfig, {mode: 0o600});
	writeFileSync(settingsFile(folder), JSON.stringify(settings), {mode: 0o600});
	writeStartFiles(folder, settingsScript(settings));
	const server = await servePractice(createRouter(options), socketIn(folder));
	return {
		folder,
		env: practiceEnvironment(env, settings),
		close: async () => {
			await server.close();
			await endLeftovers(socketIn(folder));
			remove();
			process.off('exit', remove);
		},
	};
}

/** Where the settings of a kept cluster's shells are read from. */
export function settingsFile(folder: string): string {
	return join(folder, 'settings.json');
}

/** For a real kubectl that is called by its full path: one cluster, at port 1, where nobody answers. */
const kubeconfig = `apiVersion: v1
kind: Config
clusters:
- name: practice
  cluster:
    server: https://127.0.0.1:1
users:
- name: practice
  user: {}
contexts:
- name: practice
  context:
    cluster: practice
    user: practice
current-context: practice
`;
