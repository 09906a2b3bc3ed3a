/** What stands in the place of a secret. */
export const hidden = '(hidden)';

/** How the names of secrets end: the same as in the last of the patterns below. */
const secretName = /(?:password|passwd|token|secret|[a-z]-key-data|certificate-data|authority-data)$/i;

/** What gives away a secret in the words of a tool, and what is left of it. */
const secrets: readonly (readonly [RegExp, string])[] = [
	// A certificate or key, even one that is cut off: its text runs to its end mark, or as long as there is Base64.
	[/-----BEGIN [A-Z0-9 ]{1,60}-----(?:[^-]*-----END [A-Z0-9 ]{1,60}-----|[\sA-Za-z0-9+/=\\]*)/g, hidden],
	// A URL's user and password (RFC 3986 §3.2.1).
	// The scheme is bounded: without that a megabyte of letters is looked through once for each of them.
	[/([a-z][a-z0-9+.-]{0,30}:\/\/)[^\s/@]{1,1000}@/gi, '$1'],
	[/\b(Bearer|Basic) +[\w.~+/=-]{1,10000}/g, `$1 ${hidden}`],
	// A JSON Web Token, as service accounts have: three Base64 parts, the first of which begins with {".
	[/\beyJ[\w-]{5,10000}\.[\w-]{5,10000}\.[\w-]{0,10000}/g, hidden],
	// kubeconfig and calicoctl settings, as YAML, JSON, flags or environment variables. Not the Go structs in which Calico
	// quotes a refused resource, `Spec.NodeMeshPassword = '{Info 0x…`: they hold pointers (measured on 3.32).
	[
		/\b([\w-]{0,40}(?:password|passwd|token|secret|[a-z]-key-data|certificate-data|authority-data)["']?\s{0,3}[=:]\s{0,3})(?!'\{)(?:"[^"\n]{1,10000}"|'[^'\n]{1,10000}'|[^\s"',}{]{1,10000})/gi,
		`$1${hidden}`,
	],
	// The same in a command line, where a secret is a word of its own (see `announcesSecret`).
	[/(\s--?[\w-]{0,40}(?:password|passwd|token|secret)\s{1,3})(?!-)[^\s"',]{1,1000}/gi, `$1${hidden}`],
	[/(\bsshpass\s{1,3}(?:-[^p\s]\S{0,100}\s{1,3}){0,5}-p\s{0,3})[^\s"',]{1,1000}/g, `$1${hidden}`],
	[/(\s-pw\s{1,3})[^\s"',]{1,1000}/g, `$1${hidden}`],
];

/** A cheap look first: most answers hold none of it, and some are megabytes long. */
const suspicious = /-----BEGIN|@|Bearer |Basic |eyJ|password|passwd|token|secret|-data|sshpass|-pw/i;

/** A tool's words without the values of secrets that it may quote: tokens, passwords, keys. Their names stay. */
export function redact(text: string): string {
	return suspicious.test(text)
		? secrets.reduce((rest, [pattern, replacement]) => rest.replaceAll(pattern, replacement), text)
		: text;
}

/**
 * Whether a secret is the next word of a command: after an option whose name says so, after the -p of sshpass, and after
 * the -pw of PuTTY's plink. A --node-shell may have any of them.
 */
export function announcesSecret(words: readonly string[]): boolean {
	const option = words.at(-1) ?? '';
	if (option === '-p') return words.some(word => /(?:^|\/)sshpass$/.test(word));
	return option === '-pw' || (/^--?[\w-]+$/.test(option) && isSecretName(option));
}

/** Whether what stands under that name is a secret. */
export function isSecretName(name: string): boolean {
	return secretName.test(name);
}
