import type {Exec} from '../cluster/exec.ts';
import type {Context} from '../cluster/kubectl/contexts.ts';
import type {Way} from '../cluster/kubectl/live.ts';
import type {NodeShell} from '../cluster/node-shell.ts';
import type {Cluster} from '../cluster/port.ts';
import {sanitize} from '../cluster/sanitize.ts';
import type {Clock} from '../core/clock.ts';
import {UserError} from '../core/user-error.ts';
import {type Chosen, chooseTool} from './choose-tool.ts';
import type {Io} from './io.ts';
import type {Options} from './table.ts';

/** A cluster, and the time that its waiting goes by. */
export type Connection = {readonly cluster: Cluster; readonly clock: Clock};

/** Flags that mean the practice cluster whatever else there is. */
const practiceFlags = ['practice', 'practice-api', 'engine'] as const;

/**
 * The cluster that the flags and the environment name. Where they name none, the practice cluster, and a sentence says so.
 * @throws UserError (exit code 2) where a command that changes a cluster is not told which.
 */
export async function connect(
	options: Options,
	io: Io,
	{changesUnasked = false}: {readonly changesUnasked?: boolean} = {},
): Promise<Connection> {
	return connectChosen(await choose(options, io), options, io, {changesUnasked});
}

/** What `connect` would work with; `practice` where the flags say so. Nothing is asked of a cluster. */
export async function choose(options: Options, io: Io): Promise<Chosen | 'practice'> {
	if (practiceFlags.some(flag => options[flag] !== undefined)) return 'practice';
	return chooseTool(options, {env: io.env, readContexts: () => contextsOf(options, io)});
}

/** Connects to what was chosen; the process does not end before the cluster is closed. */
export async function connectChosen(
	chosen: Chosen | 'practice',
	options: Options,
	io: Io,
	{changesUnasked = false}: {readonly changesUnasked?: boolean} = {},
): Promise<Connection> {
	const connection = await connectTo(chosen, options, io, {changesUnasked});
	io.recording?.connected(connection.cluster);
	io.atEnd(async () => connection.cluster.close?.());
	return connection;
}

async function connectTo(
	chosen: Chosen | 'practice',
	options: Options,
	io: Io,
	{changesUnasked}: {readonly changesUnasked: boolean},
): Promise<Connection> {
	if (chosen === 'practice') return connectPractice(options, io);
	if (chosen.tool !== null)
		return chosen.tool === 'kubectl' ? connectKubectl(options, io) : connectCalicoctl(options, io);
	if (changesUnasked) {
		throw new UserError(`No cluster is named, and ${chosen.why}.`, {
			next: [whatToName(chosen.contexts), 'Or use the practice cluster: --practice'],
		});
	}
	io.progress(`This is the practice cluster: no cluster is named, and ${chosen.why}.`);
	return connectPractice(options, io);
}

/** The Exec, its calls kept where `record` asked for that. */
function recorded(exec: Exec, clock: Clock, {recording}: Io): Exec {
	return recording ? recording.around(exec, clock) : exec;
}

function whatToName(contexts: readonly Context[]): string {
	if (contexts.length === 0) return 'Name one with --context, --kubeconfig or --calicoctl-config.';
	return sanitize(`Name one of kubectl's contexts with --context: ${contexts.map(({name}) => name).join(', ')}.`);
}

/** kubectl's contexts; none where kubectl cannot say. */
async function contextsOf({kubeconfig}: Options, io: Io): Promise<readonly Context[]> {
	const [{createRealClock}, {createRealExec}, {createKubectl}, {readContexts}, {ClusterError}] = await Promise.all([
		import('../cluster/real-clock.ts'),
		import('../cluster/real-exec.ts'),
		import('../cluster/kubectl/run.ts'),
		import('../cluster/kubectl/contexts.ts'),
		import('../cluster/errors.ts'),
	]);
	const timeouts = {read: 5000, write: 5000};
	const exec = recorded(createRealExec({env: io.env}), createRealClock(), io);
	const kubectl = createKubectl({exec, binary: 'kubectl', kubeconfig, timeouts});
	try {
		return await readContexts(kubectl, io.interrupts.signal);
	} catch (error) {
		if (!(error instanceof ClusterError) || error.kind === 'aborted') throw error;
		return [];
	}
}

async function connectPractice(options: Options, io: Io): Promise<Connection> {
	const [{startPractice}, {createPracticeNodeShell}] = await Promise.all([
		import('./start-practice.ts'),
		import('../cluster/node-shell.ts'),
	]);
	const practice = await startPractice(options, io);
	const {clock} = practice;
	const exec = recorded(practice.exec, clock, io);
	if (practice.kubernetes) {
		const {createKubectlCluster} = await import('../cluster/kubectl/cluster.ts');
		return {clock, cluster: createKubectlCluster({exec, clock, live: wayOf(options), practice: true})};
	}
	const {createCalicoctlCluster} = await import('../cluster/calicoctl/cluster.ts');
	const nodeShell = createPracticeNodeShell(exec);
	return {
		clock,
		cluster: createCalicoctlCluster({exec, clock, nodeShell, practice: true, allowVersionMismatch: false}),
	};
}

function wayOf({live}: Options): Way | undefined {
	return live === 'node-status' ? 'calico-node-status' : live;
}

async function connectKubectl(options: Options, io: Io): Promise<Connection> {
	const [{createRealClock}, {createRealExec}, {createKubectlCluster}] = await Promise.all([
		import('../cluster/real-clock.ts'),
		import('../cluster/real-exec.ts'),
		import('../cluster/kubectl/cluster.ts'),
	]);
	const clock = createRealClock();
	const exec = recorded(createRealExec({env: io.env}), clock, io);
	const cluster = createKubectlCluster({
		exec,
		clock,
		context: options.context,
		kubeconfig: options.kubeconfig,
		practice: false,
		live: wayOf(options),
		nodeShell: await nodeShellOf(options, exec),
	});
	return {cluster, clock};
}

async function nodeShellOf({'node-shell': template}: Options, exec: Exec): Promise<NodeShell | undefined> {
	if (template === undefined) return undefined;
	const {createTemplateNodeShell, parseNodeShellTemplate} = await import('../cluster/node-shell.ts');
	return createTemplateNodeShell(exec, parseNodeShellTemplate(template));
}

async function connectCalicoctl(options: Options, io: Io): Promise<Connection> {
	const [{createRealClock}, {createRealExec}, {createCalicoctlCluster}] = await Promise.all([
		import('../cluster/real-clock.ts'),
		import('../cluster/real-exec.ts'),
		import('../cluster/calicoctl/cluster.ts'),
	]);
	const clock = createRealClock();
	const exec = recorded(createRealExec({env: io.env}), clock, io);
	const cluster = createCalicoctlCluster({
		exec,
		clock,
		nodeShell: await nodeShellOf(options, exec),
		binary: options.calicoctl,
		configFile: options['calicoctl-config'],
		context: options.context,
		allowVersionMismatch: options['allow-version-mismatch'] === true,
		practice: false,
		env: io.env,
	});
	return {cluster, clock};
}
