import {ClusterError, type ClusterErrorKind} from '../errors.ts';
import type {ExecResult} from '../exec.ts';
import {explainNoExit} from '../no-exit.ts';
import type {Command} from '../port.ts';
import {redact} from '../redact.ts';
import {sanitize} from '../sanitize.ts';

/** One way in which kubectl says that something failed. */
type Rule = {
	readonly kind: ClusterErrorKind;
	readonly pattern: RegExp;
	/** One sentence; the match's groups are the resource and its name where it has them. */
	readonly sentence: (resource: string, name: string) => string;
	readonly next: readonly string[];
	/** False where the write may have arrived all the same. */
	readonly settled: boolean;
};

/** klog's lines (discovery retries, API warnings) and server warnings; on success they come as well. */
const noise = /^(?:[IWEF]\d{4} [\d:.]+\s+\d+ [\w.-]+\.go:\d+\]|Warning: ).*$\n?/gm;

const reach = [
	'Try it by hand: kubectl get nodes',
	'Check which cluster kubectl talks to: kubectl config get-contexts, --context, --kubeconfig.',
];
const login = [
	'Log in again, in the way this cluster asks for, then try: kubectl get nodes',
	'Check the user of the context: kubectl config view --minify',
];
const again = ['Look at what changed, and try again.'];
const admission = ['Nothing was changed. Ask whoever runs the policy that the words name.'];

/** Searched from the first to the last; several kinds of failure can stand in one output, the first rule wins. */
const rules: readonly Rule[] = [
	{
		// NewDryRunUnsupportedErr of Kubernetes' admission webhooks; the second is kubectl's own, of older releases.
		kind: 'no-dry-run',
		pattern: /admission webhook "[^"]*" does not support dry run|doesn't support dry-run/,
		sentence: () => 'The cluster cannot try this without doing it.',
		next: [],
		settled: true,
	},
	{
		kind: 'invalid',
		pattern: /admission webhook "[^"]*" denied the request|ValidatingAdmissionPolicy '[^']*'.* denied request/,
		sentence: () => "One of the cluster's admission policies refuses this.",
		next: admission,
		settled: true,
	},
	{
		kind: 'failed',
		pattern: /failed calling webhook/,
		sentence: () => "One of the cluster's admission webhooks does not answer.",
		next: ['Nothing was changed. Mend the webhook that the words name, then try again.'],
		settled: true,
	},
	{
		kind: 'missing',
		pattern: /^Error from server \(NotFound\): (?:error when \S+ "[^"]*": )?(\S+) "([^"]+)" not found/m,
		sentence: (resource, name) => `There is no ${resource} ${name}.`,
		next: ['Somebody may have deleted it: look again.'],
		settled: true,
	},
	{
		kind: 'exists',
		pattern: /^Error from server \(AlreadyExists\): (?:error when \S+ "[^"]*": )?(\S+) "([^"]+)" already exists/m,
		sentence: (resource, name) => `There is a ${resource} ${name} already.`,
		next: ['Somebody may have created it: look again.'],
		settled: true,
	},
	{
		kind: 'conflict',
		pattern:
			/^Error from server \(Conflict\): (?:error when \S+ "[^"]*": )?Operation cannot be fulfilled on (\S+) "([^"]+)"/m,
		sentence: (resource, name) => `Somebody else changed ${resource} ${name} at the same moment.`,
		next: again,
		settled: true,
	},
	{
		kind: 'conflict',
		pattern: /^Error from server \(Conflict\)/m,
		sentence: () => 'Somebody else changed the resource at the same moment.',
		next: again,
		settled: true,
	},
	{
		kind: 'forbidden',
		pattern: /^Error from server \(Forbidden\)|unable to upgrade connection: Forbidden/m,
		sentence: () => 'The cluster does not allow you to do this.',
		next: [
			"Ask for the right that the cluster's words name.",
			'"calico-rr-wizard doctor" lists every right that is needed and which ones are missing.',
		],
		settled: true,
	},
	{
		kind: 'forbidden',
		pattern:
			/\(Unauthorized\)|must be logged in to the server|asked for the client to provide credentials|getting credentials: |\bno Auth Provider found\b|oauth2: |token (?:has |is )?expired|certificate has expired|^Please enter Username:/im,
		sentence: () => 'The cluster does not know who you are: your credentials are missing or have expired.',
		next: login,
		settled: true,
	},
	{
		kind: 'invalid',
		pattern:
			/^(?:The (?:\S+ "[^"]*"|request) is invalid:|Error from server \((?:Invalid|BadRequest)\)|error: (?:error validating|error parsing|unable to decode|unable to parse) )/m,
		sentence: () => 'The cluster does not accept this.',
		next: ["Nothing was changed. The cluster's words name the field."],
		settled: true,
	},
	{
		kind: 'failed',
		pattern:
			/the server doesn't have a resource type "([^"]*)"|no matches for kind "([^"]*)"|the server could not find the requested resource/,
		sentence: (plural, kind) => `The cluster does not know ${plural || kind || 'this resource'}.`,
		next: ['Is Calico installed in this cluster, with Kubernetes as its datastore? For etcd use --via calicoctl.'],
		settled: true,
	},
	{
		kind: 'unreachable',
		pattern:
			/context was not found for specified context|no context exists with the name|context "[^"]*" does not exist|error: (?:stat \S+|open \S+|error loading config file)|Missing or incomplete configuration info|invalid configuration/,
		sentence: () => 'kubectl is not set up for this cluster.',
		next: reach.slice(1),
		settled: true,
	},
	{
		kind: 'failed',
		pattern: /unknown (?:long |shorthand )?(?:command|flag)/i,
		sentence: () => 'This kubectl does not know an option that was given to it.',
		next: ['Use a newer kubectl: "kubectl version".'],
		settled: true,
	},
	{
		kind: 'unreachable',
		pattern:
			/was refused - did you specify the right host or port|connection refused|no such host|no route to host|network is unreachable|x509: |\btls: /,
		sentence: () => "The cluster's API server cannot be reached.",
		next: reach,
		settled: true,
	},
	{
		kind: 'unreachable',
		pattern: /\((?:ServiceUnavailable|TooManyRequests)\)|server is currently unable to handle the request/,
		sentence: () => "The cluster's API server cannot handle this now.",
		next: [
			'If the words name projectcalico.org/v3, look at the API service: kubectl get apiservices v3.projectcalico.org',
			...reach.slice(0, 1),
		],
		settled: true,
	},
	{
		kind: 'timeout',
		pattern: /\(Timeout\)|Client\.Timeout exceeded|context deadline exceeded|etcdserver: request timed out/,
		sentence: () => "The cluster's API server did not answer in time.",
		next: reach,
		settled: false,
	},
	{
		kind: 'unreachable',
		pattern:
			/Unable to connect to the server|i\/o timeout|connection reset|handshake timeout|client connection lost|\bEOF\b|etcdserver: |\bdial (?:tcp|unix)/,
		sentence: () => "The connection to the cluster's API server failed.",
		next: reach,
		settled: false,
	},
];

/** kubectl's own words, without klog's noise: stderr, or stdout where it asks for a user name there. */
export function wordsOf({stdout, stderr}: ExecResult): string {
	const words = stderr.replaceAll(noise, '').trim();
	if (stdout.startsWith('Please enter Username: ')) return redact(`${stdout.trim()}\n${words}`.trim());
	return redact(words || stderr.trim() || stdout.trim().slice(0, 2000));
}

/** What to do where kubectl left no exit code. */
const nextWithoutExit: Readonly<Record<NonNullable<ExecResult['failure']>, readonly string[]>> = {
	'not-found': ['Install kubectl, or say where it is with --kubectl.', 'Or try the practice cluster: --practice.'],
	'not-executable': ['Say where kubectl is with --kubectl.'],
	timeout: reach,
	aborted: [],
	killed: [],
};

/** What a failed kubectl tells: the kind, a sentence of ours, its own words, what to do. */
export function failureOf(
	command: Command,
	result: ExecResult,
	{writes, timeout}: {readonly writes: boolean; readonly timeout: number},
): ClusterError {
	const words = wordsOf(result);
	const {exitCode, failure} = result;
	const error = (kind: ClusterErrorKind, message: string, next: readonly string[], settled = true) =>
		new ClusterError(kind, message, {command, words, exitCode, next, settled: settled || !writes});
	const tool = sanitize(command.file);
	const noExit = explainNoExit(failure, tool, timeout);
	if (noExit)
		return error(noExit.kind, noExit.message, failure === undefined ? [] : nextWithoutExit[failure], noExit.settled);
	for (const {kind, pattern, sentence, next, settled} of rules) {
		const match = pattern.exec(words);
		if (match === null) continue;
		return error(kind, sentence(sanitize(match[1] ?? ''), sanitize(match[2] ?? '')), next, settled);
	}
	// Words that nobody foresaw: whether the write arrived is found out by reading.
	return error('failed', `${tool} failed with exit code ${exitCode}.`, reach.slice(0, 1), false);
}

/** Whether kubectl says that just this one resource does not exist. */
export function isMissing(result: ExecResult, name: string): boolean {
	const match = /^Error from server \(NotFound\): \S+ "([^"]+)" not found$/.exec(wordsOf(result));
	return result.exitCode === 1 && match?.[1] === name;
}

/** Whether kubectl says that the cluster refuses this user. */
export function isForbidden(error: unknown): error is ClusterError {
	return error instanceof ClusterError && error.kind === 'forbidden';
}
