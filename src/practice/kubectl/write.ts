import {NotModelledError} from '../datastore/errors.ts';
import {StatusError} from '../kubernetes/status-error.ts';
import type {WriteOptions, Written} from '../kubernetes/strategy.ts';
import type {Arguments} from './arguments.ts';
import type {Outcome} from './outcome.ts';
import {Refusal} from './outcome.ts';
import {formatOf, type Typed} from './output.ts';
import {type Named, objectText} from './resource-type.ts';

/** One object that a command dealt with, and in a word what became of it: `created`, `patched (no change)`. */
export type Deed = Typed & {
	readonly done: string;
	readonly warnings?: readonly string[] /** Lines that go before. */;
	readonly notes?: readonly string[];
};

/** Whether a command shall only try: on the server, or in kubectl itself. @throws Refusal */
export function dryRunOf(options: Arguments): 'none' | 'client' | 'server' {
	const value = options.value('dry-run');
	switch (value) {
		case undefined:
		case 'none':
			return 'none';
		case 'client':
		case 'server':
			return value;
		default:
			if (value === '') throw new NotModelledError('--dry-run without a value');
			throw new Refusal(`error: Invalid dry-run value (${value}). Must be "none", "server", or "client".`);
	}
}

/** Does the action on every object, going on after the API server refused one. */
export function forEachNamed(
	named: readonly Named[],
	action: (named: Named) => Deed,
): {readonly deeds: readonly Deed[]; readonly errors: readonly Error[]} {
	const deeds: Deed[] = [];
	const errors: Error[] = [];
	for (const one of named) {
		try {
			deeds.push(action(one));
		} catch (error) {
			if (!(error instanceof StatusError)) throw error;
			errors.push(error);
		}
	}
	return {deeds, errors};
}

/** How the API server is asked to write: what kubectl sends for `--dry-run` and `--validate`. */
export function writeOptions(options: Arguments): WriteOptions {
	const validate = options.value('validate') ?? 'strict';
	const validation = {
		strict: 'Strict',
		true: 'Strict',
		'': 'Strict',
		warn: 'Warn',
		ignore: 'Ignore',
		false: 'Ignore',
	} as const;
	const known = Object.entries(validation).find(([name]) => name === validate)?.[1];
	if (!known) throw new NotModelledError(`--validate=${validate}`);
	return {dryRun: dryRunOf(options) === 'server', validation: known, manager: managerOf(options)};
}

/** Who writes, in `metadata.managedFields`. */
export function managerOf(options: Arguments): string {
	const usual = options.command === 'apply' ? 'kubectl-client-side-apply' : `kubectl-${options.command}`;
	return options.value('field-manager') ?? usual;
}

/** What kubectl prints of its deeds: a line each, or the objects as `-o` asks for. */
export function report(options: Arguments, deeds: readonly Deed[], errors: readonly Error[] = []): Outcome {
	const format = formatOf(options);
	// kubectl 1.32 says nothing of a dry run when it patches.
	const isSilent = options.command === 'patch';
	const suffix = isSilent ? '' : {none: '', client: ' (dry run)', server: ' (server dry run)'}[dryRunOf(options)];
	const line = ({resource, object, done, notes = []}: Deed): string =>
		[...notes, `${objectText(resource, object)} ${done}${suffix}`].map(text => `${text}\n`).join('');
	const stderr = deeds.flatMap(({warnings = []}) => warnings.map(warning => `Warning: ${warning}\n`)).join('');
	return {stdout: printed(options, format, deeds, line), stderr, errors};
}

function printed(
	options: Arguments,
	format: ReturnType<typeof formatOf>,
	deeds: readonly Deed[],
	line: (deed: Deed) => string,
): string {
	if (!format) return deeds.map(line).join('');
	// kubectl prints each object by itself as it goes, in YAML with a line between.
	const texts = deeds.map(deed => format([deed], true));
	return texts.join(options.value('output') === 'yaml' ? '---\n' : '');
}

export function deedOf({object, warnings}: Written, resource: Typed['resource'], done: string): Deed {
	return {resource, object, done, warnings};
}
