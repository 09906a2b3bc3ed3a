import {ClusterError, type ClusterErrorKind} from '../errors.ts';
import type {ExecResult} from '../exec.ts';
import {explainNoExit} from '../no-exit.ts';
import type {Command} from '../port.ts';
import {redact} from '../redact.ts';
import {sanitize} from '../sanitize.ts';

/** One way in which calicoctl says that something failed. */
type Rule = {
	readonly kind: ClusterErrorKind;
	/** Searched in what is left of the tool's words once the wrappers are off. */
	readonly pattern: RegExp;
	/** One sentence; the match's groups are Calico's kind and name where it has them. */
	readonly sentence: (kind: string, name: string) => string;
	readonly next: readonly string[];
};

/** client-go logs API warnings to stderr on success as well (measured on 3.32: `unknown field "status"`). */
const noise = /^[IWEF]\d{4} [\d:.]+\s+\d+ warnings\.go:\d+\].*$\n?/gm;

/**
 * What calicoctl puts around the client library's error (crud_commands.go, resources.go; first letter a capital up to
 * 3.30, `hit error(s):` up to 3.32).
 */
const wrapper =
	/^(?:hit error(?:\(s\))?: |failed to (?:apply|create|replace|delete|validate) (?:any )?(?:'\w+' )?resources?: |failed to get resources: |failed to get \S+ \S+, error |failed to execute command: |failed to create Calico API client: |updating existing resource: |unable to get Cluster Information to verify version mismatch: |\[)/i;

const rights = [
	"Give calicoctl's user the right that its words name; Calico's manifests/calicoctl.yaml has all of them.",
];
const reach = [
	'Try it by hand: calicoctl get nodes',
	'Check how calicoctl finds the datastore: --calicoctl-config, --context, DATASTORE_TYPE, KUBECONFIG, ETCD_ENDPOINTS.',
];
const change = ["Nothing was changed. The tool's words name the field."];

const rules: readonly Rule[] = [
	{
		kind: 'version-mismatch',
		pattern: /^version mismatch\.\s+Client Version:\s+(\S+)\s+Cluster Version:\s+(\S+)/i,
		sentence: (client, cluster) => `calicoctl ${client} does not work on a cluster of Calico ${cluster}.`,
		next: [
			"Use a calicoctl of the cluster's version.",
			'Or give --allow-version-mismatch, which is passed on to calicoctl.',
		],
	},
	{
		kind: 'missing',
		pattern: /^resource does not exist: (\w+)\(([^)]*)\)/i,
		sentence: (kind, name) => `There is no ${kind} ${name}.`,
		next: ['Somebody may have deleted it: look again.'],
	},
	{
		kind: 'exists',
		pattern: /^resource already exists: (\w+)\(([^)]*)\)/i,
		sentence: (kind, name) => `There is a ${kind} ${name} already.`,
		next: ['Somebody may have created it: look again.'],
	},
	{
		kind: 'conflict',
		pattern: /^update conflict: (\w+)\(([^)]*)\)/i,
		sentence: (kind, name) => `Somebody else changed ${kind} ${name} at the same moment.`,
		next: ['Look at what changed, and try again.'],
	},
	{
		// calicoctl's literal text after five conflicts in a row (resourcemgr.go, a slip of its format string).
		kind: 'conflict',
		pattern: /^failed to update the resource: %!s\(<nil>\)/i,
		sentence: () => 'Somebody else kept changing the resource at the same moment.',
		next: ['Look at what changed, and try again.'],
	},
	{
		kind: 'forbidden',
		pattern:
			/^connection is unauthorized: |is forbidden: User |\bUnauthorized$|etcdserver: (?:permission denied|invalid auth token|user name is empty)|code = (?:Unauthenticated|PermissionDenied)/i,
		sentence: () => 'The datastore does not allow calicoctl to do this.',
		next: rights,
	},
	{
		kind: 'invalid',
		pattern:
			/^(?:error with (?:the following fields|field )|field in document is not recognized|unknown resource type|resource type '|resource name may not be empty|no resources specified|performing strategic merge patch: |error (?:converting|unmarshaling) |operation \w+ is not supported on |\w+ is not namespaced)| is invalid: /i,
		sentence: () => 'Calico does not accept this.',
		next: change,
	},
	{
		kind: 'failed',
		// docopt up to 3.32, cobra from 3.33.
		pattern: /^(?:Invalid option: |unknown (?:long |shorthand )?(?:command|flag)|Usage:)/i,
		sentence: () => 'This calicoctl does not know an option that was given to it.',
		next: ['Use a calicoctl of the cluster\'s release: "calicoctl version".'],
	},
	{
		kind: 'failed',
		// `calicoctl label` answers so for every failed read, and `label not changed` without a cause for a failed write.
		pattern: /^\S+ \S+ not found$|label not changed$/i,
		sentence: () => 'calicoctl could not read or change the resource, and does not say why.',
		next: ['It may not exist, be out of reach, or not be allowed: try "calicoctl get" with its kind and name.'],
	},
	{
		kind: 'unreachable',
		pattern:
			/connection refused|connection reset|no such host|i\/o timeout|no route to host|network is unreachable|context deadline exceeded|handshake timeout|x509: |tls: |\bEOF\b|etcdserver: |no etcd endpoints|invalid configuration|Error reading config file|server is currently unable|the server could not find the requested resource|no such file or directory|context "[^"]*" does not exist|\bdial (?:tcp|unix)/i,
		sentence: () => "calicoctl cannot reach the cluster's datastore.",
		next: reach,
	},
];

/** The request never left this machine: nothing can have been written. */
const neverSent =
	/connection refused|no such host|no route to host|network is unreachable|no etcd endpoints|invalid configuration|Error reading config file|x509: /i;

/** The tool's own words: stderr, or stdout where a client that cannot be built is reported there; API warnings left out. */
export function wordsOf({stdout, stderr}: ExecResult): string {
	const errors = stderr.replaceAll(noise, '').trim();
	const onStdout = /^(?:failed to create Calico API client|Error reading config file)/i.test(stdout);
	return redact((onStdout || errors === '' ? `${stdout.trim()}\n${errors}` : errors).trim());
}

/** What to do where calicoctl left no exit code. */
const nextWithoutExit: Readonly<Record<NonNullable<ExecResult['failure']>, readonly string[]>> = {
	'not-found': ['Install calicoctl, or say where it is with --calicoctl.', 'Or try the practice cluster: --practice.'],
	'not-executable': ['Say where calicoctl is with --calicoctl.'],
	timeout: reach,
	aborted: [],
	killed: [],
};

/** What a failed calicoctl tells: the kind, a sentence of ours, its own words, what to do. */
export function failureOf(command: Command, result: ExecResult, {writes, timeout}: {writes: boolean; timeout: number}) {
	const words = wordsOf(result);
	const {exitCode, failure} = result;
	const error = (kind: ClusterErrorKind, message: string, next: readonly string[], settled = true) =>
		new ClusterError(kind, message, {command, words, exitCode, next, settled: settled || !writes});
	const tool = sanitize(command.file);
	const noExit = explainNoExit(failure, tool, timeout);
	if (noExit)
		return error(noExit.kind, noExit.message, failure === undefined ? [] : nextWithoutExit[failure], noExit.settled);
	const inner = unwrap(words);
	for (const {kind, pattern, sentence, next} of rules) {
		const match = pattern.exec(inner);
		if (match === null) continue;
		const settled = kind !== 'unreachable' || neverSent.test(inner);
		return error(kind, sentence(sanitize(match[1] ?? ''), sanitize(match[2] ?? '')), next, settled);
	}
	if (/^failed to create Calico API client/i.test(words)) {
		return error('unreachable', "calicoctl cannot find the cluster's datastore.", reach);
	}
	// calicoctl itself only ever exits with 0 or 1; anything else is a crash, or whatever stands in its place.
	return error('failed', `${tool} failed with exit code ${exitCode}.`, reach.slice(0, 1), exitCode === 1);
}

/** Whether calicoctl says that the one resource it was asked for does not exist. */
export function isMissing(result: ExecResult): boolean {
	const nothing = ['', 'null'].includes(result.stdout.trim());
	return result.exitCode === 1 && nothing && /^resource does not exist: /i.test(unwrap(wordsOf(result)));
}

function unwrap(words: string): string {
	let inner = words;
	for (let match = wrapper.exec(inner); match !== null; match = wrapper.exec(inner))
		inner = inner.slice(match[0].length);
	return inner;
}
