import {DatastoreError} from '../datastore/errors.ts';
import {validate as checkRules} from '../datastore/validate.ts';
import type {Arguments} from './arguments.ts';
import {apply, create, remove, replace} from './client.ts';
import {checkVersion, forEach, type Results, type Target, targetsOf} from './execute.ts';
import {type Host, type Outcome, Refusal} from './host.ts';

/** The words of a command that writes what a file holds. */
type Words = {readonly verb: string; readonly past: string; readonly several: string};

/** `calicoctl create -f` */
export function runCreate(host: Host, options: Arguments): Outcome {
	checkVersion(host, options);
	const skip = skipping('exists', options.has('--skip-exists'));
	const results = forEach(options, targetsToWrite(host, options), target =>
		skip(target, () => create(host.datastore, target)),
	);
	return report(results, {verb: 'create', past: 'created', several: 'hit error'});
}

/** `calicoctl apply -f` */
export function runApply(host: Host, options: Arguments): Outcome {
	checkVersion(host, options);
	const results = forEach(options, targetsToWrite(host, options), target => apply(host.datastore, target));
	return report(results, {verb: 'apply', past: 'applied', several: 'hit error(s)'});
}

/** `calicoctl validate -f`: the rules only, without the datastore. */
export function runValidate(host: Host, options: Arguments): Outcome {
	const results = forEach(options, targetsOf(host, options, ''), ({resource}) => checkRules(resource));
	return report(results, {verb: 'validate', past: 'validated', several: 'hit error(s)'});
}

/** `calicoctl replace -f`: a failed one is counted among the done ones, and only the last error is told. */
export function runReplace(host: Host, options: Arguments): Outcome {
	checkVersion(host, options);
	const {targets, errors, singleKind} = forEach(options, targetsToWrite(host, options), target =>
		replace(host.datastore, target),
	);
	if (targets === 0) return {stdout: 'No resources specified\n'};
	const last = errors.at(-1);
	if (last === undefined) return {stdout: success('replaced', targets, singleKind)};
	return {stdout: partial('replaced', targets, targets, singleKind), error: `hit error: ${last}`};
}

/** `calicoctl delete` */
export function runDelete(host: Host, options: Arguments): Outcome {
	checkVersion(host, options);
	const skip = skipping('missing', options.has('--skip-not-exists'));
	const {targets, done, errors, singleKind} = forEach(options, targetsOf(host, options, ''), target =>
		skip(target, () => remove(host.datastore, target)),
	);
	if (targets === 0) return {stdout: 'No resources specified\n'};
	const stdout = done.length > 0 ? success('deleted', done.length, singleKind) : '';
	const kind = singleKind === '' ? 'resource' : `'${singleKind}' resource`;
	if (errors.length === 0) return {stdout};
	return {stdout, error: errors.map(error => `Failed to delete ${kind}: ${error}\n`).join('')};
}

/** What shall be written. Before it writes, calicoctl sees to it that the datastore is initialized (tryEnsureInitialized). */
function targetsToWrite(host: Host, options: Arguments): readonly Target[] {
	const targets = targetsOf(host, options, '');
	if (targets.length > 0) host.datastore.ensureInitialized?.();
	return targets;
}

/** Treats an error of that kind as success, as `--skip-exists` and `--skip-not-exists` ask for. */
function skipping(kind: DatastoreError['kind'], skip: boolean): <T>(target: Target, action: () => T) => T | Target {
	return (target, action) => {
		try {
			return action();
		} catch (error) {
			if (skip && error instanceof DatastoreError && error.kind === kind) return target;
			throw error;
		}
	};
}

function report({targets, done, errors, singleKind}: Results<unknown>, {verb, past, several}: Words): Outcome {
	if (targets === 0) return {stdout: 'No resources specified\n'};
	const list = `[${errors.join(' ')}]`;
	if (done.length === 0) {
		const kind = singleKind === '' ? '' : `'${singleKind}' `;
		throw new Refusal(`failed to ${verb} ${targets === 1 ? `${kind}resource` : `any ${kind}resources`}: ${list}`);
	}
	if (errors.length === 0) return {stdout: success(past, done.length, singleKind)};
	// calicoctl speaks of a partial success only when more went well than failed.
	const stdout = done.length > errors.length ? partial(past, done.length, targets, singleKind) : '';
	return {stdout, error: `${several}: ${list}`};
}

function success(past: string, count: number, kind: string): string {
	return `Successfully ${past} ${count} ${kind === '' ? '' : `'${kind}' `}resource(s)\n`;
}

function partial(past: string, count: number, targets: number, kind: string): string {
	return `Partial success: ${past} the first ${count} out of ${targets} ${kind === '' ? '' : `'${kind}' `}resources:\n`;
}
