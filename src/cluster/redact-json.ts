import {equalJson, isObject, type Json, type JsonObject} from '../core/json.ts';
import {announcesSecret, hidden, isSecretName, redact} from './redact.ts';

/** Annotations that this program reads, by whose they are. Anybody may have put anything into the others. */
const ownAnnotations = /^(?:projectcalico\.org|calico-rr-wizard)\//;

/**
 * A value without the secrets in it, for files that are kept or handed on: texts under a secret's name, the values of
 * other people's annotations (kubectl keeps a whole copy of what was applied in one), and whatever `redact` finds in
 * any text. A text that is JSON is looked through as JSON and stays JSON.
 */
export function redactJson(value: Json | undefined): Json | undefined {
	if (typeof value === 'string') return redactText(value);
	if (Array.isArray(value)) return redactList(value);
	if (!isObject(value)) return value;
	return Object.fromEntries(Object.entries(value).map(([key, field]) => [key, redactField(value, key, field)]));
}

/** A list may be the words of a command. */
function redactList(list: readonly Json[]): Json[] {
	const words = list.map(each => (typeof each === 'string' ? each : ''));
	return list.map((each, index) => {
		const isSecret = typeof each === 'string' && announcesSecret(words.slice(Math.max(0, index - 8), index));
		return isSecret ? hidden : (redactJson(each) ?? null);
	});
}

function redactField(owner: JsonObject, key: string, field: Json | undefined): Json | undefined {
	if (key === 'annotations' && isObject(field)) return redactAnnotations(field);
	if (typeof field !== 'string' || field === '') return redactJson(field);
	// An environment variable in a pod: {name: ETCD_PASSWORD, value: …}.
	const isNamedSecret = key === 'value' && typeof owner.name === 'string' && isSecretName(owner.name);
	return isNamedSecret || isSecretName(key) ? hidden : redactText(field);
}

function redactAnnotations(annotations: JsonObject): JsonObject {
	return Object.fromEntries(
		Object.entries(annotations).map(([key, value]) => [key, ownAnnotations.test(key) ? redactJson(value) : hidden]),
	);
}

function redactText(text: string): string {
	const value = parsed(text);
	if (value === undefined) return redact(text);
	const clean = redactJson(value);
	// What holds no secret stays as the tool printed it, to the last blank.
	if (equalJson(clean, value)) return text;
	const [, indent = ''] = /\n( +)/.exec(text) ?? [];
	return `${JSON.stringify(clean, null, indent)}${text.endsWith('\n') ? '\n' : ''}`;
}

function parsed(text: string): Json | undefined {
	if (!/^\s*[[{]/.test(text)) return undefined;
	try {
		return JSON.parse(text) as Json;
	} catch {
		return undefined;
	}
}
