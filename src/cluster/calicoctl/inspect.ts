import {factsFromSnapshot} from '../../core/doctor/facts-from-snapshot.ts';
import type {ClusterFacts} from '../../core/facts.ts';
import {isObject, type JsonObject} from '../../core/json.ts';
import type {Seen} from '../../core/session.ts';
import type {Exec, ExecResult} from '../exec.ts';
import type {Command, ReadResult} from '../port.ts';
import {sanitize} from '../sanitize.ts';
import {commandOf, type Invocation} from './commands.ts';
import {isMissing, wordsOf} from './failures.ts';

/** What inspecting needs beside the resources that were read. */
export type InspectOptions = {
	readonly exec: Exec;
	readonly invocation: Invocation;
	/** Milliseconds for one command. */
	readonly timeout: number;
	readonly env: Readonly<Record<string, string | undefined>>;
};

/** The doctor's facts through calicoctl: its own version, FelixConfiguration, and what the resources say. */
export async function inspectCluster(
	{exec, invocation, timeout, env}: InspectOptions,
	{snapshot, information}: ReadResult,
	signal?: AbortSignal,
): Promise<ClusterFacts> {
	const run = ({file, args}: Command): Promise<ExecResult> => exec(file, args, {timeout, ...(signal && {signal})});
	const [version, felix] = await Promise.all([
		// `version` takes no --context before 3.33, and needs no cluster for the line that is read.
		run({
			file: invocation.binary,
			args: ['version', ...(invocation.configFile ? [`--config=${invocation.configFile}`] : [])],
		}),
		run(commandOf(invocation, ['get', 'felixconfig', 'default', '-o', 'json'])),
	]);
	const tool = toolOf(version);
	// Of the two ways to say it only the environment can be seen from here: the configuration file is calicoctl's own.
	const isEtcd =
		[env.DATASTORE_TYPE, env.CALICO_DATASTORE_TYPE].includes('etcdv3') ||
		Boolean(env.ETCD_ENDPOINTS || env.CALICO_ETCD_ENDPOINTS);
	return {
		...factsFromSnapshot({snapshot, information, tool, ...(isEtcd && {api: {known: true, value: 'etcd'} as const})}),
		felix: felixOf(felix),
	};
}

function toolOf(result: ExecResult): ClusterFacts['tool'] {
	const version = /^Client Version:\s+(\S+)/m.exec(result.stdout)?.[1];
	if (version) return {known: true, value: {name: 'calicoctl', version: sanitize(version)}};
	return {known: false, reason: `calicoctl does not say its version: ${sanitize(wordsOf(result)) || 'no answer'}`};
}

function felixOf(result: ExecResult): Seen<JsonObject | null> {
	if (isMissing(result)) return {known: true, value: null};
	try {
		const answer: unknown = result.exitCode === 0 ? JSON.parse(result.stdout) : undefined;
		if (isObject(answer) && isObject(answer.spec)) return {known: true, value: answer.spec};
	} catch {
		// What is no JSON is no answer: said below like every other failure.
	}
	return {
		known: false,
		reason: `FelixConfiguration default could not be read: ${sanitize(wordsOf(result)) || 'no answer'}`,
	};
}
