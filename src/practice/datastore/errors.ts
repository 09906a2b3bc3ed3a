/** Why Calico's client refused, told apart as libcalico-go/lib/errors does; `unreadable` is the decoder's. */
export type DatastoreErrorKind =
	| 'exists'
	| 'missing'
	| 'conflict'
	| 'invalid'
	| 'unsupported'
	| 'unauthorized'
	| 'unreadable';

/** A refusal in Calico's own words (libcalico-go/lib/errors/errors.go). */
export class DatastoreError extends Error {
	override readonly name = 'DatastoreError';
	readonly kind: DatastoreErrorKind;
	/** The fields that broke a rule, where the kind is `invalid`. */
	readonly fields: readonly ErroredField[];
	constructor(kind: DatastoreErrorKind, message: string, fields: readonly ErroredField[] = []) {
		super(message);
		this.kind = kind;
		this.fields = fields;
	}
}

/** Something the real tool can do and the practice cluster cannot. It must never be answered with something plausible. */
export class NotModelledError extends Error {
	override readonly name = 'NotModelledError';
	constructor(what: string) {
		super(`the practice cluster does not know ${what}`);
	}
}

/** One field that broke a rule. */
export type ErroredField = {readonly name: string; readonly value?: string; readonly reason: string};

/** The error for fields that broke a rule: one on the line, several below each other. */
export function invalidFields(fields: readonly ErroredField[]): DatastoreError {
	const [first] = fields;
	if (first && fields.length === 1) {
		return new DatastoreError('invalid', `error with field ${fieldText(first)}`, fields);
	}
	const lines = fields.map(field => `-  ${fieldText(field)}\n`);
	return new DatastoreError('invalid', `error with the following fields:\n${lines.join('')}`, fields);
}

function fieldText({name, value, reason}: ErroredField): string {
	return value === undefined ? `${name} (${reason})` : `${name} = '${value}' (${reason})`;
}

export function missing(kind: string, name: string): DatastoreError {
	// etcd's answer carries no error of its own, so Go prints <nil>.
	return new DatastoreError('missing', `resource does not exist: ${kind}(${name}) with error: <nil>`);
}

export function alreadyExists(kind: string, name: string): DatastoreError {
	return new DatastoreError('exists', `resource already exists: ${kind}(${name}) with error: <nil>`);
}

export function updateConflict(kind: string, name: string): DatastoreError {
	return new DatastoreError('conflict', `update conflict: ${kind}(${name})`);
}
