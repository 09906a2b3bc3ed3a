import type {ExecResult} from '../../src/cluster/exec.ts';
import type {FaultKind} from '../../src/practice/faults.ts';
import type {Call, OnCall, OnDisk} from './fault-process.ts';
import {client, type FaultWorld, type Foreign} from './fault-world.ts';

/** What a fault does to one run, aimed at one of its calls. */
export type Harm = {
	readonly onCall?: OnCall;
	readonly onDisk?: OnDisk;
	readonly foreign?: Foreign;
	/** A run that goes on may find that it cannot. */
	readonly mayRefuse?: boolean;
};

/** A way for things to go wrong at a call. Undefined where it makes no sense there. */
export type Fault = (world: FaultWorld, target: Call, near: Call | undefined) => Harm | undefined;

/** Does something as the target is called; what it gives replaces the call. */
const atTarget =
	(target: Pick<Call, 'index'>, act: OnCall): OnCall =>
	(call, process, perform) =>
		call.index === target.index ? act(call, process, perform) : perform();

const never = new Promise<never>(() => undefined);

/** SIGKILL at a call: before the tool begins, when it has done its work, and when its answer has come. */
const killed =
	(when: 'before' | 'during' | 'after'): Fault =>
	(_, target) => ({
		onCall: async (call, process, perform) => {
			if (call.index === target.index && when !== 'after') {
				if (when === 'during') await perform();
				process.die();
				return never;
			}
			if (call.index > target.index) {
				process.die();
				return never;
			}
			return perform();
		},
	});

const signalled =
	(name: NodeJS.Signals): Fault =>
	(_, target) => ({
		onCall: atTarget(target, async (_call, process, perform) => {
			process.signal(name);
			return perform();
		}),
	});

const struck =
	(kind: FaultKind): Fault =>
	(world, target) => ({
		onCall: atTarget(target, async (_call, _process, perform) => {
			world.practice.faults.add({match: () => true, kind, stderr: 'Failed: etcdserver: request timed out\n'});
			return perform();
		}),
	});

const failing = (stderr: string): ExecResult => ({stdout: '', stderr, exitCode: 1});

/** From the target on, calls to one tool fail: for a time, or as long as this process lives. */
const refused =
	(file: string, stderr: string, duration = Number.POSITIVE_INFINITY): Fault =>
	(world, target) => {
		let end: number | undefined;
		return {
			onCall: async (call, _process, perform) => {
				if (call.index === target.index) end = world.clock.now() + duration;
				const isStruck = call.file === file && end !== undefined && world.clock.now() < end;
				return isStruck ? failing(stderr) : perform();
			},
		};
	};

/** The call's own node, else the one that stays a client, loses its power and is never seen again. */
const nodeLost: Fault = (world, target) => ({
	mayRefuse: true,
	onCall: atTarget(target, async (call, _process, perform) => {
		const node = call.role === 'hold' ? String(call.argv[0]) : client;
		world.practice.network.cutLink(node, world.clock.now());
		const isThere = (argv: readonly string[]) => argv[0] === node;
		world.practice.faults.add({
			match: (file, argv) => file === 'node-exec' && isThere(argv),
			kind: 'fail',
			times: 1e9,
			stderr: `ssh: connect to host ${node}: No route to host\n`,
		});
		return perform();
	}),
});

/**
 * A patch is aimed at before the look that comes ahead of it: between that look and the patch there is no way to notice
 * a change, since calicoctl sends a merge patch without a resourceVersion. A create is aimed at itself.
 */
function moment(target: Call): Pick<Call, 'index'> {
	return target.role === 'write' && target.argv[0] !== 'create' ? {index: target.index - 1} : target;
}

/** Another administrator changes something at the moment of the call. */
const foreignChange =
	(choose: (near: Call) => Foreign | undefined): Fault =>
	(world, target, near) => {
		const foreign = near && choose(near);
		if (!foreign) return undefined;
		return {
			foreign,
			onCall: atTarget(moment(target), async (_call, _process, perform) => {
				const {argv, input} = foreign.command;
				const reply = world.practice.run({file: 'calicoctl', argv, ...(input !== undefined && {input})});
				if (reply === 'silence' || reply instanceof Promise || reply.exitCode !== 0)
					throw new Error(`the other admin failed: ${JSON.stringify(reply)}`);
				return perform();
			}),
		};
	};

/** What a write is about: `BGPPeer/name`, and whether it is there before the write. */
function subject({argv, input}: Call): {readonly kind: string; readonly name: string; readonly verb: string} {
	const [verb = '', kind = '', name = ''] = argv;
	if (verb !== 'create') {
		const kinds: Readonly<Record<string, string>> = {node: 'Node', bgppeer: 'BGPPeer', bgpconfig: 'BGPConfiguration'};
		return {verb, kind: kinds[kind] ?? kind, name};
	}
	return {
		verb,
		kind: /^kind: (\w+)$/m.exec(input)?.[1] ?? '',
		name: /^ {2}name: "?([\w-]+)"?$/m.exec(input)?.[1] ?? '',
	};
}

const sameFields: Readonly<
	Record<
		string,
		{
			readonly path: readonly string[];
			readonly value: string | boolean;
			readonly spec: Readonly<Record<string, unknown>>;
		}
	>
> = {
	Node: {
		path: ['spec', 'bgp', 'routeReflectorClusterID'],
		value: '9.9.9.9',
		spec: {bgp: {routeReflectorClusterID: '9.9.9.9'}},
	},
	BGPPeer: {
		path: ['spec', 'peerSelector'],
		value: "theirs == 'yes'",
		spec: {nodeSelector: "theirs == 'no'", peerSelector: "theirs == 'yes'"},
	},
	BGPConfiguration: {path: ['spec', 'nodeToNodeMeshEnabled'], value: true, spec: {nodeToNodeMeshEnabled: true}},
};
const otherFields: typeof sameFields = {
	Node: {path: ['metadata', 'labels', 'theirs'], value: 'yes', spec: {}},
	BGPPeer: {path: ['spec', 'sourceAddress'], value: 'None', spec: {sourceAddress: 'None'}},
	BGPConfiguration: {path: ['spec', 'logSeverityScreen'], value: 'Debug', spec: {logSeverityScreen: 'Debug'}},
};

const shortNames: Readonly<Record<string, string>> = {Node: 'node', BGPPeer: 'bgppeer', BGPConfiguration: 'bgpconfig'};

const changedField =
	(fields: typeof sameFields): Fault =>
	(world, target, near) =>
		foreignChange(write => {
			const {kind, name, verb} = subject(write);
			const field = fields[kind];
			if (!field) return undefined;
			const isThere = verb !== (write.index < target.index ? 'delete' : 'create');
			// A field beside the one that is written has to have a resource to be in.
			if (!isThere && fields === otherFields) return undefined;
			const {path, value, spec} = field;
			const key = `${kind}/${name}`;
			if (path[0] === 'metadata')
				return {key, path, value, command: {argv: ['label', 'nodes', name, `theirs=${value}`, '--overwrite']}};
			if (isThere)
				return {
					key,
					path,
					value,
					command: {argv: ['patch', shortNames[kind] ?? '', name, '-p', JSON.stringify({spec})]},
				};
			const manifest = {apiVersion: 'projectcalico.org/v3', kind, metadata: {name}, spec};
			return {key, path, value, command: {argv: ['create', '-f', '-'], input: JSON.stringify(manifest)}};
		})(world, target, near);

/** The disk fills up at the call: what is written is cut short, then refused. `lines` for so many lines only. */
const diskFull =
	(lines: number): Fault =>
	(_, target) => {
		let [armed, refusals, short] = [false, 0, true];
		return {
			onCall: atTarget(target, async (_call, _process, perform) => {
				armed = true;
				return perform();
			}),
			onDisk: (text, _index, _process, write) => {
				if (!armed || refusals >= lines) return write(text);
				// write(2) first takes what there is room for, and only then says that there is none.
				if (short) {
					short = false;
					return write(text.slice(0, Math.ceil(text.length / 2)));
				}
				short = true;
				refusals += 1;
				throw Object.assign(new Error('ENOSPC: no space left on device, write'), {code: 'ENOSPC'});
			},
		};
	};

/** All faults, by the name that the table shows. */
export const faults: Readonly<Record<string, Fault>> = {
	'SIGKILL before': killed('before'),
	'SIGKILL during': killed('during'),
	'SIGKILL after': killed('after'),
	SIGINT: signalled('SIGINT'),
	SIGTERM: signalled('SIGTERM'),
	SIGHUP: signalled('SIGHUP'),
	'tool exits 1': struck('fail'),
	'tool hangs': struck('hang-without-effect'),
	'tool hangs, effect done': struck('hang-after-effect'),
	'tool killed': struck('killed'),
	'answer lost, effect done': struck('answer-lost'),
	'same field changed': changedField(sameFields),
	'other field changed': changedField(otherFields),
	'API gone for 20 s': refused('calicoctl', 'Failed: dial tcp 10.0.0.1:2379: connect: connection refused\n', 20_000),
	'exec refused': refused('node-exec', 'error: unable to upgrade connection: Forbidden\n'),
	'node lost for good': nodeLost,
	'disk full': diskFull(Number.POSITIVE_INFINITY),
	'disk full for a line': diskFull(1),
};
