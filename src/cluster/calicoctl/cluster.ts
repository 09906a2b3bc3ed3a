import type {Clock} from '../../core/clock.ts';
import type {Write} from '../../core/write.ts';
import {ClusterError} from '../errors.ts';
import type {Exec} from '../exec.ts';
import {createHolds} from '../hold.ts';
import {type Machine, thisMachine} from '../local-node.ts';
import {createMeshSwitch} from '../mesh-switch.ts';
import type {NodeShell} from '../node-shell.ts';
import {createPings} from '../pings.ts';
import type {Cluster, Command} from '../port.ts';
import {createCalicoctl, type Timeouts} from './calicoctl.ts';
import {type Invocation, writeCommand} from './commands.ts';
import {connectionName} from './identity.ts';
import {inspectCluster} from './inspect.ts';
import {createSight} from './sight.ts';

export type CalicoctlOptions = {
	readonly exec: Exec;
	/** calicoctl itself; looked up on the PATH where it holds no slash. */
	readonly binary?: string | undefined;
	/** calicoctl's `--config`. */
	readonly configFile?: string | undefined;
	/** calicoctl's `--context`. */
	readonly context?: string | undefined;
	readonly allowVersionMismatch: boolean;
	/** The way onto the nodes; without one, only the node that this machine is can be looked at. */
	readonly nodeShell?: NodeShell | undefined;
	readonly practice: boolean;
	readonly clock: Clock;
	/** The node that this machine is, where it is known better than by address and name. */
	readonly localNodeName?: string | undefined;
	readonly machine?: () => Machine;
	/** The environment that calicoctl sees; here only to say which cluster it will find. */
	readonly env?: Readonly<Record<string, string | undefined>>;
	readonly timeouts?: Partial<Timeouts & {readonly observe: number}>;
	/** Commands on nodes at once. */
	readonly observeLimit?: number;
};

/** A cluster through `calicoctl`. Which one it is, is up to calicoctl's own environment and configuration. */
export function createCalicoctlCluster(options: CalicoctlOptions): Cluster {
	const {exec, clock, configFile, context, practice} = options;
	const timeouts = {read: 15_000, write: 30_000, observe: 5000, ...options.timeouts};
	const name = connectionName({practice, configFile, context, env: options.env ?? process.env});
	const binary = options.binary ?? 'calicoctl';
	const invocation: Invocation = {binary, configFile, context, allowVersionMismatch: options.allowVersionMismatch};
	const calicoctl = createCalicoctl(exec, invocation, timeouts);
	const sight = createSight({
		exec,
		binary,
		clock,
		readNodes: signal => calicoctl.readAll('Node', signal),
		nodeShell: options.nodeShell,
		localNodeName: options.localNodeName,
		machine: options.machine ?? thisMachine,
		timeout: timeouts.observe,
		limit: options.observeLimit ?? 16,
	});
	let guid = 'unknown';

	return {
		get identity() {
			return {via: 'calicoctl', practice, name, guid} as const;
		},
		async read(signal) {
			const result = await calicoctl.readEverything(signal);
			sight.remember(result.snapshot.nodes);
			const found = result.information?.spec.clusterGUID;
			if (typeof found === 'string' && found !== '') guid = found;
			return result;
		},
		readResource: calicoctl.readOne,
		async write(write, signal) {
			const command = writeCommand(invocation, write);
			refuseNodeDeletion(write, command);
			await calicoctl.change(command, signal);
		},
		commandFor: write => writeCommand(invocation, write),
		async inspect(_plan, signal) {
			const read = await calicoctl.readEverything(signal);
			const env = options.env ?? process.env;
			return inspectCluster({exec, invocation, timeout: timeouts.read, env}, read, signal);
		},
		holding: async () =>
			options.nodeShell
				? {state: 'on'}
				: {state: 'impossible', reason: 'there is no --node-shell to run commands on the nodes'},
		...(options.nodeShell && {
			holds: createHolds(options.nodeShell, timeouts.observe),
			meshSwitch: createMeshSwitch(options.nodeShell, timeouts.observe),
			pings: createPings(options.nodeShell, timeouts.observe),
		}),
		visibility: sight.visibility,
		observe: sight.observe,
	};
}

/**
 * On Kubernetes `calicoctl delete node` fails, but only after it has released the node's addresses and deleted its
 * BGPPeers and BGPConfiguration (libcalico-go/lib/clientv3/node.go).
 */
function refuseNodeDeletion({kind, verb}: Write, command: Command): void {
	if (kind !== 'Node' || verb !== 'delete') return;
	const message = 'This program never deletes a Node: calicoctl would take its addresses away first.';
	throw new ClusterError('invalid', message, {command, words: '', exitCode: null, next: [], settled: true});
}
