import {access, constants} from 'node:fs/promises';
import {homedir} from 'node:os';
import {delimiter, join} from 'node:path';
import type {Cluster} from '../cluster/port.ts';
import type {Clock} from '../core/clock.ts';
import {UserError} from '../core/user-error.ts';
import type {Io} from './io.ts';
import type {Options} from './table.ts';

/** A cluster, and the time that its waiting goes by. */
export type Connection = {readonly cluster: Cluster; readonly clock: Clock};

/** Speed of the practice cluster where nobody watches. */
const unwatchedSpeed = 10;

/**
 * The cluster that the flags and the environment name. Where they name none, the practice cluster, and a sentence says so.
 * @throws UserError (exit code 2) where a command that changes a cluster is not told which.
 */
export async function connect(
	options: Options,
	io: Io,
	{changesUnasked = false}: {readonly changesUnasked?: boolean} = {},
): Promise<Connection> {
	if (options.via === 'kubectl') {
		throw new UserError('kubectl is not there yet: this version works through calicoctl only.', {
			next: ['Leave --via away, or give --via calicoctl.'],
		});
	}
	if (options.practice !== undefined) return connectPractice(options, io);
	if (namesCluster(options)) return connectCalicoctl(options, io);
	const missing = await whyNotCalicoctl(io.env);
	if (missing === undefined) return connectCalicoctl(options, io);
	if (changesUnasked) {
		throw new UserError(`No cluster is named, and ${missing}.`, {
			next: ['Name one with --calicoctl-config or --context, or use the practice cluster: --practice'],
		});
	}
	io.progress(`This is the practice cluster: no cluster is named, and ${missing}.`);
	return connectPractice(options, io);
}

const clusterFlags = [
	'calicoctl',
	'calicoctl-config',
	'context',
	'node-shell',
	'allow-version-mismatch',
	'via',
] as const;

function namesCluster(options: Options): boolean {
	return clusterFlags.some(name => options[name] !== undefined);
}

/** What calicoctl is told by (calico.md §1.1: each name also counts with `CALICO_` before it). */
const settings = ['DATASTORE_TYPE', 'ETCD_ENDPOINTS', 'KUBECONFIG', 'K8S_API_ENDPOINT'] as const;

/** Why calicoctl cannot be used, as half a sentence; undefined where it seems to be set up. */
async function whyNotCalicoctl(env: NodeJS.ProcessEnv): Promise<string | undefined> {
	const folders = (env.PATH ?? '').split(delimiter).filter(Boolean);
	const found = await Promise.all(folders.map(folder => exists(join(folder, 'calicoctl'), constants.X_OK)));
	if (!found.includes(true)) return 'there is no calicoctl on PATH';
	if (settings.some(name => env[name] || env[`CALICO_${name}`])) return undefined;
	const files = ['/etc/calico/calicoctl.cfg', join(env.HOME || homedir(), '.kube', 'config')];
	const configured = await Promise.all(files.map(file => exists(file, constants.R_OK)));
	return configured.includes(true) ? undefined : 'calicoctl is not configured';
}

async function exists(path: string, mode: number): Promise<boolean> {
	return access(path, mode).then(
		() => true,
		() => false,
	);
}

async function connectPractice(options: Options, io: Io): Promise<Connection> {
	const [{createClock}, {createPracticeCluster}, {createCalicoctlCluster}, {createPracticeNodeShell}] =
		await Promise.all([
			import('../practice/clock.ts'),
			import('../practice/cluster.ts'),
			import('../cluster/calicoctl/cluster.ts'),
			import('../cluster/node-shell.ts'),
		]);
	const speed = options.speed ?? (io.onTerminal ? 1 : unwatchedSpeed);
	const clock = createClock({speed});
	if (speed !== 1) {
		io.progress(
			speed === 'jump'
				? 'The practice clock skips all waiting.'
				: `The practice clock runs ${speed} times as fast as real time.`,
		);
	}
	const {exec} = createPracticeCluster({nodes: options.practice ?? 5, seed: options.seed ?? 1, clock});
	const nodeShell = createPracticeNodeShell(exec);
	return {
		clock,
		cluster: createCalicoctlCluster({exec, clock, nodeShell, practice: true, allowVersionMismatch: false}),
	};
}

async function connectCalicoctl(options: Options, io: Io): Promise<Connection> {
	const [{createClock}, {createRealExec}, {createCalicoctlCluster}, nodeShells] = await Promise.all([
		import('../practice/clock.ts'),
		import('../cluster/real-exec.ts'),
		import('../cluster/calicoctl/cluster.ts'),
		import('../cluster/node-shell.ts'),
	]);
	const clock = createClock({speed: 1});
	const exec = createRealExec({env: io.env});
	const template = options['node-shell'];
	const cluster = createCalicoctlCluster({
		exec,
		clock,
		nodeShell:
			template === undefined
				? undefined
				: nodeShells.createTemplateNodeShell(exec, nodeShells.parseNodeShellTemplate(template)),
		binary: options.calicoctl,
		configFile: options['calicoctl-config'],
		context: options.context,
		allowVersionMismatch: options['allow-version-mismatch'] === true,
		practice: false,
		env: io.env,
	});
	return {cluster, clock};
}
