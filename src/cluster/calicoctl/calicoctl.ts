import type {Kind, ResourceOf} from '../../core/resources.ts';
import {createLimit} from '../concurrency.ts';
import {ClusterError} from '../errors.ts';
import type {Exec, ExecResult} from '../exec.ts';
import type {Command, ReadResult} from '../port.ts';
import {AnswerError, readList, readOne} from './answers.ts';
import {getAllCommand, getCommand, type Invocation} from './commands.ts';
import {failureOf, isMissing, wordsOf} from './failures.ts';

/** calicoctl as a function of what it is asked. Everything rejects with ClusterError. */
export type Calicoctl = {
	/** Runs a command that changes something. */
	change(command: Command, signal?: AbortSignal): Promise<void>;
	readAll<K extends Kind>(kind: K, signal?: AbortSignal): Promise<readonly ResourceOf[K][]>;
	/** Undefined where there is no such resource. */
	readOne<K extends Kind>(kind: K, name: string, signal?: AbortSignal): Promise<ResourceOf[K] | undefined>;
	/** One call for each kind, a few at once; the first failure stops the others. */
	readEverything(signal?: AbortSignal): Promise<ReadResult>;
};

/** Milliseconds for one command. calicoctl has no limit of its own: with etcd out of reach it waits for ever. */
export type Timeouts = {readonly read: number; readonly write: number};

/** Each call asks the datastore for a whole kind; more at once would only burden it. */
const readLimit = 3;

/** Makes the functions that run calicoctl, each command within its time. */
export function createCalicoctl(exec: Exec, invocation: Invocation, timeouts: Timeouts): Calicoctl {
	const run = ({file, args, input}: Command, timeout: number, signal: AbortSignal | undefined): Promise<ExecResult> =>
		exec(file, args, {timeout, ...(signal && {signal}), ...(input !== undefined && {input})});

	const calicoctl: Calicoctl = {
		async change(command, signal) {
			const result = await run(command, timeouts.write, signal);
			if (result.exitCode !== 0) throw failureOf(command, result, {writes: true, timeout: timeouts.write});
		},
		async readAll(kind, signal) {
			const command = getAllCommand(invocation, kind);
			const result = await run(command, timeouts.read, signal);
			return understood(command, result, timeouts.read, () => readList(result.stdout, kind));
		},
		async readOne(kind, name, signal) {
			const command = getCommand(invocation, kind, name);
			const result = await run(command, timeouts.read, signal);
			if (isMissing(result)) return undefined;
			return understood(command, result, timeouts.read, () => readOne(result.stdout, kind, name));
		},
		async readEverything(signal) {
			const failed = new AbortController();
			const either = signal === undefined ? failed.signal : AbortSignal.any([signal, failed.signal]);
			const withinLimit = createLimit(readLimit);
			const start = <T>(task: () => Promise<T>) => {
				const started = withinLimit(task);
				started.catch(error => failed.abort(error));
				return started;
			};
			const reads = [
				start(() => calicoctl.readAll('Node', either)),
				start(() => calicoctl.readAll('BGPPeer', either)),
				start(() => calicoctl.readAll('BGPConfiguration', either)),
				start(() => calicoctl.readAll('IPPool', either)),
				start(() => calicoctl.readOne('ClusterInformation', 'default', either)),
			] as const;
			// No process of ours may be left running once this has failed.
			await Promise.allSettled(reads);
			if (failed.signal.aborted) throw failed.signal.reason;
			const [nodes, bgpPeers, bgpConfigurations, ipPools, information] = await Promise.all(reads);
			return {snapshot: {nodes, bgpPeers, bgpConfigurations, ipPools}, information};
		},
	};
	return calicoctl;
}

function understood<T>(command: Command, result: ExecResult, timeout: number, reader: () => T): T {
	if (result.exitCode !== 0) throw failureOf(command, result, {writes: false, timeout});
	try {
		return reader();
	} catch (error) {
		if (!(error instanceof AnswerError)) throw error;
		throw new ClusterError('unreadable-answer', `calicoctl's answer cannot be read. ${error.message}`, {
			command,
			words: wordsOf(result).slice(0, 2000),
			exitCode: 0,
			next: ["Look at what it prints yourself. Is it calicoctl, and of the cluster's release?"],
			settled: true,
		});
	}
}
