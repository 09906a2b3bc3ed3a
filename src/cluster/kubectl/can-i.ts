import {ClusterError} from '../errors.ts';
import {failureOf} from './failures.ts';
import type {Kubectl} from './run.ts';

/** A call that may be allowed or not. `pods/exec` is the subresource exec of pods. */
export type Call = {
	readonly verb: string;
	readonly resource: string;
	/** Where it counts in one namespace only. */
	readonly namespace?: string | undefined;
	/** The one resource of that name only. */
	readonly name?: string;
	/** Another user than the one we are: needs the right to impersonate. */
	readonly as?: string;
};

/** Asks the API server whether a call is allowed, without making it. Throws ClusterError where it gives no answer. */
export async function canI(kubectl: Kubectl, call: Call, signal?: AbortSignal): Promise<boolean> {
	const {verb, resource, namespace, name, as} = call;
	const [plural = '', subresource] = resource.split('/');
	const question = [
		...['auth', 'can-i', verb, name === undefined ? plural : `${plural}/${name}`],
		...(subresource === undefined ? [] : [`--subresource=${subresource}`]),
		...(namespace === undefined ? [] : ['-n', namespace]),
		...(as === undefined ? [] : [`--as=${as}`]),
	];
	const command = kubectl.command(question);
	// `no` comes with exit code 1, sometimes with the reason behind it.
	const result = await kubectl.run(command, {signal, accept: ({stdout}) => /^no\b/.test(stdout)});
	if (/^no\b/.test(result.stdout)) return false;
	if (/^yes\b/.test(result.stdout)) return true;
	const {detail} = failureOf(command, result, {writes: false, timeout: 0});
	throw new ClusterError('unreadable-answer', '"kubectl auth can-i" answers neither yes nor no.', detail);
}
