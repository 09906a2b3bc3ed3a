import {ClusterError} from '../errors.ts';
import type {Exec, ExecResult} from '../exec.ts';
import type {NodeShell} from '../node-shell.ts';
import type {Command} from '../port.ts';
import {sanitize} from '../sanitize.ts';
import {kubectlCommand} from './commands.ts';
import {wordsOf} from './failures.ts';
import type {CalicoPod, CalicoPods} from './pods.ts';
import type {Kubectl} from './run.ts';

export type KubectlNodeShellOptions = {
	readonly exec: Exec;
	readonly kubectl: Kubectl;
	readonly pods: CalicoPods;
};

/** The pod was replaced, or its container is being restarted. */
const podIsGone =
	/pods "[^"]*" not found|container not found|cannot exec (?:in|into) a (?:container in a )?completed pod/;

/** What the words of a refused `kubectl exec` mean. */
const meanings: ReadonlyArray<readonly [pattern: RegExp, sentence: string]> = [
	[/cannot create resource "pods\/exec"|unable to upgrade connection: Forbidden/, '"kubectl exec" is not allowed here'],
	[/\(Forbidden\)|denied the request/, '"kubectl exec" is refused here'],
	[/\(Unauthorized\)|must be logged in/, 'your credentials are missing or have expired'],
	[/error dialing backend|proxy error/, "the API server does not reach the node's kubelet"],
	[podIsGone, "the node's calico-node pod is gone or does not run"],
	[/executable file not found|no such file or directory: unknown/, 'calico-node has no such program'],
];

/** kubectl's own last line about a command that ran and failed; what matters stands above it. */
const exitLine = /\n?command terminated with exit code \d+\s*$/;

/** Runs commands in the calico-node pod of a node: it has birdcl and ip, and is in the node's own network namespace. */
export function createKubectlNodeShell({exec, kubectl, pods}: KubectlNodeShellOptions): NodeShell {
	const command = ({name, namespace}: CalicoPod, argv: readonly string[]): Command => {
		// What reads its standard input (`ip -batch -`) gets ours only with -i.
		const stdin = argv.at(-1) === '-' ? ['-i'] : [];
		const question = ['exec', ...stdin, '-n', namespace, name, '-c', 'calico-node'];
		const {file, args} = kubectlCommand(kubectl.invocation, question);
		return {file, args: [...args, '--', ...argv]};
	};
	return {
		source: 'kubectl exec',
		describe: (node, argv) =>
			command(pods.known(node) ?? {name: `calico-node-on-${node}`, namespace: 'calico-system'}, argv),
		async run(node, argv, options) {
			const runIn = (pod: CalicoPod) => {
				const {file, args} = command(pod, argv);
				return exec(file, args, options);
			};
			try {
				const pod = await pods.find(node);
				if (pod === undefined) return refused('no calico-node pod runs on this node');
				const result = await runIn(pod);
				if (result.exitCode !== 1 || !podIsGone.test(result.stderr)) return explained(result);
				const next = await pods.replace(node, pod);
				return explained(next === undefined ? result : await runIn(next));
			} catch (error) {
				if (error instanceof ClusterError) return refused(`calico-node's pods cannot be listed: ${error.message}`);
				throw error;
			}
		},
	};
}

function refused(stderr: string): ExecResult {
	return {stdout: '', stderr, exitCode: 1};
}

/** The same result; where kubectl itself refused, in one line what that means, with kubectl's words behind it. */
function explained(result: ExecResult): ExecResult {
	if (result.exitCode === 0 || result.exitCode === null) return result;
	const words = wordsOf({...result, stdout: ''}).replace(exitLine, '');
	const meaning = meanings.find(([pattern]) => pattern.test(words))?.[1];
	return {...result, stderr: meaning === undefined ? words : `${meaning} (${sanitize(words)})`};
}
