import {isObject} from '../core/json.ts';
import type {ApplyEvent} from './events.ts';
import {areWrites} from './journal-read.ts';

type Check = (value: unknown) => boolean;

const isText = (value: unknown): value is string => typeof value === 'string';
const isNumber: Check = value => typeof value === 'number' && Number.isFinite(value);
const isTextOrNull: Check = value => value === null || isText(value);
const areTexts: Check = value => Array.isArray(value) && value.every(isText);
const isOneOf =
	(...values: readonly unknown[]): Check =>
	value =>
		values.includes(value);
const listOf =
	(check: Check): Check =>
	value =>
		Array.isArray(value) && value.every(check);
const optional =
	(check: Check): Check =>
	value =>
		value === undefined || check(value);
const objectOf =
	(fields: Readonly<Record<string, Check>>): Check =>
	value =>
		isObject(value) && Object.entries(fields).every(([name, check]) => check(value[name]));

/** The first line. */
export const isHeader = objectOf({
	at: value => isText(value) && !Number.isNaN(Date.parse(value)),
	version: isText,
	command: areTexts,
});

/** A call of a tool. */
export const isCall = objectOf({
	at: isNumber,
	argv: value => areTexts(value) && Array.isArray(value) && value.length > 0,
	stdin: optional(isText),
	exit: value => value === null || isNumber(value),
	failure: optional(isText),
	stdout: isText,
	stderr: isText,
	seconds: optional(isNumber),
});

/** Who a cluster is. */
export const isIdentity = objectOf({
	via: isOneOf('calicoctl', 'kubectl'),
	practice: value => typeof value === 'boolean',
	name: isText,
	guid: isText,
});

const isResource = objectOf({metadata: objectOf({name: isText}), spec: isObject});
const areResources = listOf(isResource);

const areWriteStates = listOf(objectOf({before: optional(isResource), after: optional(isResource)}));

/** A plan, as far as screens use it. */
export const isPlan = objectOf({
	direction: isOneOf('forward', 'back'),
	original: objectOf({
		nodes: areResources,
		bgpPeers: areResources,
		bgpConfigurations: areResources,
		ipPools: areResources,
	}),
	steps: listOf(
		objectOf({
			id: isText,
			title: isText,
			writes: value => areWrites(value) && areWriteStates(value),
		}),
	),
	warnings: areTexts,
	choice: optional(isObject),
});

const areSteps = listOf(objectOf({id: isText, title: isText}));
const isFailure = objectOf({message: isText, words: isText, next: areTexts});
const isCommand = objectOf({file: isText, args: areTexts, input: optional(isText)});
const isDirection = isOneOf('forward', 'back');
const isSession = objectOf({
	protocol: isText,
	family: isOneOf(4, 6),
	address: isText,
	type: isText,
	state: isText,
	since: isText,
	info: isText,
});
const isObservation = objectOf({
	node: isText,
	at: isNumber,
	sessions: value =>
		objectOf({known: isOneOf(true), value: listOf(isSession)})(value) ||
		objectOf({known: isOneOf(false), reason: isText})(value),
});

const areUnmeasured = listOf(objectOf({from: isText, to: isText, reason: isText}));
const isReport = objectOf({
	pairs: isNumber,
	of: isNumber,
	interval: isNumber,
	sent: isNumber,
	lost: isNumber,
	milliseconds: isNumber,
	coverage: isNumber,
	losses: listOf(objectOf({from: isText, to: isText, milliseconds: isNumber, longest: isNumber})),
	unmeasured: areUnmeasured,
	unknown: value => value === null || objectOf({rounds: isNumber, reason: isText})(value),
});

/** What screens and lines use of each event. */
const events: Readonly<Record<ApplyEvent['type'], Check>> = {
	'run-started': objectOf({direction: isDirection, steps: areSteps, journal: isTextOrNull}),
	'step-started': objectOf({direction: isDirection, step: isText, title: isText}),
	write: objectOf({
		step: isText,
		verb: isOneOf('create', 'patch', 'delete'),
		kind: isText,
		name: isText,
		state: isOneOf('started', 'done', 'already-so', 'unknown', 'failed'),
		command: isCommand,
	}),
	hold: objectOf({step: isText, action: isText, node: isText, state: isText, routes: isNumber, words: isText}),
	canary: objectOf({step: isText, node: isText, mesh: isText, state: isText, sessions: isNumber, words: isText}),
	probe: value =>
		objectOf({
			state: isOneOf('started'),
			pairs: isNumber,
			of: isNumber,
			interval: isNumber,
			oneWay: isNumber,
			unmeasured: areUnmeasured,
		})(value) ||
		objectOf({state: isOneOf('loss'), losses: listOf(isObject), milliseconds: isNumber})(value) ||
		objectOf({state: isOneOf('ended'), report: isReport})(value),
	observed: objectOf({observation: isObservation}),
	gate: objectOf({
		step: isText,
		state: isOneOf('waiting', 'met', 'failed'),
		established: isNumber,
		expected: isNumber,
		waiting: listOf(objectOf({node: isText, what: isText, reason: isText})),
		elapsed: isNumber,
		sinceProgress: isNumber,
	}),
	'step-done': objectOf({direction: isDirection, step: isText, elapsed: isNumber}),
	'step-failed': objectOf({direction: isDirection, step: isText, failure: isFailure}),
	'turned-back': objectOf({reason: isText, steps: areSteps}),
	notice: objectOf({text: isText}),
	'run-ended': objectOf({
		outcome: isOneOf('done', 'nothing-to-do', 'not-started', 'went-back', 'left', 'stopped'),
		failure: value => value === null || isFailure(value),
		left: listOf(
			objectOf({kind: isText, name: isText, reason: isText, command: value => value === null || isCommand(value)}),
		),
		journal: isTextOrNull,
	}),
};

/** An event of a run. */
export function isEvent(value: unknown): boolean {
	if (!isObject(value) || !isNumber(value.at) || !isText(value.type) || !Object.hasOwn(events, value.type))
		return false;
	return events[value.type as ApplyEvent['type']](value);
}
