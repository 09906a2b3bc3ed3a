import type {ExecResult} from '../../cluster/exec.ts';
import {NotModelledError} from '../datastore/errors.ts';
import type {ApiServer} from '../kubernetes/api-server.ts';
import {isAllowed, type User} from '../kubernetes/rbac.ts';
import {StatusError} from '../kubernetes/status-error.ts';
import type {NodeAnswer} from '../node/answers.ts';
import {type Arguments, readArguments} from './arguments.ts';
import {runCanI, runWhoAmI} from './auth.ts';
import {runApply, runCreate, runReplace} from './create.ts';
import {runDelete} from './delete.ts';
import {runApiResources, runApiVersions} from './discovery.ts';
import {runExec} from './exec.ts';
import {runGet} from './get.ts';
import type {Host} from './host.ts';
import {chooseKubeconfig, connectionOf, type Kubeconfig, practiceServer, runConfig} from './kubeconfig.ts';
import {runMark} from './label.ts';
import {errorText, type Outcome, Refusal} from './outcome.ts';
import {runPatch} from './patch.ts';
import {failWith, refusedBy, unauthorized} from './unreachable.ts';
import {runVersion, type ServerVersion} from './version.ts';

/** The exit code for what the practice cluster does not know; kubectl itself has only 0 and 1, but for exec's. */
const notModelled = 70;

/** What kubectl needs of the machine and the cluster. */
export type KubectlParts = {
	readonly server: ApiServer;
	readonly version: ServerVersion;
	readonly users: readonly User[];
	readonly kubeconfig: Kubeconfig;
	/** Files for `--kubeconfig`, by their base names. */
	readonly kubeconfigs: Readonly<Record<string, Kubeconfig>>;
	readonly input: string;
	readonly directory: string;
	/** Milliseconds since the epoch. */
	readonly now: number;
};

const commands: Readonly<Record<string, (host: Host, options: Arguments) => Outcome | Promise<Outcome>>> = {
	get: runGet,
	create: runCreate,
	apply: runApply,
	replace: runReplace,
	patch: runPatch,
	delete: runDelete,
	label: (host, options) => runMark(host, options, 'labels'),
	annotate: (host, options) => runMark(host, options, 'annotations'),
	exec: runExec,
	'auth can-i': runCanI,
	'auth whoami': runWhoAmI,
	'api-resources': runApiResources,
	'api-versions': runApiVersions,
	'cluster-info': ({server}) => ({
		stdout: `Kubernetes control plane is running at ${server.url}\n\nTo further debug and diagnose cluster problems, use 'kubectl cluster-info dump'.\n`,
	}),
};

/** Runs one kubectl command against the practice cluster's API server, as kubectl 1.32 would. */
export function runKubectl(argv: readonly string[], parts: KubectlParts): NodeAnswer {
	try {
		const outcome = dispatch(argv, parts);
		return outcome instanceof Promise ? outcome.then(resultOf) : resultOf(outcome);
	} catch (error) {
		if (error instanceof NotModelledError) return {stdout: '', stderr: `${error.message}\n`, exitCode: notModelled};
		if (error instanceof Refusal || error instanceof StatusError) return resultOf({stdout: '', errors: [error]});
		throw error;
	}
}

function resultOf({stdout, stderr = '', errors = [], exitCode}: Outcome): ExecResult {
	const texts = errors.map(error => `${errorText(error)}\n`).join('');
	return {stdout, stderr: stderr + texts, exitCode: exitCode ?? (errors.length > 0 ? 1 : 0)};
}

function dispatch(argv: readonly string[], parts: KubectlParts): Outcome | Promise<Outcome> {
	const options = readArguments(argv);
	const kubeconfig = chooseKubeconfig(parts.kubeconfig, parts.kubeconfigs, options);
	if (options.command.startsWith('config ')) return runConfig(kubeconfig, options);
	if (options.command === 'version' && options.has('client')) return runVersion(options, () => parts.version);
	const {server, user: name, namespace} = connectionOf(kubeconfig, options);
	const actor = parts.users.find(candidate => candidate.name === name);
	const trouble = server !== practiceServer ? refusedBy(server) : !actor || actor.expired ? unauthorized : undefined;
	if (options.command === 'version') {
		return runVersion(options, () => {
			if (trouble) throw new Refusal(trouble.last);
			return parts.version;
		});
	}
	if (trouble || !actor) return failWith(options, trouble ?? unauthorized, parts.now);
	const user = impersonated(parts.users, actor, options);
	const run = commands[options.command];
	if (!run) throw new NotModelledError(`kubectl ${options.command}`);
	const {input, directory, now, version} = parts;
	const {options: api} = parts.server;
	const host: Host = {
		api: parts.server.as(user),
		options: api,
		namespace,
		input,
		directory,
		now,
		server: {url: practiceServer, version},
	};
	return run(host, options);
}

const serviceAccount = /^system:serviceaccount:([^:]+):([^:]+)$/;

/** The user of `--as`, whom only those may stand for who are allowed to impersonate. @throws StatusError */
function impersonated(users: readonly User[], actor: User, options: Arguments): User {
	const name = options.value('as');
	if (name === undefined) return actor;
	const [, namespace, account] = serviceAccount.exec(name) ?? [];
	const resource = account === undefined ? 'users' : 'serviceaccounts';
	if (!isAllowed(actor, {verb: 'impersonate', group: '', resource, namespace})) {
		const where = namespace === undefined ? 'at the cluster scope' : `in the namespace "${namespace}"`;
		const why = `User "${actor.name}" cannot impersonate resource "${resource}" in API group "" ${where}`;
		throw new StatusError('Forbidden', `${resource} "${account ?? name}" is forbidden: ${why}`);
	}
	return users.find(candidate => candidate.name === name) ?? {name, rules: []};
}
