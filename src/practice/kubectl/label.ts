import {NotModelledError} from '../datastore/errors.ts';
import type {Arguments} from './arguments.ts';
import type {Host} from './host.ts';
import {type Outcome, Refusal} from './outcome.ts';
import {keyIn, namedObjects} from './resource-type.ts';
import {type Deed, dryRunOf, forEachNamed, managerOf, report} from './write.ts';

type Texts = Readonly<Record<string, string>>;

/** What the two commands say of their work. */
const words = {
	labels: {set: 'labeled', removed: 'unlabeled', none: 'not labeled', one: 'label'},
	annotations: {set: 'annotated', removed: 'annotated', none: 'annotated', one: 'annotation'},
} as const;

/** `kubectl label` and `kubectl annotate`: `KEY=VALUE` sets, `KEY-` removes. */
export function runMark(host: Host, options: Arguments, field: 'labels' | 'annotations'): Outcome {
	const changes = options.words.filter(isChange);
	const named = options.words.filter(word => !isChange(word));
	if (changes.length === 0) throw new Refusal(`error: at least one ${words[field].one} update is required`);
	if (dryRunOf(options) === 'client') throw new NotModelledError(`kubectl ${options.command} --dry-run=client`);
	const target = namedObjects(host.api.resources(), named);
	if (!('named' in target)) throw new Refusal('error: resource(s) were provided, but no name was specified');
	const {api, namespace} = host;
	const {deeds, errors} = forEachNamed(target.named, ({resource, name}): Deed => {
		const key = keyIn(resource, name, namespace);
		const before = api.get(resource, key);
		const old = before.metadata[field] ?? {};
		const entries = changes.map(change => readChange(change, old, options.has('overwrite')));
		const absent = entries.filter(([label, value]) => value === null && !Object.hasOwn(old, label));
		const notes = field === 'labels' ? absent.map(([label]) => `label "${label}" not found.`) : [];
		const body = {metadata: {[field]: Object.fromEntries(entries)}};
		const written = api.patch(
			resource,
			key,
			{type: 'merge', body},
			{
				dryRun: dryRunOf(options) === 'server',
				manager: managerOf(options),
			},
		);
		return {resource, object: written.object, done: deedWord(field, entries, old), warnings: written.warnings, notes};
	});
	return report(options, deeds, errors);
}

function isChange(word: string): boolean {
	return /^[^/=]*(?:\/[^/=]*)?=/.test(word) || /^[^=]+-$/.test(word);
}

function readChange(change: string, old: Texts, overwrite: boolean): readonly [string, string | null] {
	const removal = /^([^=]+)-$/.exec(change)?.[1];
	if (removal !== undefined) return [removal, null];
	const [key = '', ...rest] = change.split('=');
	const value = rest.join('=');
	const present = Object.hasOwn(old, key) ? old[key] : undefined;
	if (present !== undefined && present !== value && !overwrite) {
		throw new Refusal(`error: '${key}' already has a value (${present}), and --overwrite is false`);
	}
	return [key, value];
}

function deedWord(
	field: 'labels' | 'annotations',
	entries: readonly (readonly [string, string | null])[],
	old: Texts,
): string {
	const changed = entries.filter(([key, value]) => (value === null ? Object.hasOwn(old, key) : old[key] !== value));
	if (changed.length === 0) return words[field].none;
	return changed.every(([, value]) => value === null) ? words[field].removed : words[field].set;
}
