import {appendFileSync} from 'node:fs';
import type {ExecResult} from '../../src/cluster/exec.ts';
import type {FaultKind} from '../../src/practice/faults.ts';
import type {Call, OnCall, OnDisk, Victim} from './fault-process.ts';
import type {FaultWorld, Foreign} from './fault-world.ts';

/** What a fault does to one run, aimed at one of its calls. */
export type Harm = {
	readonly onCall?: OnCall;
	readonly onDisk?: OnDisk;
	readonly foreign?: Foreign;
	/** A run that goes on may find that it cannot. */
	readonly mayRefuse?: boolean;
	/** What happens to its files once it is dead. */
	readonly afterDeath?: (world: FaultWorld) => void;
};

/** The call of a run that a fault is aimed at. */
export type Target = {
	/** The same call in the run without a fault. */
	readonly call: Call;
	/** The last write until then, or else the first one of all; whether it is done by then. */
	readonly near: {readonly call: Call; readonly isDone: boolean} | undefined;
	/** Whether this is the call. */
	strikes(call: Call): boolean;
	/** Whether this is the look at the resource ahead of a write. */
	looks(call: Call): boolean;
};

/** A way for things to go wrong at a call. Undefined where it makes no sense there. */
export type Fault = (world: FaultWorld, target: Target) => Harm | undefined;

/** Does something as the target is called; what it gives replaces the call. */
const atTarget =
	({strikes}: Pick<Target, 'strikes'>, act: OnCall): OnCall =>
	(call, process, perform) =>
		strikes(call) ? act(call, process, perform) : perform();

const never = new Promise<never>(() => undefined);

function die(process: Victim): Promise<never> {
	process.die();
	return never;
}

/** SIGKILL at a call: before the tool begins, when it has done its work, and when its answer has come. */
const killed =
	(when: 'before' | 'during' | 'after'): Fault =>
	(_, {strikes}) => {
		let answered = false;
		return {
			onCall: async (call, process, perform) => {
				if (answered) return die(process);
				if (!strikes(call)) return perform();
				if (when === 'before') return die(process);
				const answer = await perform();
				if (when === 'during') return die(process);
				answered = true;
				return answer;
			},
		};
	};

/** SIGKILL in the middle of a call, and of the journal's next line: so many bytes of it are on the disk. */
const killedWriting =
	(bytes: number): Fault =>
	(world, target) => ({
		...killed('during')(world, target),
		afterDeath: ({journals}) => {
			const path = journals().at(-1);
			if (path) appendFileSync(path, nextLine.slice(0, bytes));
		},
	});

/** As any line begins. */
const nextLine = '{"type":"outcome","at":"2026-11-23T12:00:00.000Z","direction":"forward","step":"';

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

const isOnNode = ({file, argv}: Pick<Call, 'file' | 'argv'>) => file === 'node-exec' || argv[0] === 'exec';

/** From the target on, calls of one sort fail: for a time, or as long as this process lives. */
const refused =
	(isRefused: (call: Call) => boolean, words: Readonly<Record<string, string>>, duration?: number): Fault =>
	({clock}, {strikes}) => {
		let end: number | undefined;
		return {
			onCall: async (call, _process, perform) => {
				if (strikes(call)) end = clock.now() + (duration ?? Number.POSITIVE_INFINITY);
				const isStruck = isRefused(call) && end !== undefined && clock.now() < end;
				return isStruck ? failing(words[call.file] ?? '') : perform();
			},
		};
	};

/** kubectl reaches the nodes by way of the API server too; the node shell beside calicoctl does not. */
const apiGone = refused(
	({file}) => file !== 'node-exec',
	{
		calicoctl: 'Failed: dial tcp 10.0.0.1:2379: connect: connection refused\n',
		kubectl: 'The connection to the server 127.0.0.1:6443 was refused - did you specify the right host or port?\n',
	},
	20_000,
);

const forbidden = 'error: unable to upgrade connection: Forbidden\n';
const execRefused = refused(isOnNode, {'node-exec': forbidden, kubectl: forbidden});

/** The call's own node, else the one that stays a client, loses its power and is never seen again. */
const nodeLost: Fault = (world, target) => ({
	mayRefuse: true,
	onCall: atTarget(target, async (call, _process, perform) => {
		const {practice} = world;
		const node = target.call.role === 'hold' ? world.nodeOf(call) : world.client;
		practice.network.cutLink(node, practice.clock.now());
		practice.faults.add({
			match: (file, argv) => isOnNode({file, argv}) && world.nodeOf({file, argv}) === node,
			kind: 'fail',
			times: 1e9,
			stderr: `error: error dialing backend: dial tcp: connect to host ${node} port 10250: No route to host\n`,
		});
		return perform();
	}),
});

/**
 * Another administrator changes something at the moment of the call. A patch is aimed at before the look that comes
 * ahead of it: between that look and the patch there is no way to notice a change, since calicoctl sends a merge patch
 * without a resourceVersion. A create is aimed at itself.
 */
const foreignChange =
	(choose: (world: FaultWorld, near: NonNullable<Target['near']>) => Foreign | undefined): Fault =>
	(world, target) => {
		const foreign = target.near && choose(world, target.near);
		if (!foreign) return undefined;
		const isLookedAt = target.call.role === 'write' && target.call.argv[0] !== 'create';
		return {
			foreign,
			onCall: atTarget({strikes: isLookedAt ? target.looks : target.strikes}, async (_call, _process, perform) => {
				const {file = 'calicoctl', argv, input} = foreign.command;
				const reply = world.practice.run({file, argv, ...(input !== undefined && {input})});
				if (reply === 'silence' || reply instanceof Promise || reply.exitCode !== 0)
					throw new Error(`the other admin failed: ${JSON.stringify(reply)}`);
				return perform();
			}),
		};
	};

/** What a write is about: `BGPPeer/name`, and whether it is there before the write. */
export function subjectOf({argv, input}: Pick<Call, 'argv' | 'input'>): {
	readonly kind: string;
	readonly name: string;
	readonly verb: string;
} {
	const [verb = '', kind = '', name = ''] = argv;
	if (verb !== 'create') {
		const kinds: Readonly<Record<string, string>> = {
			node: 'Node',
			bgppeer: 'BGPPeer',
			bgppeers: 'BGPPeer',
			bgpconfig: 'BGPConfiguration',
			bgpconfigurations: 'BGPConfiguration',
		};
		return {verb, kind: kinds[kind.split('.')[0] ?? ''] ?? kind, name};
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

const shortNames: Readonly<Record<string, string>> = {
	Node: 'node',
	BGPPeer: 'bgppeer',
	BGPConfiguration: 'bgpconfiguration',
};

const changedField =
	(fields: typeof sameFields): Fault =>
	(world, target) =>
		foreignChange(({tool}, {call, isDone}) => {
			const {kind, name, verb} = subjectOf(call);
			const field = fields[kind];
			if (!field) return undefined;
			const isThere = verb !== (isDone ? 'delete' : 'create');
			// A field beside the one that is written has to have a resource to be in.
			if (!isThere && fields === otherFields) return undefined;
			const {path, value, spec} = field;
			const key = `${kind}/${name}`;
			if (path[0] === 'metadata')
				return {
					key,
					path,
					value,
					// A label that Kubernetes owns cannot be set through calicoctl.
					command: {file: tool.file, argv: ['label', 'nodes', name, `theirs=${value}`, '--overwrite']},
				};
			if (isThere) {
				// calicoctl, as practice has it, cannot patch what the native API keeps: it refuses managedFields.
				const isNative = tool.datastore === 'kubernetes-native' && kind !== 'Node';
				const resource = isNative ? `${shortNames[kind]}s.projectcalico.org` : (shortNames[kind] ?? '');
				const argv = ['patch', resource, name, ...(isNative ? ['--type=merge'] : []), '-p', JSON.stringify({spec})];
				return {key, path, value, command: {file: isNative ? 'kubectl' : 'calicoctl', argv}};
			}
			const manifest = {apiVersion: 'projectcalico.org/v3', kind, metadata: {name}, spec};
			return {key, path, value, command: {argv: ['create', '-f', '-'], input: JSON.stringify(manifest)}};
		})(world, target);

/** The disk fills up at the call, for so many lines of the journal. */
const diskFull =
	(lines: number): Fault =>
	(_, target) => ({
		onCall: atTarget(target, async (_call, process, perform) => {
			process.fillDisk(lines);
			return perform();
		}),
	});

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
	'API gone for 20 s': apiGone,
	'exec refused': execRefused,
	'node lost for good': nodeLost,
	'disk full': diskFull(Number.POSITIVE_INFINITY),
	'disk full for a line': diskFull(1),
	'journal cut: 1 byte of a line': killedWriting(1),
	'journal cut: 40 bytes of it': killedWriting(40),
};
