import {basename} from 'node:path';
import type {JsonObject} from '../../core/json.ts';
import {printYaml} from '../calicoctl/print-yaml.ts';
import {NotModelledError} from '../datastore/errors.ts';
import type {Arguments} from './arguments.ts';
import {printByTemplate} from './json-path.ts';
import {type Outcome, Refusal} from './outcome.ts';
import {printColumns} from './table.ts';

/** One context of a kubeconfig: which cluster, as whom. */
export type Context = {
	readonly name: string;
	readonly cluster: string;
	readonly user: string;
	readonly namespace?: string;
	/** The API server's address; the practice cluster's own unless given. Nothing answers at any other. */
	readonly server?: string;
};

/** A kubeconfig file. */
export type Kubeconfig = {readonly contexts: readonly Context[]; readonly current: string};

/** The address of the practice cluster's API server. */
export const practiceServer = 'https://127.0.0.1:6443';

/** Which cluster, user and namespace a command line means. */
export type Connection = {readonly server: string; readonly user: string; readonly namespace: string};

/** The kubeconfig of `--kubeconfig`, by its base name, else the usual one. @throws Refusal */
export function chooseKubeconfig(
	usual: Kubeconfig,
	files: Readonly<Record<string, Kubeconfig>>,
	options: Arguments,
): Kubeconfig {
	const path = options.value('kubeconfig');
	if (path === undefined) return usual;
	const found = files[basename(path)];
	if (!found) throw new Refusal(`error: stat ${path}: no such file or directory`);
	return found;
}

/** Reads `--context`, `--server` and `--namespace` on top of a kubeconfig. @throws Refusal */
export function connectionOf({contexts, current}: Kubeconfig, options: Pick<Arguments, 'value'>): Connection {
	const name = options.value('context') ?? current;
	const context = contexts.find(candidate => candidate.name === name);
	if (!context) {
		throw new Refusal(`Error in configuration: context was not found for specified context: ${name}`);
	}
	return {
		server: options.value('server') ?? context.server ?? practiceServer,
		user: context.user,
		namespace: options.value('namespace') ?? context.namespace ?? 'default',
	};
}

/** `kubectl config current-context`, `get-contexts` and `view` */
export function runConfig(config: Kubeconfig, options: Arguments): Outcome {
	switch (options.command) {
		case 'config current-context':
			return {stdout: `${config.current}\n`};
		case 'config get-contexts':
			return {stdout: printContexts(config, options)};
		case 'config view':
			return {stdout: view(config, options)};
		default:
			throw new NotModelledError(`kubectl ${options.command}`);
	}
}

function printContexts({contexts, current}: Kubeconfig, options: Arguments): string {
	if (options.words.length > 0) throw new NotModelledError('kubectl config get-contexts NAME');
	const sorted = [...contexts].sort((left, right) => (left.name < right.name ? -1 : 1));
	if (options.value('output') === 'name') return sorted.map(({name}) => `${name}\n`).join('');
	const rows = sorted.map(({name, cluster, user, namespace = ''}) => [
		name === current ? '*' : '',
		name,
		cluster,
		user,
		namespace,
	]);
	const headings = ['CURRENT', 'NAME', 'CLUSTER', 'AUTHINFO', 'NAMESPACE'];
	return printColumns(options.has('no-headers') ? rows : [headings, ...rows]);
}

function view(config: Kubeconfig, options: Arguments): string {
	const current = options.value('context') ?? config.current;
	const contexts = options.has('minify') ? config.contexts.filter(({name}) => name === current) : config.contexts;
	if (options.has('minify') && contexts.length === 0) throw new Refusal(`error: cannot locate context ${current}`);
	const value = kubeconfigObject({contexts, current});
	const [format = '', ...rest] = (options.value('output') ?? 'yaml').split('=');
	// kubectl prints a kubeconfig in the order of its Go type in JSON, and in the order of the keys in YAML.
	if (format === 'json') return `${JSON.stringify(value, null, 4)}\n`;
	if (format === 'yaml') return printYaml(value);
	if (format === 'jsonpath') return printByTemplate(rest.join('='), value);
	throw new NotModelledError(`kubectl config view -o ${format}`);
}

function kubeconfigObject({contexts, current}: Kubeconfig): JsonObject {
	const clusters = new Map(contexts.map(({cluster, server}) => [cluster, server ?? practiceServer]));
	const users = [...new Set(contexts.map(({user}) => user))];
	return {
		kind: 'Config',
		apiVersion: 'v1',
		preferences: {},
		clusters: [...clusters].map(([name, server]) => ({name, cluster: {server}})),
		users: users.map(name => ({name, user: {token: 'REDACTED'}})),
		contexts: contexts.map(({name, cluster, user, namespace}) => ({
			name,
			context: {cluster, ...(namespace !== undefined && {namespace}), user},
		})),
		'current-context': current,
	};
}
