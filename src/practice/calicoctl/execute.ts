import {apiVersion} from '../../core/resources.ts';
import type {Datastore} from '../datastore/datastore.ts';
import {DatastoreError, NotModelledError} from '../datastore/errors.ts';
import type {StoredKind, StoredResource} from '../datastore/types.ts';
import type {Arguments} from './arguments.ts';
import {type Host, manifestPaths, Refusal, readText} from './host.ts';
import {isOtherKind, kindNamed} from './kinds.ts';
import {loadResources} from './load.ts';

/** What a command is to be done with; a name of '' in a get means the whole list. */
export type Target = {readonly kind: StoredKind; readonly name: string; readonly resource: StoredResource};

/** What became of each target (CommandResults of calicoctl/commands/common/resources.go). */
export type Results<T> = {
	readonly targets: number;
	readonly done: readonly T[];
	readonly errors: readonly string[];
	/** The kind where all are of one, else ''. */
	readonly singleKind: string;
};

/**
 * Refuses when client and cluster are not of one version (common/version_mismatch.go).
 * @throws Refusal, with the prefix of the command that asks.
 */
export function checkVersion({datastore, clientVersion}: Host, options: Arguments, prefix = ''): void {
	if (options.has('--allow-version-mismatch')) return;
	const cluster = clusterVersion(datastore, prefix);
	if (typeof cluster !== 'string' || cluster === '') return;
	if (bareVersion(cluster) === bareVersion(clientVersion)) return;
	throw new Refusal(
		`${prefix}version mismatch.\nClient Version:   ${clientVersion}\nCluster Version:  ${bareVersion(cluster)}\nUse --allow-version-mismatch to override`,
	);
}

function clusterVersion(datastore: Datastore, prefix: string): unknown {
	try {
		return datastore.get('ClusterInformation', 'default')?.spec.calicoVersion;
	} catch (error) {
		if (!(error instanceof DatastoreError)) throw error;
		// What an API server that is not there, or does not let the user read, looks like first.
		const why = `unable to get Cluster Information to verify version mismatch: ${error.message}`;
		throw new Refusal(`${prefix}${why}\nUse --allow-version-mismatch to override`);
	}
}

function bareVersion(version: string): string {
	return version.replace(/^v/, '').replace(/-.*$/, '');
}

/** The targets that the command line names, by `--filename` or by kind and names. @throws Refusal */
export function targetsOf(host: Host, options: Arguments, prefix: string): readonly Target[] {
	const filename = options.value('--filename');
	return filename === undefined ? namedTargets(options.words, prefix) : fileTargets(host, options, filename, prefix);
}

function namedTargets([typed = '', ...names]: readonly string[], prefix: string): readonly Target[] {
	const info = kindNamed(typed);
	if (!info) {
		if (isOtherKind(typed)) throw new NotModelledError(`the kind ${typed}`);
		throw new Refusal(`${prefix}resource type '${typed}' is not supported`);
	}
	if (names.includes('')) throw new Refusal(`${prefix}resource name may not be empty`);
	const {kind} = info;
	return (names.length === 0 ? [''] : names).map(name => ({
		kind,
		name,
		resource: {kind, apiVersion, metadata: {name}, spec: {}},
	}));
}

function fileTargets(host: Host, options: Arguments, filename: string, prefix: string): readonly Target[] {
	const skipEmpty = options.has('--skip-empty');
	const paths = manifestPaths(filename, host.directory, options.has('--recursive'));
	const targets = (paths ?? [filename]).flatMap(path => {
		const loaded = load(host, path);
		if (loaded.length === 0 && !skipEmpty) throw new Refusal(`${prefix}no resources specified in file ${path}`);
		return loaded.map(resource => ({kind: resource.kind, name: resource.metadata.name, resource}));
	});
	if (targets.length === 0 && !skipEmpty) throw new Refusal(`${prefix}no resources specified in directory ${filename}`);
	return targets;
}

function load({input, directory}: Host, path: string): readonly StoredResource[] {
	try {
		return loadResources(path === '-' ? input : readText(path, directory));
	} catch (error) {
		if (error instanceof DatastoreError) throw new Refusal(`failed to execute command: ${error.message}`);
		throw error;
	}
}

/** Does the action on every target, going on after an error, and collects what came of it. */
export function forEach<T>(options: Arguments, targets: readonly Target[], action: (target: Target) => T): Results<T> {
	const done: T[] = [];
	const errors: string[] = [];
	for (const target of targets) {
		try {
			checkNamespace(options, target);
			done.push(action(target));
		} catch (error) {
			if (!(error instanceof DatastoreError)) throw error;
			errors.push(error.message);
		}
	}
	const kinds = [...new Set(targets.map(({kind}) => kind))];
	return {targets: targets.length, done, errors, singleKind: kinds.length === 1 ? (kinds[0] ?? '') : ''};
}

/** None of the kinds that the practice cluster holds lives in a namespace. */
function checkNamespace(options: Arguments, {kind, resource}: Target): void {
	if (resource.metadata.namespace) {
		throw new DatastoreError(
			'invalid',
			`namespace should not be specified for a non-namespaced resource. ${kind} is not a namespaced resource`,
		);
	}
	if (options.has('--all-namespaces') || options.value('--namespace')) {
		throw new DatastoreError('invalid', `${kind} is not namespaced`);
	}
}
