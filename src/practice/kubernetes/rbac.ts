/** What a user may do; `*` stands for everything. Subresources are named: `pods/exec`. */
export type Rule = {
	readonly verbs: readonly string[];
	readonly groups: readonly string[];
	readonly resources: readonly string[];
	/** Only these objects, where given. */
	readonly names?: readonly string[];
	/** Only in these namespaces, where given. */
	readonly namespaces?: readonly string[];
};

/** Someone whom a kubeconfig's context stands for. */
export type User = {
	readonly name: string;
	readonly rules: readonly Rule[];
	/** The API server no longer takes the user's certificate or token. */
	readonly expired?: boolean;
};

/** What is asked of the authorizer. */
export type Attributes = {
	readonly verb: string;
	readonly group: string;
	/** The plural, with a subresource behind a slash. */
	readonly resource: string;
	readonly namespace?: string | undefined;
	readonly name?: string | undefined;
};

const everything: readonly string[] = ['*'];

/** Everything, as cluster-admin. */
export const adminRules: readonly Rule[] = [{verbs: everything, groups: everything, resources: everything}];

/** Reads everything, changes nothing, and may not run commands in pods. */
export const readerRules: readonly Rule[] = [
	{verbs: ['get', 'list', 'watch'], groups: everything, resources: everything},
];

/** Everything but to run commands in pods. */
export const withoutExecRules: readonly Rule[] = [
	{verbs: everything, groups: ['projectcalico.org', 'crd.projectcalico.org'], resources: everything},
	{verbs: everything, groups: everything, resources: ['nodes', 'nodes/status']},
	...readerRules,
];

/** The users that a practice cluster has unless told otherwise. */
export const defaultUsers: readonly User[] = [
	{name: 'kubernetes-admin', rules: adminRules},
	{name: 'viewer', rules: []},
	// calico-node reads no Secrets unless somebody lets it.
	{name: 'system:serviceaccount:calico-system:calico-node', rules: []},
	{name: 'system:serviceaccount:kube-system:calico-node', rules: []},
];

export function isAllowed(user: User, {verb, group, resource, namespace, name}: Attributes): boolean {
	const holds = (list: readonly string[], value: string): boolean => list.includes('*') || list.includes(value);
	// `pods` does not hold `pods/exec`; `*` holds it.
	return user.rules.some(
		rule =>
			holds(rule.verbs, verb) &&
			holds(rule.groups, group) &&
			holds(rule.resources, resource) &&
			(rule.names === undefined || (name !== undefined && holds(rule.names, name))) &&
			(rule.namespaces === undefined || (namespace !== undefined && holds(rule.namespaces, namespace))),
	);
}
