import {delimiter, join} from 'node:path';
import {quoteForShell} from '../../cluster/node-shell.ts';
import {socketIn} from './folder.ts';

/** What could lead a tool to a real cluster: settings of calicoctl, etcd, kubectl and of pods, each with all that begin so. */
const foreignPrefixes = ['CALICO_', 'K8S_', 'ETCD_', 'ETCDCTL_', 'KUBERNETES_', 'KUBE', 'FELIX_', 'HELM_', 'PRACTICE_'];
const foreignNames = ['DATASTORE_TYPE', 'NODENAME', 'XDG_STATE_HOME', 'HISTFILE'];

/** How the practice cluster keeps Calico's resources, as far as the tools' settings go. */
export type DatastoreType = 'etcd' | 'kubernetes';

/**
 * The settings of a practice shell. The tools are the practice cluster's because its `bin` is first on PATH; the other
 * settings make sure that even a real tool, called by its full path, finds nothing. The wizard keeps its journals in
 * the folder, so that they go with the cluster.
 */
export function practiceSettings(folder: string, datastore: DatastoreType): Readonly<Record<string, string>> {
	const wizard =
		datastore === 'etcd'
			? {
					// Port 1 (tcpmux): nobody answers there.
					DATASTORE_TYPE: 'etcdv3',
					ETCD_ENDPOINTS: 'http://127.0.0.1:1',
					CALICO_RR_WIZARD_VIA: 'calicoctl',
					CALICO_RR_WIZARD_NODE_SHELL: 'ssh {node} sudo {command}',
				}
			: {DATASTORE_TYPE: 'kubernetes', CALICO_RR_WIZARD_VIA: 'kubectl'};
	return {
		PRACTICE_SOCKET: socketIn(folder),
		PRACTICE_FOLDER: folder,
		KUBECONFIG: join(folder, 'kubeconfig'),
		XDG_STATE_HOME: join(folder, 'home'),
		HISTFILE: join(folder, 'home', 'history'),
		...wizard,
	};
}

/** The environment of a practice shell: the learner's own without what could reach a real cluster, and those settings. */
export function practiceEnvironment(
	env: NodeJS.ProcessEnv,
	settings: Readonly<Record<string, string>>,
): Record<string, string> {
	const own = Object.entries(env).filter(
		(entry): entry is [string, string] => entry[1] !== undefined && !isForeign(entry[0]),
	);
	const {PATH = '/usr/bin:/bin', ...others} = Object.fromEntries(own);
	return {...others, PATH: [binOf(settings), PATH].join(delimiter), ...settings};
}

/**
 * The same as lines for a POSIX shell, to be read after the learner's own start-up files: those may have set anything.
 * `PRACTICE_NODE` and `PRACTICE_ROOT` stay: they say whose shell it is.
 */
export function settingsScript(settings: Readonly<Record<string, string>>): string {
	const patterns = [
		...foreignPrefixes.filter(prefix => prefix !== 'PRACTICE_').map(prefix => `${prefix}[A-Za-z0-9_]*`),
		...foreignNames,
	];
	const names = patterns.map(pattern => `-e 's/^\\(${pattern}\\)=.*/\\1/p'`).join(' ');
	const bin = quoteForShell(binOf(settings));
	return [
		`for _name in $(env | sed -n ${names}); do unset "$_name"; done; unset _name`,
		...Object.entries(settings).map(([name, value]) => `export ${name}=${quoteForShell(value)}`),
		`case $PATH: in ${bin}:*) ;; *) export PATH=${bin}:"$PATH" ;; esac`,
	].join('\n');
}

function binOf({PRACTICE_FOLDER = ''}: Readonly<Record<string, string>>): string {
	return join(PRACTICE_FOLDER, 'bin');
}

function isForeign(name: string): boolean {
	return foreignNames.includes(name) || foreignPrefixes.some(prefix => name.startsWith(prefix));
}
