import type {ApiResource} from './api-resources.ts';

/** Why the API server refused (`reason` of metav1.Status); kubectl prints it in brackets. */
export type StatusReason =
	| 'NotFound'
	| 'AlreadyExists'
	| 'Conflict'
	| 'Forbidden'
	| 'Unauthorized'
	| 'Invalid'
	| 'BadRequest'
	| 'UnsupportedMediaType'
	| 'MethodNotAllowed'
	| '';

/** One field that the API server found wrong, with the whole sentence about it. */
export type Cause = {readonly field: string; readonly message: string};

/** An answer of the API server that is an error: k8s.io/apimachinery/pkg/api/errors. */
export class StatusError extends Error {
	override readonly name = 'StatusError';
	readonly reason: StatusReason;
	/** For `Invalid`: the kind, the object's name and what is wrong with it. */
	readonly details: {readonly kind: string; readonly object: string; readonly causes: readonly Cause[]} | undefined;
	constructor(reason: StatusReason, message: string, details?: StatusError['details']) {
		super(message);
		this.reason = reason;
		this.details = details;
	}
}

/** `bgppeers.crd.projectcalico.org`, or `nodes` for the core group. */
export function qualifiedName({plural, group}: {readonly plural: string; readonly group: string}): string {
	return group === '' ? plural : `${plural}.${group}`;
}

export function notFound(resource: ApiResource, name: string): StatusError {
	return new StatusError('NotFound', `${qualifiedName(resource)} "${name}" not found`);
}

export function alreadyExists(resource: ApiResource, name: string): StatusError {
	return new StatusError('AlreadyExists', `${qualifiedName(resource)} "${name}" already exists`);
}

export function conflict(resource: ApiResource, name: string): StatusError {
	const again = 'the object has been modified; please apply your changes to the latest version and try again';
	return new StatusError('Conflict', `Operation cannot be fulfilled on ${qualifiedName(resource)} "${name}": ${again}`);
}

/** NewInvalid: one cause on the line, several in brackets. kubectl prints the causes its own way. */
export function invalid(resource: ApiResource, name: string, causes: readonly Cause[]): StatusError {
	const texts = causes.map(({field, message}) => `${field}: ${message}`);
	const list = texts.length === 1 ? texts[0] : `[${texts.join(', ')}]`;
	const kind = resource.group === '' ? resource.kind : `${resource.kind}.${resource.group}`;
	return new StatusError('Invalid', `${kind} "${name}" is invalid: ${list}`, {
		kind: resource.kind,
		object: name,
		causes,
	});
}
