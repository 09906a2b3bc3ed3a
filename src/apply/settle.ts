import {ClusterError} from '../cluster/errors.ts';
import type {Cluster} from '../cluster/port.ts';
import {equalJson} from '../core/json.ts';
import type {WrittenResource} from '../core/resources.ts';
import {fieldAt, fieldChanges, type Write} from '../core/write.ts';

/** How a resource stands to a write: as before it, as after it, gone, or changed by somebody else. */
export type Standing =
	| {readonly state: 'before'}
	| {readonly state: 'after'}
	| {readonly state: 'other'; readonly words: string};

/** Reads the resource anew and compares the fields that the write touches, and no others. */
export async function lookAt(cluster: Cluster, write: Write, signal?: AbortSignal): Promise<Standing> {
	return standing(write, await cluster.readResource(write.kind, write.name, signal));
}

/** Compares a resource as it is with what a write expects to find and to leave. */
export function standing(write: Write, found: WrittenResource | undefined): Standing {
	const id = `${write.kind} ${write.name}`;
	switch (write.verb) {
		case 'create':
			if (!found) return {state: 'before'};
			return holds(found, write.after)
				? {state: 'after'}
				: {state: 'other', words: `${id} exists and says something else.`};
		case 'delete':
			return found ? {state: 'before'} : {state: 'after'};
		case 'patch': {
			if (!found) return {state: 'other', words: `${id} does not exist any more.`};
			const changes = fieldChanges(write.before, write.after);
			if (changes.every(change => equalJson(fieldAt(found, change.path), change.after))) return {state: 'after'};
			const foreign = changes.filter(change => !equalJson(fieldAt(found, change.path), change.before));
			if (foreign.length === 0) return {state: 'before'};
			return {
				state: 'other',
				words: foreign
					.map(
						change =>
							`${id}: ${change.path.join('.')} is ${say(fieldAt(found, change.path))}, not ${say(change.before)} as when the plan was made.`,
					)
					.join(' '),
			};
		}
	}
}

/** Whether everything that was to be created is there; the server may have added its own fields. */
function holds(found: WrittenResource, wanted: WrittenResource): boolean {
	return fieldChanges({...wanted.spec}, {...found.spec}).every(change => change.before === undefined);
}

function say(value: unknown): string {
	return value === undefined ? 'absent' : JSON.stringify(value);
}

/** Our sentence and the tool's words about anything that was thrown by a cluster's method. Other errors are bugs and go on. */
export function describeFailure(error: unknown): {
	readonly message: string;
	readonly words: string;
	readonly next: readonly string[];
	readonly settled: boolean;
} {
	if (!(error instanceof ClusterError)) throw error;
	const {words, next, settled} = error.detail;
	return {message: error.message, words, next, settled};
}
