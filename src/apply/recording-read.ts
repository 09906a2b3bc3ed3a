import type {ClusterIdentity} from '../cluster/port.ts';
import type {RecordedCall} from '../cluster/recorder.ts';
import {isObject, type JsonObject} from '../core/json.ts';
import type {Plan} from '../core/plan/types.ts';
import {UserError} from '../core/user-error.ts';
import {type ApplyEvent, schemaVersion} from './events.ts';
import type {RecordingHeader} from './recording.ts';
import {isCall, isEvent, isHeader, isIdentity, isPlan} from './recording-shape.ts';

/** What a recording holds. */
export type Recorded = {
	/** Null in a transcript that this program did not begin. */
	readonly header: RecordingHeader | null;
	readonly cluster: ClusterIdentity | null;
	/** The run's; null where nothing was run. */
	readonly plan: Plan | null;
	readonly events: readonly ApplyEvent[];
	readonly calls: readonly RecordedCall[];
	/** The last line was cut off in the middle of writing it. */
	readonly isTorn: boolean;
};

/**
 * Understands a recording, or a transcript of tool calls alone. A last line cut off is what a killed process leaves.
 * @throws UserError (exit code 1) naming the line that is not as written.
 */
export function parseRecording(text: string, path: string): Recorded {
	const lines = text.split('\n');
	const last = lines.pop() ?? '';
	let recorded: Recorded = {header: null, cluster: null, plan: null, events: [], calls: [], isTorn: false};
	// Grown in place: a spread for each of many thousand lines would be felt.
	const events: ApplyEvent[] = [];
	const calls: RecordedCall[] = [];
	const take = (value: unknown, number: number): void => {
		if (!isObject(value)) throw damaged(path, number, 'it is no JSON object');
		const what = shapeFault(value, number, recorded);
		if (what !== undefined) throw damaged(path, number, what);
		// The fields that are used were looked at just now.
		switch (value.type) {
			case 'recording':
				recorded = {...recorded, header: value as unknown as RecordingHeader};
				break;
			case 'cluster':
				recorded = {...recorded, cluster: value.cluster as unknown as ClusterIdentity};
				break;
			case 'plan':
				recorded = {...recorded, plan: value.plan as unknown as Plan};
				break;
			case 'event':
				events.push(value.event as unknown as ApplyEvent);
				break;
			default:
				calls.push(value as unknown as RecordedCall);
		}
	};
	for (const [index, line] of lines.entries()) take(parseLine(line, index + 1, path), index + 1);
	const isWhole = last !== '' && isJson(last);
	if (isWhole) take(JSON.parse(last), lines.length + 1);
	if (!recorded.header && calls.length === 0) throw damaged(path, 1, 'there is no call of a tool in it');
	return {...recorded, events, calls, isTorn: last !== '' && !isWhole};
}

function parseLine(line: string, number: number, path: string): unknown {
	if (!isJson(line)) throw damaged(path, number, 'it is not JSON');
	return JSON.parse(line);
}

function isJson(text: string): boolean {
	try {
		JSON.parse(text);
		return true;
	} catch {
		return false;
	}
}

/** What is wrong with a line, as the end of a sentence; undefined where nothing is. */
function shapeFault(value: JsonObject, number: number, {plan}: Recorded): string | undefined {
	switch (value.type) {
		case 'recording':
			if (number !== 1) return 'a second recording begins there';
			if (value.schemaVersion !== schemaVersion)
				return `it was written by another version of this program (schema ${value.schemaVersion}, not ${schemaVersion})`;
			return isHeader(value) ? undefined : 'it is no beginning of a recording';
		case 'cluster':
			return isIdentity(value.cluster) ? undefined : 'it does not say which cluster it is';
		case 'plan':
			if (plan) return 'it is the plan of a second run';
			return isPlan(value.plan) ? undefined : 'it is no plan';
		case 'event':
			if (!plan) return 'it belongs to a run whose plan is not there';
			return isEvent(value.event) ? undefined : 'it is no event of a run';
		case undefined:
			return isCall(value) ? undefined : 'it is no call of a tool';
		default:
			return `nothing called '${value.type}' is known`;
	}
}

function damaged(path: string, line: number, what: string): UserError {
	return new UserError(`The recording ${path} cannot be shown: line ${line}: ${what}.`, {
		exitCode: 1,
		next: ['A recording is made with: calico-rr-wizard record -- COMMAND'],
	});
}
